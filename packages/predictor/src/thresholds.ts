/**
 * When a network is called at risk or degenerate. One table for the whole project; logarithms are natural. Within the range of the calibration P(fails to train) decides (`judge`), and the rest says what it comes of; outside, the worst
 * finding decides.
 *
 * | measurement | at-risk | degenerate |
 * |---|---|---|
 * | P(fails to train) by Adam | above 20 % | above 60 % |
 * | P(fails to train) by momentum | above 50 % | |
 * | P(fails to train) by Adam, where it is not known what is to be learned and nothing else was found | | above 80 % |
 * | P(born dead) | above 1 % | above 10 % |
 * | degenerate pairs of points at the last layer, of those that the inputs tell apart | above 10 % | above 25 % |
 * | mean ln sin^2 theta at the last layer | below -6 | below -20 |
 * | effective nodes (1 / VNI) at the last layer, of four units or more | below 2, or 3/4 of the inputs' own effective dimensions | below 1.2, or as much less |
 * | ln variance over the points at the last layer, over the inputs' | below -10 or above 5 | below -25 or above 10 |
 * | ln of the largest value | | above 88.7 (float32) |
 * | share of saturated values in some layer | above 50 % | above 90 % |
 * | linear share of every layer whose activation bends | above 1 - 1e-5 | |
 * | share of dead units in some layer, on 32 points or more | above 70 % | |
 * | share of outputs that are dead | above 1 % | above 10 % |
 * | cross-entropy at the start, over that of a constant prediction | above 15 | |
 * | ln mean square of the gradient by activations, first hidden layer over last, in size | above 10 | above 25 |
 * | ln of the root mean square of dL/dW, largest hidden layer less smallest | above 3 | above 5 |
 * | ln of the root mean square of dL/dW for one point and errors of size 1, in the largest hidden layer | | below ln 1e-8 |
 * | the variance of the signal at the last layer | below 1 % of its power | |
 * | effective rank of the signal at the last layer, of inputs with 3 or more | below 1.15 | |
 * | chi, noise over signal, at the last layer, growing exponentially | above e^4.6 = 100 | |
 * | root mean square of the inputs, where no norm follows the first weights | below 0.01 or above 20 | |
 * | the share of the inputs' power that is their mean | above 99 % | |
 * | columns that carry the variance of the inputs, of many that differ by a factor of 100 | fewer than 2.5, or a twentieth | |
 */
export const thresholds = {
  failure: { atRisk: 0.2, degenerate: 0.6, momentum: 0.5, blind: 0.8 },
  bornDead: { atRisk: 0.01, degenerate: 0.1 },
  degeneratePairs: { atRisk: 0.1, degenerate: 0.25 },
  logSin2: { atRisk: -6, degenerate: -20 },
  effectiveNodes: { atRisk: 2, degenerate: 1.2, ofInputs: 0.75 },
  logSpread: { vanishing: { atRisk: -10, degenerate: -25 }, exploding: { atRisk: 5, degenerate: 10 } },
  logLargest: { float32: 88.7, float16: 11.09 },
  saturated: { atRisk: 0.5, degenerate: 0.9 },
  linear: { atRisk: 1 - 1e-5 },
  deadUnits: { atRisk: 0.7, points: 32 },
  deadOutputs: { atRisk: 0.01, degenerate: 0.1 },
  crossEntropy: { atRisk: 15 },
  gradients: { ratio: { atRisk: 10, degenerate: 25 }, weightSpread: { atRisk: 3, degenerate: 5 }, smallest: -18.42 },
  signal: { inputRank: 3, logChi: 4.6, effectiveRank: 1.15 },
  inputs: { small: 0.01, large: 20, meanShare: 0.99, uneven: 100, columns: 2.5, columnShare: 0.05 },
} as const;
