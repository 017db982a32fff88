import { matrix, matrixFromRows } from "@sonde/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { standardise } from "../src/index.js";

test("every feature has mean 0 and variance 1 afterwards, wherever it was before", () => {
  const sizes = fc.record({ rows: fc.integer({ min: 2, max: 9 }), cols: fc.integer({ min: 1, max: 4 }) });
  const value = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      sizes.chain(({ rows, cols }) =>
        fc.record({
          rows: fc.constant(rows),
          cols: fc.constant(cols),
          data: fc.array(value, { minLength: rows * cols, maxLength: rows * cols }),
          shift: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        }),
      ),
      ({ rows, cols, data, shift }) => {
        const { points, constant } = standardise(
          matrix(
            rows,
            cols,
            Float64Array.from(data, (x) => x + shift),
          ),
        );
        for (let c = 0; c < cols; c++) {
          const column = Array.from({ length: rows }, (_, r) => points.data[r * cols + c]);
          const second = column.reduce((sum, x) => sum + x * x, 0) / rows;
          if (constant.includes(c)) expect(column).toEqual(column.map(() => 0));
          else expect(second).toBeCloseTo(1, 3);
        }
      },
    ),
  );
});

test("constant features become 0 and are named", () => {
  const { points, constant } = standardise(
    matrixFromRows([
      [1, 0.1, 7],
      [3, 0.1, 7],
    ]),
  );
  expect(constant).toEqual([1, 2]);
  expect([...points.data]).toEqual([-1, 0, 0, 1, 0, 0]);
});

test("a channel is one feature over points and positions", () => {
  const { points } = standardise(
    matrixFromRows([
      [1, 10, 2, 20],
      [3, 30, 4, 40],
    ]),
    { channels: 2 },
  );
  const scale = Math.sqrt(1.25);
  [-1.5, -1.5, -0.5, -0.5, 0.5, 0.5, 1.5, 1.5].forEach((value, i) => {
    expect(points.data[i]).toBeCloseTo(value / scale, 14);
  });
});
