import { multiply } from "@sonde/core";
import { type Bias, drawBias, isZeroBias } from "./bias.js";
import { layerInput } from "./layer-input.js";
import { orthogonal } from "./orthogonal.js";
import type { Initialiser } from "./types.js";

/**
 * Layer-sequential unit variance: orthogonal weights, scaled so that x W has variance 1 over the given layer input x.
 *
 * W = Q / sd(x Q), Q as in `orthogonal`; the variance is the population variance of all entries of x Q about their common mean, over points,
 * positions and units. As x W is linear in W one step is exact, where the authors divide until a tolerance is met. The bias (default zero) is
 * added afterwards and not counted. Where x Q does not vary (a dead layer before it, or a single value) the weights stay orthogonal.
 *
 * Needs `context.layerInput`. Source: Mishkin, Matas, *All you need is a good init*, ICLR 2016, algorithm 1.
 *
 * @example
 * const layerInput = matrixFromRows([[1], [5]]);
 * lsuv().draw(stream(0), { kernel: [], inputs: 1, outputs: 1 }, { layerInput }).weights.data.map(Math.abs) // [0.5]
 */
export function lsuv({ bias = { kind: "zeros" } }: { readonly bias?: Bias } = {}): Initialiser {
  const start = orthogonal();
  return {
    name: "lsuv",
    symmetry: isZeroBias(bias) ? "units" : "none",
    zeroBias: isZeroBias(bias),
    needsInput: true,
    draw: (random, shape, context) => {
      const input = layerInput("lsuv", shape, context);
      const { weights } = start.draw(random, shape);
      const scale = 1 / (standardDeviation(multiply(input, weights).data) || 1);
      for (let k = 0; k < weights.data.length; k++) weights.data[k] *= scale;
      const entry = { distribution: "normal", variance: (scale * scale) / Math.max(weights.rows, weights.cols) } as const;
      return { weights, bias: drawBias(bias, entry, random, shape.outputs) };
    },
  };
}

/**
 * Population standard deviation, taken relative to the largest value so that squares of tiny signals do not underflow; 0 where the values
 * differ by no more than rounding.
 */
function standardDeviation(values: Float64Array): number {
  let largest = 0;
  let mean = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  for (const value of values) mean += value / largest / values.length;
  let variance = 0;
  for (const value of values) {
    const deviation = value / largest - mean;
    variance += (deviation * deviation) / values.length;
  }
  return variance < 1e-28 ? 0 : largest * Math.sqrt(variance);
}
