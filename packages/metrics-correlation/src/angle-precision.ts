import { angleBetween, type Matrix, row } from "@sonde/core";
import { log } from "@sonde/core/math";
import { type Architecture, hiddenLayers, type Precision, size } from "@sonde/nets";
import type { Pair } from "./pairs.js";

/** ln sin^2 theta down to which angles keep some digits: theta about 1e-4 in float32 and 1e-11 in float64. */
const resolved = { float32: -18, float64: -50 };

/**
 * How finely a run must tell points apart so that the angles of almost all its networks are right: from the smallest angle of the inputs and the random walk of ln sin^2 theta in ReLU networks, which has
 * mean -2/n - 16/n^2 and variance 8/n + 80/n^2 in a layer of n units (at most 1.4 and 6.6), beside the drift at infinite width.
 */
export function anglePrecision(architecture: Architecture, inputs: Matrix, pairs: readonly Pair[]): Precision {
  const widths = hiddenLayers(architecture).map(({ shape }) => size(shape));
  const sum = (term: (n: number) => number) => widths.reduce((total, n) => total + term(n), 0);
  const drift = sum((n) => Math.min(1.4, 2 / n + 16 / (n * n)));
  const variance = sum((n) => Math.min(6.6, 8 / n + 80 / (n * n)));
  const infinitelyWide = 2 * log(1 + widths.length / 10);
  const deepest = smallest(inputs, pairs) - infinitelyWide - drift - 4 * Math.sqrt(variance);
  if (deepest >= resolved.float32 && inputs.rows > 16) return "float32";
  return deepest >= resolved.float64 || inputs.rows > 2 ? "float64" : "difference";
}

/** The least ln sin^2 of a pair of inputs that is not collinear. */
function smallest(inputs: Matrix, pairs: readonly Pair[]): number {
  let least = 0;
  for (const [i, j] of pairs) {
    const angle = angleBetween(row(inputs, i), row(inputs, j));
    if (angle && Number.isFinite(angle.logSin2)) least = Math.min(least, angle.logSin2);
  }
  return least;
}
