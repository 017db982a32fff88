import { ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { axisOf, count, gathered, stridesOf, type Tensor, zeros } from "../tensor.js";

/** Its inputs one after the other along an axis. */
export interface ConcatLayer {
  readonly kind: "concat";
  /** Default -1, the channels where they come last. */
  readonly axis?: number;
}

export const concat: LayerKind<ConcatLayer> = {
  takes: [1, Number.POSITIVE_INFINITY],
  shape({ axis = -1 }, inputs) {
    const [first] = inputs;
    const at = axisOf(axis, first.length);
    const other = inputs.find((shape) => shape.length !== first.length || shape.some((size, k) => k !== at && size !== first[k]));
    if (other)
      throw new ShapeError(`it joins [${other.join(", ")}] to [${first.join(", ")}]: only the sizes along axis ${at} may differ`);
    return first.map((size, k) => (k === at ? inputs.reduce((sum, shape) => sum + shape[at], 0) : size));
  },
  forward(layer, inputs) {
    const shape = concat.shape(
      layer,
      inputs.map((x) => x.shape),
    );
    const result = zeros(shape);
    const at = axisOf(layer.axis ?? -1, shape.length);
    const whole = count(shape.slice(at));
    let start = 0;
    for (const { shape: own, data } of inputs) {
      const part = count(own.slice(at));
      for (let o = 0; o * part < data.length; o++) result.data.set(data.subarray(o * part, (o + 1) * part), o * whole + start);
      start += part;
    }
    return result;
  },
  gradient({ axis = -1 }, { inputs, error }) {
    const at = axisOf(axis, error.shape.length);
    const strides = stridesOf(error.shape);
    let start = 0;
    return {
      inputs: inputs.map(({ shape }): Tensor => {
        const part = gathered(error.data, shape, strides, start);
        start += shape[at] * strides[at];
        return part;
      }),
    };
  },
};
