import fc from "fast-check";
import { expect, it } from "vitest";
import { type ElementwiseLayer, elementwise } from "../src/graph/kinds/elementwise.js";
import type { Tensor } from "../src/graph/tensor.js";

const layers: readonly (readonly [ElementwiseLayer, number, (a: number, b: number, c: number) => number])[] = [
  [{ kind: "add" }, 2, (a, b) => a + b],
  [{ kind: "multiply" }, 3, (a, b, c) => a * b * c],
  [{ kind: "elementwise", function: "negate" }, 1, (a) => -a],
  [{ kind: "elementwise", function: "subtract" }, 2, (a, b) => a - b],
  [{ kind: "elementwise", function: "where" }, 3, (a, b, c) => (a !== 0 ? b : c)],
];

/** Shapes that fit together: some axes of a common one are 1 in each, and some of the first are left out. */
const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 5 }).chain((whole) =>
  fc
    .array(fc.record({ from: fc.nat({ max: whole.length }), ones: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }) }), {
      minLength: 3,
      maxLength: 3,
    })
    .map((all) => all.map(({ from, ones }) => whole.map((size, axis) => (ones[axis] ? 1 : size)).slice(from))),
);

/** The value of a tensor where the output has this index, by NumPy's rule. */
function valueAt({ shape, data }: Tensor, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length);
  return data[shape.reduce((at, size, axis) => at * size + (size === 1 ? 0 : own[axis]), 0)];
}

it.each(layers)("%j takes axes of one entry as often as the others are long", (layer, takes, value) => {
  fc.assert(
    fc.property(shapes, (all) => {
      const inputs = all.slice(0, takes).map((shape, k): Tensor => {
        const size = shape.reduce((product, n) => product * n, 1);
        return { shape, data: Float64Array.from({ length: size }, (_, at) => ((at * 7 + k) % 5) - 2) };
      });
      const { shape, data } = elementwise.forward(layer, inputs, {});
      expect(data).toHaveLength(shape.reduce((product, n) => product * n, 1));
      for (const [at, got] of data.entries()) {
        const index = [...shape]
          .reverse()
          .reduce<{ rest: number; index: number[] }>(
            ({ rest, index }, size) => ({ rest: Math.floor(rest / size), index: [rest % size, ...index] }),
            { rest: at, index: [] },
          ).index;
        const [a, b, c] = inputs.map((input) => valueAt(input, index));
        expect(got).toBe(value(a, b, c));
      }
    }),
    { numRuns: 60 },
  );
});
