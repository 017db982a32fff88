import { addRunning, type Matrix, mergeRunning, type Running, running } from "@sonde/core";
import { log } from "@sonde/core/math";
import type { Metric } from "@sonde/nets";

/** The logarithm of the variance over the points that a layer passes on. */
interface SpreadTrace {
  logVariance: number;
}

/**
 * The variance over the points, averaged over the units, of the last hidden layer, over the same of the inputs:
 *
 *     ln (mean_j Var_p h_j(x_p) / mean_i Var_p x_pi)
 *
 * so that an output layer of variance 1 / fan_in has a variance over the inputs of e^(that) of theirs. Averaged over the networks that are not constant on the points.
 */
export const spread: Metric<{ readonly inputs: Matrix }, SpreadTrace, Running> = {
  name: "spread",
  trace: () => ({ logVariance: Number.NEGATIVE_INFINITY }),
  observe(trace, { layer, exponent, activations }, { layers }) {
    if (layer === layers) trace.logVariance = log(meanVariance(activations())) + 2 * exponent * Math.LN2;
  },
  empty: running,
  fold(state, { logVariance }, { options: { inputs } }) {
    const change = logVariance - log(meanVariance(inputs));
    if (Number.isFinite(change)) addRunning(state, change);
  },
  merge: mergeRunning,
};

/** The population variance over the rows, averaged over the columns; exactly 0 where all rows are equal. */
function meanVariance({ rows, cols, data }: Matrix): number {
  let total = 0;
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    let squares = 0;
    // Relative to the first row, so that constant columns give exact zeros.
    for (let p = 0; p < rows; p++) {
      const deviation = data[p * cols + j] - data[j];
      sum += deviation;
      squares += deviation * deviation;
    }
    total += (squares - (sum * sum) / rows) / rows;
  }
  return total / cols;
}
