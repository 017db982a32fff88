import { matrix, matrixFromRows, multiply, transpose } from "@sonde/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { thinQr } from "../../src/ensemble/thin-qr.js";

// Entries whose squares are not subnormal: those have no digits to compare.
const entry = fc.double({ min: -10, max: 10, noNaN: true }).map((value) => (Math.abs(value) < 1e-100 ? 0 : value));
const rows = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 })).chain(([points, units]) =>
  fc.array(fc.array(entry, { minLength: units, maxLength: units }), {
    minLength: points,
    maxLength: points,
  }),
);

it("coordinates keep every inner product", () => {
  fc.assert(
    fc.property(rows, (points) => {
      const h = matrixFromRows(points);
      const r = thinQr(h);
      const [wanted, got] = [multiply(h, transpose(h)), multiply(r, transpose(r))];
      const size = Math.max(1e-200, ...wanted.data.map(Math.abs));
      got.data.forEach((value, k) => {
        expect(Math.abs(value - wanted.data[k])).toBeLessThan(1e-13 * size);
      });
      expect(r.cols).toBeLessThanOrEqual(Math.min(h.rows, h.cols));
    }),
  );
});

it("collapsed points add no direction", () => {
  const r = thinQr(
    matrixFromRows([
      [1, 2, 3],
      [2, 4, 6],
      [0, 0, 0],
      [-1, -2, -3],
    ]),
  );
  expect([r.rows, r.cols]).toEqual([4, 1]);
  expect([...r.data].map((value) => value / r.data[0])).toEqual([1, 2, 0, -1]);
  expect(thinQr(matrix(2, 3)).cols).toBe(0);
});

it("two points at a small angle keep it", () => {
  const theta = 1e-9;
  const r = thinQr(
    matrixFromRows([
      [1, 1, 1, 1],
      [1 + theta, 1 - theta, 1 + theta, 1 - theta],
    ]),
  );
  // The exact difference is theta (1, -1, 1, -1), up to the rounding of 1 +- theta.
  expect(Math.abs(r.data[3] / (2 * theta) - 1)).toBeLessThan(1e-6);
});
