/**
 * When a measurement is called a pathology, until calibrated on the outcomes of training. One table for the whole project.
 *
 * | measurement | at-risk | degenerate |
 * |---|---|---|
 * | P(born dead) | above 1 % | above 10 % |
 * | degenerate pairs of points at the last layer | | above 10 % |
 * | mean ln sin^2 theta at the last layer | below -6 | |
 * | effective nodes (1 / VNI) at the last layer, of four units or more | | below 2, or 3/4 of the inputs' own effective dimensions |
 * | the variance of the signal at the last layer | below 1 % of its power | |
 * | effective rank of the signal at the last layer, of inputs with 3 or more | below 1.5 | |
 * | chi, noise over signal, at the last layer, growing exponentially | above e^4.6 = 100 | |
 */
export const thresholds = {
  bornDead: { atRisk: 0.01, degenerate: 0.1 },
  degeneratePairs: { degenerate: 0.1 },
  logSin2: { atRisk: -6 },
  effectiveNodes: { degenerate: 2, ofInputs: 0.75 },
  signal: { inputRank: 3, logChi: 4.6 },
} as const;
