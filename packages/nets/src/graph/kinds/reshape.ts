import { ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { axisOf, count } from "../tensor.js";

/** The same values under another shape. */
export interface ReshapeLayer {
  readonly kind: "reshape";
  /** The shape, that of the points included: 0 leaves the size at its place, and one -1 is what is left. */
  readonly shape: readonly number[];
}

/** All axes from `axis` on as one; values keep their order. */
export interface FlattenLayer {
  readonly kind: "flatten";
  /** Default 1. */
  readonly axis?: number;
}

export const reshape: LayerKind<ReshapeLayer> = {
  shape({ shape }, [input]) {
    const kept = shape.map((size, axis) => (size === 0 ? (input[axis] ?? 0) : size));
    const rest = kept.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const found = kept.map((size) => (size === -1 ? count(input) / rest : size));
    if (count(found) !== count(input) || !found.every((size) => Number.isInteger(size) && size >= 0))
      throw new ShapeError(`[${input.join(", ")}] has ${count(input)} values, which do not fit [${shape.join(", ")}]`);
    return found;
  },
  forward: (layer, [x]) => ({ shape: reshape.shape(layer, [x.shape]), data: x.data }),
  gradient: (_layer, { inputs: [x], error }) => ({ inputs: [{ shape: x.shape, data: error.data }] }),
};

export const flatten: LayerKind<FlattenLayer> = {
  shape: ({ axis = 1 }, [input]) => {
    const at = axis === input.length ? axis : axisOf(axis, input.length);
    return [count(input.slice(0, at)), count(input.slice(at))];
  },
  forward: (layer, [x]) => ({ shape: flatten.shape(layer, [x.shape]), data: x.data }),
  gradient: (_layer, { inputs: [x], error }) => ({ inputs: [{ shape: x.shape, data: error.data }] }),
};
