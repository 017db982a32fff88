import { type Estimate, type QuantileSketch, runningEstimate, runningSd, sketchQuantiles } from "@sonde/core";
import type { Drawn, Executor } from "@sonde/nets";
import type { AnglesState } from "./metric.js";

export interface AnglesLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** ln sin^2 theta, averaged over networks and their non-degenerate pairs; `sd` is its spread over both. NaN if every pair is degenerate. */
  readonly logSin2: Estimate & { readonly sd: number };
  /** Quantiles of ln sin^2 theta over the same networks and pairs, see `sketchQuantiles` for their rounding; empty if none were asked for or there is no such pair. */
  readonly quantiles: readonly AngleQuantile[];
  /** theta in radians, over the same pairs. */
  readonly angle: Estimate;
  /** cos theta, over the same pairs. */
  readonly cosine: Estimate;
  /** Pearson's correlation over the units of the layer, over the same pairs where it exists (no vector constant). */
  readonly correlation: Estimate;
  /** The fraction of pairs that are degenerate in this layer or before: a point is zero, or the two lie on one ray from 0. Pairs that were so at the input are not measured. */
  readonly degenerate: number;
  readonly degenerateEstimate: Estimate;
}

/** A quantile of ln sin^2 theta. The interval lies between the quantiles at p -+ 1.96 sqrt(p (1 - p) / networks), the standard error is that of its length. */
export interface AngleQuantile extends Estimate {
  readonly probability: number;
}

export interface AnglesRecord {
  readonly layers: readonly AnglesLayer[];
  readonly networks: number;
  readonly pairs: number;
  /** How layers were drawn, and by what. */
  readonly method: Drawn;
  readonly executor: Executor;
  readonly interrupted: boolean;
}

/** The estimates behind a finished state, with quantiles at these probabilities where they were kept. */
export function anglesRecord(
  state: AnglesState,
  run: Pick<AnglesRecord, "networks" | "method" | "executor" | "interrupted">,
  quantiles: readonly number[] = [],
): AnglesRecord {
  const layers = state.layers.map((layer, l) => ({
    layer: l + 1,
    logSin2: { ...runningEstimate(layer.logSin2), sd: runningSd(layer.spread) },
    quantiles: quantileEstimates(layer.sketch, layer.logSin2.count, quantiles),
    angle: runningEstimate(layer.angle),
    cosine: runningEstimate(layer.cosine),
    correlation: runningEstimate(layer.correlation),
    degenerate: layer.degenerate.sum / layer.degenerate.count,
    degenerateEstimate: runningEstimate(layer.degenerate),
  }));
  return { layers, pairs: state.pairs, ...run };
}

/** Quantiles with intervals that hold for any law: pairs of one network may be as dependent as they like. */
function quantileEstimates(sketch: QuantileSketch, networks: number, probabilities: readonly number[]): AngleQuantile[] {
  if (sketch.count === 0) return [];
  return probabilities.map((probability) => {
    const reach = normal95 * Math.sqrt((probability * (1 - probability)) / networks);
    const around = [probability, Math.max(0, probability - reach), Math.min(1, probability + reach)];
    const [value, low, high] = sketchQuantiles(sketch, around);
    return { probability, value, standardError: (high - low) / (2 * normal95), low, high, networks };
  });
}

/** Half the length of the 95 % interval of the standard normal law. */
const normal95 = 1.959963984540054;
