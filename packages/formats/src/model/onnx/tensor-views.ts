import { elementCount } from "../../array-file.js";
import { type NumericArray, zerosOf } from "../../element-type.js";
import type { ModelTensor } from "../model-file.js";
import { lazyTensor, sameValues, stridedElements } from "../tensor.js";

/** The axes of a tensor in another order; elements are moved when they are asked for. */
export function transposed(tensor: ModelTensor, order: readonly number[]): ModelTensor {
  const shape = order.map((axis) => tensor.shape[axis]);
  if (tensor.constant !== undefined) return sameValues(tensor, { shape });
  const strides = stridesOf(tensor.shape);
  return strided(
    tensor,
    shape,
    order.map((axis) => strides[axis]),
  );
}

/** Every `steps[axis]`-th index of a tensor from `starts[axis]` on, `shape` of them; elements are picked when they are asked for. */
export function sliced(
  tensor: ModelTensor,
  { starts, steps, shape }: Readonly<Record<"starts" | "steps" | "shape", readonly number[]>>,
): ModelTensor {
  if (tensor.constant !== undefined) return sameValues(tensor, { shape });
  const strides = stridesOf(tensor.shape);
  const start = starts.reduce((sum, index, axis) => sum + index * strides[axis], 0);
  // A part of the first axis lies in a row.
  const inRow = steps.every((step) => step === 1) && shape.every((size, axis) => axis === 0 || size === tensor.shape[axis]);
  if (inRow) return lazyTensor("", shape, tensor.type, (at, count) => tensor.values(start + at, count));
  return strided(
    tensor,
    shape,
    steps.map((step, axis) => step * strides[axis]),
    start,
  );
}

/** Tensors of one type one after the other along an axis; read when they are asked for. */
export function concatenated(parts: readonly ModelTensor[], axis: number): ModelTensor {
  const [{ shape: first, type }] = parts;
  const inner = elementCount(first.slice(axis + 1));
  const rows = parts.map(({ shape }) => shape[axis] * inner);
  const row = rows.reduce((sum, size) => sum + size, 0);
  const shape = first.map((size, k) => (k === axis ? parts.reduce((sum, part) => sum + part.shape[axis], 0) : size));
  return lazyTensor("", shape, type, (start, count, elements) => {
    const result = zerosOf(elements, count);
    const whole = elementCount(first.slice(0, axis)) > 1;
    let before = 0;
    for (const [k, part] of parts.entries()) {
      if (!whole) {
        const [from, to] = [Math.max(start, before), Math.min(start + count, before + rows[k])];
        if (to > from) put(result, part.values(from - before, to - from), from - start);
      } else {
        const all = part.values();
        for (let at = before, o = 0; at < start + count; at += row, o += rows[k]) {
          const [from, to] = [Math.max(start, at), Math.min(start + count, at + rows[k])];
          if (to > from) put(result, all.subarray(o + from - at, o + to - at), from - start);
        }
      }
      before += rows[k];
    }
    return result;
  });
}

function put(target: NumericArray, values: NumericArray, at: number): void {
  (target as Float64Array).set(values as Float64Array, at);
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** Elements at `offset` and on by strides. */
function strided(tensor: ModelTensor, shape: readonly number[], strides: readonly number[], offset = 0): ModelTensor {
  return lazyTensor(tensor.name, shape, tensor.type, (...wanted) =>
    stridedElements(tensor.values(), { shape, strides, offset }, wanted),
  );
}
