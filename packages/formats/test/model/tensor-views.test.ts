import fc from "fast-check";
import { expect, it } from "vitest";
import { concatenated, sliced, transposed } from "../../src/model/onnx/tensor-views.js";
import { heldTensor } from "../../src/model/tensor.js";

const tensor = (shape: number[], from = 0) =>
  heldTensor(
    "t",
    shape,
    "float64",
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => from + k),
  );

const at = (shape: readonly number[], k: number) => {
  const index: number[] = [];
  for (let axis = shape.length - 1, rest = k; axis >= 0; axis--, rest = Math.floor(rest / shape[axis + 1]))
    index.unshift(rest % shape[axis]);
  return index;
};
const flat = (shape: readonly number[], index: readonly number[]) => index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });

it("parts, permutations and concatenations of tensors are those by index, whole and in runs", () => {
  fc.assert(
    fc.property(shapes, fc.nat(100), (shape, seed) => {
      const axis = seed % shape.length;
      const own = tensor(shape);
      const order = shape.map((_, k) => (k + seed) % shape.length);
      const starts = shape.map((size) => seed % size);
      const steps = shape.map((_, k) => ((seed >> k) & 1 ? -1 : 1));
      const left = shape.map((size, k) => (steps[k] > 0 ? size - starts[k] : starts[k] + 1));
      const joined = concatenated([own, tensor(shape, 1000)], axis);
      const checks = [
        [
          transposed(own, order),
          (index: number[]) =>
            flat(
              shape,
              shape.map((_, k) => index[order.indexOf(k)]),
            ),
        ],
        [
          sliced(own, { starts, steps, shape: left }),
          (index: number[]) =>
            flat(
              shape,
              index.map((i, k) => starts[k] + i * steps[k]),
            ),
        ],
        [
          joined,
          (index: number[]) =>
            index[axis] < shape[axis]
              ? flat(shape, index)
              : 1000 +
                flat(
                  shape,
                  index.map((i, k) => (k === axis ? i - shape[axis] : i)),
                ),
        ],
      ] as const;
      for (const [view, value] of checks) {
        const expected = Array.from({ length: view.shape.reduce((a, b) => a * b, 1) }, (_, k) => value(at(view.shape, k)));
        expect(Array.from(view.values(), Number)).toEqual(expected);
        const start = seed % expected.length;
        const count = Math.min(3, expected.length - start);
        expect(Array.from(view.values(start, count), Number)).toEqual(expected.slice(start, start + count));
      }
    }),
    { numRuns: 60 },
  );
});
