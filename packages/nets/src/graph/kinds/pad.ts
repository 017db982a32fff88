import { ShapeError } from "@sonde/core";
import type { LayerKind } from "../layer-kind.js";
import { count, stridesOf, type Tensor, zeros } from "../tensor.js";

/** Entries added before and after each axis (taken away where negative). */
export interface PadLayer {
  readonly kind: "pad";
  /** `[...before, ...after]`, for all axes, that of the points too. */
  readonly pads: readonly number[];
  /** What is added: `value` (`constant`, default), the mirror image without (`reflect`) or with the border (`symmetric`), the border (`edge`), or the other end (`wrap`). */
  readonly mode?: "constant" | "reflect" | "symmetric" | "edge" | "wrap";
  /** Default 0. */
  readonly value?: number;
}

export const pad: LayerKind<PadLayer> = {
  shape({ pads }, [input]) {
    if (pads.length !== 2 * input.length)
      throw new ShapeError(
        `[${input.join(", ")}] needs ${2 * input.length} pads, before and after each axis, got ${pads.length}`,
      );
    const shape = input.map((size, axis) => size + pads[axis] + pads[axis + input.length]);
    if (shape.some((size) => size < 0))
      throw new ShapeError(`pads [${pads.join(", ")}] take away more than [${input.join(", ")}] has`);
    return shape;
  },
  forward(layer, [x]) {
    const result = zeros(pad.shape(layer, [x.shape]));
    const { value = 0 } = layer;
    eachSource(layer, x.shape, result.shape, (to, from) => {
      result.data[to] = from < 0 ? value : x.data[from];
    });
    return result;
  },
  gradient(layer, { inputs: [x], error }) {
    const back: Tensor = zeros(x.shape);
    eachSource(layer, x.shape, error.shape, (to, from) => {
      if (from >= 0) back.data[from] += error.data[to];
    });
    return { inputs: [back] };
  },
};

/** Where every value of the output comes from; -1 for what is added. */
function eachSource(
  { pads, mode = "constant" }: PadLayer,
  from: readonly number[],
  shape: readonly number[],
  call: (to: number, from: number) => void,
): void {
  const strides = stridesOf(from);
  const sources = shape.map((size, axis) =>
    Int32Array.from({ length: size }, (_, k) => {
      const at = source(k - pads[axis], from[axis], mode);
      return at < 0 ? -1 : at * strides[axis];
    }),
  );
  const total = count(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let to = 0; to < total; to++) {
    let at = 0;
    for (let axis = 0; axis < shape.length && at >= 0; axis++) {
      const own = sources[axis][index[axis]];
      at = own < 0 ? -1 : at + own;
    }
    call(to, at);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
}

function source(position: number, size: number, mode: PadLayer["mode"]): number {
  if (position >= 0 && position < size) return position;
  if (mode === "constant" || size === 0) return -1;
  if (mode === "edge") return position < 0 ? 0 : size - 1;
  if (mode === "wrap") return ((position % size) + size) % size;
  const period = mode === "reflect" ? Math.max(1, 2 * size - 2) : 2 * size;
  const at = ((position % period) + period) % period;
  return at < size ? at : period - (mode === "reflect" ? 0 : 1) - at;
}
