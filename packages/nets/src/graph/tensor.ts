import { ShapeError } from "@sonde/core";

/** Values of all points at one place of a graph, row-major; which axis holds the points, and which the channels, is the graph's affair. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The number of values in a shape. */
export function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float64Array(count(shape)) };
}

/** How far apart in a row-major array neighbours along each axis lie. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** An axis counted from the end where it is negative; throws `ShapeError` where there is none. */
export function axisOf(axis: number, rank: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (!(Number.isInteger(axis) && found >= 0 && found < rank))
    throw new ShapeError(`there is no axis ${axis} among ${rank}: give one from ${-rank} to ${rank - 1}`);
  return found;
}

/** The common shape of several by NumPy's rule: axes are compared from the last, and a size of 1 is repeated. Throws `ShapeError` where there is none. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1 || own === size) continue;
      if (size !== 1)
        throw new ShapeError(
          `shapes ${shapes.map((s) => `[${s.join(", ")}]`).join(" and ")} do not go together: sizes must agree or be 1`,
        );
      size = own;
    }
    return size;
  });
}

/** Strides by which a tensor is read as if it had the shape it is repeated to: 0 along repeated axes. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = stridesOf(shape);
  return target.map((_, axis) => {
    const at = axis - target.length + shape.length;
    return at < 0 || shape[at] === 1 ? 0 : own[at];
  });
}

/**
 * Visits a shape row by row: `visit(out, offsets)` gets where the row along the last axis begins in the row-major array and in each strided one. `offsets` is reused.
 */
export function eachRow(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (out: number, offsets: number[]) => void,
  starts: readonly number[] = strides.map(() => 0),
): void {
  const length = shape.length === 0 ? 1 : shape[shape.length - 1];
  const total = count(shape);
  if (total === 0) return;
  const index = new Array<number>(Math.max(0, shape.length - 1)).fill(0);
  const offsets = [...starts];
  for (let out = 0; out < total; out += length) {
    visit(out, offsets);
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      for (let k = 0; k < strides.length; k++) offsets[k] += strides[k][axis];
      if (++index[axis] < shape[axis]) break;
      for (let k = 0; k < strides.length; k++) offsets[k] -= strides[k][axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

/** The same places in the same order by fewer axes: neighbours that every strided array goes along in even steps are one, so that rows are as long as can be. */
export function joinedAxes(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): { readonly shape: readonly number[]; readonly strides: readonly (readonly number[])[] } {
  const axes: { size: number; steps: readonly number[] }[] = [];
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const steps = strides.map((all) => all[axis]);
    const before = axes[axes.length - 1];
    if (before?.steps.every((step, k) => step === steps[k] * size)) axes[axes.length - 1] = { size: before.size * size, steps };
    else axes.push({ size, steps });
  }
  return { shape: axes.map(({ size }) => size), strides: strides.map((_, k) => axes.map(({ steps }) => steps[k])) };
}

/** A copy of a strided view: values of `shape` read at `start` with `strides`, which may be negative or 0. */
export function gathered(data: Float64Array, shape: readonly number[], strides: readonly number[], start = 0): Tensor {
  const result = zeros(shape);
  const length = shape.length === 0 ? 1 : shape[shape.length - 1];
  const step = shape.length === 0 ? 0 : strides[shape.length - 1];
  const to = result.data;
  eachRow(
    shape,
    [strides],
    (out, [from]) => {
      if (step === 1) to.set(data.subarray(from, from + length), out);
      else for (let k = 0, at = from; k < length; k++, at += step) to[out + k] = data[at];
    },
    [start],
  );
  return result;
}

/** The transpose of `gathered`: adds values to where it read them from. */
export function scattered(values: Tensor, like: readonly number[], strides: readonly number[], start = 0): Tensor {
  const result = zeros(like);
  const { shape, data } = values;
  const length = shape.length === 0 ? 1 : shape[shape.length - 1];
  const step = shape.length === 0 ? 0 : strides[shape.length - 1];
  eachRow(
    shape,
    [strides],
    (out, [from]) => {
      for (let k = 0, at = from; k < length; k++, at += step) result.data[at] += data[out + k];
    },
    [start],
  );
  return result;
}

/** A tensor with its axes in another order: axis k of the result is axis `order[k]`. */
export function permuted({ shape, data }: Tensor, order: readonly number[]): Tensor {
  const strides = stridesOf(shape);
  // Channels moved to the end, or back, are matrices on their side; a few rows at a time stay in the cache.
  const [first, ...rest] = order;
  const toEnd =
    first === 0 && rest.length >= 2 && rest[rest.length - 1] === 1 && rest.slice(0, -1).every((axis, k) => axis === k + 2);
  if (toEnd) {
    const [points, channels] = shape;
    const positions = count(shape.slice(2));
    const result = zeros(order.map((axis) => shape[axis]));
    const block = 16;
    for (let p = 0; p < points; p++) {
      const start = p * channels * positions;
      for (let c0 = 0; c0 < channels; c0 += block) {
        const end = Math.min(channels, c0 + block);
        for (let s = 0; s < positions; s++)
          for (let c = c0; c < end; c++) result.data[start + s * channels + c] = data[start + c * positions + s];
      }
    }
    return result;
  }
  return gathered(
    data,
    order.map((axis) => shape[axis]),
    order.map((axis) => strides[axis]),
  );
}

/** The sum of a tensor over the axes along which one of the shape given was repeated. */
export function summedTo(tensor: Tensor, shape: readonly number[]): Tensor {
  if (String(tensor.shape) === String(shape)) return tensor;
  return scattered(tensor, shape, broadcastStrides(shape, tensor.shape));
}
