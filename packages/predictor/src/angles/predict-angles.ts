import { log, sin } from "@sonde/core/math";
import { angleMap } from "@sonde/infinite-width/angles";
import { defaultQuantiles } from "@sonde/metrics-correlation";
import { type Architecture, size } from "@sonde/nets";
import { type AngleDistribution, angleChain } from "./chain.js";
import { distributionMoments, distributionQuantiles } from "./distribution.js";
import { type InputAnglesOptions, inputAngles } from "./input-angles.js";
import type { AngleLaw } from "./layer-law.js";
import { predictableChain } from "./predictable.js";
import { type PublishedForm, publishedChain } from "./published.js";
import type { StepLaw } from "./step-law.js";
import { isTabulated } from "./tabulated.js";

export interface PredictAnglesOptions extends InputAnglesOptions {
  /** The finite-width law, see `layerLaw`. Default `tabulated` for ReLU and slopes up to 0.3, else `matched`. */
  readonly law?: AngleLaw;
  /** Probabilities, in [0, 1], at which quantiles are given. Default 0.05, 0.16, 0.5, 0.84, 0.95. */
  readonly quantiles?: readonly number[];
  /** Form of the published update, or that it is left out, which saves most of the time where there are many pairs. Default `full`. */
  readonly published?: PublishedForm | "none";
  /** Widths of the published update: the hidden ones, or as in its authors' script the input's first and the last hidden one left out. Default `hidden`. */
  readonly publishedWidths?: "hidden" | "authors";
}

/** What three theories say of ln sin^2 theta at a hidden layer; for several pairs, of a random one. */
export interface PredictedLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** Averages over pairs. */
  readonly infiniteWidth: { readonly angle: number; readonly logSin2: number };
  /** Given that the pair is not degenerate, beside the probability that it is, in this layer or before. NaN where all pairs are. */
  readonly finiteWidth: {
    readonly mean: number;
    readonly sd: number;
    readonly degenerate: number;
    readonly quantiles: readonly { readonly probability: number; readonly value: number }[];
  };
  /** Absent where it was not asked for, for other activations than ReLU, and from a layer of width 1 on. */
  readonly published?: { readonly mean: number; readonly sd: number };
}

/** What a prediction is of. */
export interface PredictionRun {
  readonly law: AngleLaw;
  readonly pairs: number;
  /** The angle of the two inputs; for data that of the first pair that is not degenerate. */
  readonly theta0: number;
  /** The probabilities of the quantiles. */
  readonly quantiles: readonly number[];
}

export interface AnglePrediction extends PredictionRun {
  readonly layers: readonly PredictedLayer[];
}

/**
 * Predicts ln sin^2 of the angle between two inputs through the hidden layers of a random network, without drawing any: at infinite width, at its own widths (mean, standard deviation,
 * quantiles, probability of a degenerate pair), and as published.
 *
 * @throws ConfigError for an architecture whose angles are not predicted, DomainError for inputs without an angle or outside (0, pi]
 * @see Jakub and Nica, arXiv 2306.01513; `angleChain` gives the whole law
 *
 * @example
 * const { layers } = predictAngles(mlp("10-16x50-1"));
 * layers[49].finiteWidth.mean // -10.49...
 * layers[49].published?.mean // -20.337...
 * layers[49].infiniteWidth.logSin2 // -3.7243...
 */
export function predictAngles(architecture: Architecture, options: PredictAnglesOptions = {}): AnglePrediction {
  const { layers, ...run } = growPrediction(architecture, options);
  return { layers: [...layers], ...run };
}

/** The same with layers that are computed one after the other, so that a long prediction can be watched and left early. */
export function growPrediction(
  architecture: Architecture,
  options: PredictAnglesOptions = {},
): PredictionRun & { readonly layers: Iterable<PredictedLayer> } {
  const { slope, widths } = predictableChain(architecture);
  const {
    law = isTabulated(slope) ? "tabulated" : "matched",
    quantiles = defaultQuantiles,
    published,
    publishedWidths = "hidden",
  } = options;
  const { angles, pairs } = inputAngles(architecture, slope, options);
  const theirs = publishedWidths === "hidden" ? widths : [size(architecture.input), ...widths.slice(0, -1)];
  const narrow = theirs.findIndex((width) => width < 2);
  const known = slope !== 0 || published === "none" ? [] : narrow < 0 ? theirs : theirs.slice(0, narrow);
  return {
    layers: predictedLayers({
      finite: angleChain(angles, widths, { law, slope }),
      infinite: infiniteAverages(angles, slope),
      published: publishedAverages(angles, known, published === "none" ? undefined : published),
      collinear: 1 - angles.length / pairs,
      quantiles,
    }),
    law,
    pairs,
    theta0: angles[0],
    quantiles,
  };
}

function* predictedLayers(theories: {
  readonly finite: Iterable<AngleDistribution>;
  readonly infinite: Iterator<PredictedLayer["infiniteWidth"]>;
  readonly published: Iterator<{ readonly mean: number; readonly sd: number }>;
  readonly collinear: number;
  readonly quantiles: readonly number[];
}): Generator<PredictedLayer, void> {
  for (const distribution of theories.finite) {
    const published = theories.published.next();
    const values = distributionQuantiles(distribution, theories.quantiles);
    yield {
      layer: distribution.layer,
      infiniteWidth: theories.infinite.next().value,
      finiteWidth: {
        ...distributionMoments(distribution),
        degenerate: theories.collinear + (1 - theories.collinear) * distribution.degenerate,
        quantiles: theories.quantiles.map((probability, k) => ({ probability, value: values[k] })),
      },
      ...(!published.done && { published: published.value }),
    };
  }
}

function* infiniteAverages(theta0: readonly number[], slope: number): Generator<PredictedLayer["infiniteWidth"], never> {
  let angles = theta0;
  while (true) {
    angles = angles.map((theta) => angleMap(theta, slope));
    yield { angle: average(angles), logSin2: average(angles.map((theta) => 2 * log(sin(theta)))) };
  }
}

/** Mean and standard deviation of a mixture of the published laws. */
function* publishedAverages(theta0: readonly number[], widths: readonly number[], form?: PublishedForm) {
  const chains = theta0.map((theta) => publishedChain(theta, widths, form));
  for (const _ of widths) {
    const laws = chains.map((chain) => chain.next().value as StepLaw);
    const mean = average(laws.map((law) => law.mean));
    yield { mean, sd: Math.sqrt(average(laws.map((law) => law.variance + (law.mean - mean) * (law.mean - mean)))) };
  }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
