import { angleBetween, type Matrix, matrix, row } from "@sonde/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { correlation } from "../src/correlation.js";
import { together } from "../src/together.js";

/** Two points whose cosine is c and whose means are `offset` of their length, over `scale`. */
function twoPoints(units: number, c: number, offset: number, scale: number, single: boolean): Matrix {
  const data = new (single ? Float32Array : Float64Array)(2 * units);
  for (let k = 0; k < units; k++) {
    const [a, b] = [Math.cos(2.399963 * (k + 1)), Math.sin(1.2345 * (k + 1) * (k + 1))];
    data[k] = scale * (offset + a);
    data[units + k] = scale * (offset + c * a + Math.sqrt(1 - c * c) * b);
  }
  return matrix(2, units, data);
}

it("gives what the two points alone give, whatever their angle, mean, scale and precision", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 70 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.constantFrom(0, 0.3, 2, 9, 1e3, 1e7),
      fc.constantFrom(1e-150, 1e-60, 1e-51, 1e-49, 1, 1e49, 1e51, 1e150),
      fc.boolean(),
      (units, c, offset, scale, single) => {
        const points = twoPoints(units, c, offset, single ? 1 : scale, single);
        const [x, y] = [row(points, 0), row(points, 1)];

        const { angle, correlation: r } = together(points, [0, 1]);
        const exact = angleBetween(x, y);
        if (exact === undefined) expect(angle).toBeUndefined();
        else if (angle && Number.isFinite(exact.logSin2)) {
          expect(Math.abs(angle.logSin2 - exact.logSin2)).toBeLessThan(1e-12);
          expect(Math.abs(angle.theta - exact.theta)).toBeLessThan(1e-13);
          expect(Math.abs(angle.cosine - exact.cosine)).toBeLessThan(1e-14);
        } else expect(angle?.logSin2).toBe(exact.logSin2);
        const exactly = correlation(x, y);
        if (exactly === undefined) expect(r).toBeUndefined();
        // Where the means are many times the spreads neither has more digits than the values have.
        else expect(Math.abs((r ?? 9) - exactly)).toBeLessThan(offset > 10 ? 1e-6 : 1e-12);
      },
    ),
    { numRuns: 400, seed: 7 },
  );
});

it.each([0.98999, 0.99001, -0.98999, -0.99001, 1, -1])("keeps every digit of an angle on either side of cosine %d", (c) => {
  const points = matrix(2, 2, Float64Array.of(3, 0, 5 * c, 5 * Math.sqrt(1 - c * c)));
  const theta = Math.atan2(Math.sqrt(1 - c * c), c);
  const { angle } = together(points, [0, 1]);
  expect(Math.abs((angle?.theta ?? 9) - theta)).toBeLessThan(1e-15);
  expect(angle?.cosine).toBeCloseTo(c, 14);
});

it("a zero point has no angle and a constant one no correlation", () => {
  const points = matrix(3, 3, Float64Array.of(0, 0, 0, 1, 2, 4, 5, 5, 5));
  expect(together(points, [0, 1]).angle).toBeUndefined();
  expect(together(points, [1, 2]).correlation).toBeUndefined();
  expect(together(points, [1, 2]).angle?.cosine).toBeCloseTo(7 / Math.sqrt(63), 14);
});
