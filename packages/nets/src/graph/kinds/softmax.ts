import { exp, log } from "@sonde/core/math";
import type { LayerKind } from "../layer-kind.js";
import { axisOf, count, type Tensor } from "../tensor.js";

/** e^x_i / sum e^x_j along an axis, or the logarithm of it. */
export interface SoftmaxLayer {
  readonly kind: "softmax";
  /** Default -1. */
  readonly axis?: number;
  /** Whether all axes from there on are one, as operator sets of ONNX before 13 have it. */
  readonly flattened?: boolean;
  readonly log?: boolean;
  /** Whether entry j of row i counts only for j <= i, rows being along the axis before the last: attention that sees no later step. Of the last axis. */
  readonly causal?: boolean;
}

export const softmax: LayerKind<SoftmaxLayer> = {
  shape({ axis = -1 }, [input]) {
    axisOf(axis, input.length);
    return input;
  },
  forward(layer, [x]) {
    const data = new Float64Array(x.data.length);
    eachLine(layer, x, (start, all, step) => {
      const rows = x.shape[x.shape.length - 2];
      const length = layer.causal ? Math.min(all, ((start / all) % rows) + 1) : all;
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = 0, at = start; k < length; k++, at += step) largest = Math.max(largest, x.data[at]);
      let sum = 0;
      for (let k = 0, at = start; k < length; k++, at += step) {
        data[at] = exp(x.data[at] - largest);
        sum += data[at];
      }
      const shift = layer.log ? largest + log(sum) : 0;
      for (let k = 0, at = start; k < length; k++, at += step) data[at] = layer.log ? x.data[at] - shift : data[at] / sum;
    });
    return { shape: x.shape, data };
  },
  gradient(layer, { inputs: [x], output, error }) {
    const data = new Float64Array(x.data.length);
    eachLine(layer, x, (start, length, step) => {
      let along = 0;
      for (let k = 0, at = start; k < length; k++, at += step) along += error.data[at] * (layer.log ? 1 : output.data[at]);
      for (let k = 0, at = start; k < length; k++, at += step)
        data[at] = layer.log ? error.data[at] - exp(output.data[at]) * along : output.data[at] * (error.data[at] - along);
    });
    return { inputs: [{ shape: x.shape, data }] };
  },
};

function eachLine(
  { axis = -1, flattened }: SoftmaxLayer,
  { shape, data }: Tensor,
  call: (start: number, length: number, step: number) => void,
): void {
  const at = axisOf(axis, shape.length);
  const length = flattened ? count(shape.slice(at)) : shape[at];
  const step = flattened ? 1 : count(shape.slice(at + 1));
  for (let outer = 0; outer < data.length; outer += length * step)
    for (let inner = 0; inner < step; inner++) call(outer + inner, length, step);
}
