import { type Matrix, matrix, matrixFromRows, multiply, normals, permutation, row, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageCosine, correlation, gramRank, linearCka } from "../src/index.js";
import { similarityCases as cases } from "./similarity-cases.js";

const gaussian = (seed: number, rows: number, cols: number) =>
  matrix(rows, cols, normals(stream(seed), new Float64Array(rows * cols)));

/** The points turned by a product of plane rotations, and scaled. */
function turned(points: Matrix, scale: number): Matrix {
  const result = { ...points, data: Float64Array.from(points.data, (value) => scale * value) };
  for (let j = 1; j < points.cols; j++) {
    const [c, s] = [Math.cos(j), Math.sin(j)];
    for (let p = 0; p < points.rows; p++) {
      const point = row(result, p);
      [point[j - 1], point[j]] = [c * point[j - 1] - s * point[j], s * point[j - 1] + c * point[j]];
    }
  }
  return result;
}

function reordered(points: Matrix, order: ArrayLike<number>): Matrix<Float64Array> {
  return matrixFromRows(Array.from(order, (p) => row(points, p)));
}

describe("agreement with NumPy", () => {
  it.each(cases)("of all quantities, case %#", (wanted) => {
    const { x, y } = wanted;
    expect(linearCka(x, y)).toBeCloseTo(wanted.cka, 13);
    expect(linearCka(x, y, { debiased: true })).toBeCloseTo(wanted.debiasedCka, 12);
    expect(averageCosine(x).value).toBeCloseTo(wanted.averageCosine, 14);
    expect([x, y, wanted.lowRank].map((layer) => gramRank(layer))).toEqual(wanted.ranks);
    expect(correlation(x[0], x[1])).toBeCloseTo(wanted.correlation, 14);
  });
});

describe("what does not matter", () => {
  const sizes = fc.record({ seed: fc.nat(1e6), points: fc.integer({ min: 4, max: 12 }), units: fc.integer({ min: 1, max: 9 }) });
  it("rotations and scales of a layer, and the order of the points", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: -200, max: 200 }), ({ seed, points, units }, exponent) => {
        const [x, y] = [gaussian(seed, points, units), gaussian(seed + 1, points, 3)];
        const [other, order] = [turned(x, 10 ** exponent), permutation(stream(seed), points)];
        const [xo, yo] = [reordered(x, order), reordered(y, order)];
        for (const options of [{}, { debiased: true }]) {
          const value = linearCka(x, y, options);
          if (value === undefined) continue;
          // Debiased norms may be small differences.
          const digits = options.debiased ? 6 : 12;
          expect(linearCka(other, y, options)).toBeCloseTo(value, digits);
          expect(linearCka(y, x, options)).toBeCloseTo(value, digits);
          expect(linearCka(xo, yo, options)).toBeCloseTo(value, digits);
        }
        expect(averageCosine(other).value).toBeCloseTo(averageCosine(x).value as number, 12);
        expect(averageCosine(xo).value).toBeCloseTo(averageCosine(x).value as number, 12);
        expect(gramRank(other)).toBe(Math.min(points, units));
        expect(gramRank(xo)).toBe(Math.min(points, units));
      }),
    );
  });
});

describe("linearCka", () => {
  it("is 1 for one layer and itself, and does not see the origin", () => {
    const x = gaussian(1, 20, 6);
    expect(linearCka(x, x)).toBeCloseTo(1, 14);
    expect(linearCka(x, x, { debiased: true })).toBeCloseTo(1, 14);
    const moved = { ...x, data: x.data.map((value, k) => value + 100 * (k % 6)) };
    const y = gaussian(2, 20, 9);
    expect(linearCka(moved, y)).toBeCloseTo(linearCka(x, y) as number, 12);
    expect(linearCka(moved, y, { debiased: true })).toBeCloseTo(linearCka(x, y, { debiased: true }) as number, 11);
  });

  it("takes the same value over units and over pairs of points", () => {
    // 30 units on 8 points goes over pairs; repeating the points 10 times, which changes nothing, goes over units.
    const [x, y] = [gaussian(3, 8, 30), gaussian(4, 8, 30)];
    const often = (layer: Matrix) =>
      reordered(
        layer,
        Array.from({ length: 80 }, (_, k) => k % 8),
      );
    expect(linearCka(often(x), often(y))).toBeCloseTo(linearCka(x, y) as number, 13);
  });

  it("of unrelated wide layers is high by bias, and 0 without it", () => {
    const values = Array.from({ length: 200 }, (_, k) => [gaussian(2 * k, 10, 50), gaussian(2 * k + 1, 10, 50)]);
    const mean = (debiased: boolean) => values.reduce((sum, [x, y]) => sum + (linearCka(x, y, { debiased }) as number) / 200, 0);
    expect(mean(false)).toBeGreaterThan(0.8);
    const spread = Math.sqrt(values.reduce((sum, [x, y]) => sum + (linearCka(x, y, { debiased: true }) as number) ** 2, 0)) / 200;
    expect(Math.abs(mean(true))).toBeLessThan(4.5 * spread);
  });

  it("has no value where all points of a layer are equal, and refuses too few or other points", () => {
    const x = gaussian(5, 6, 4);
    const constant = { ...x, data: x.data.map((_, k) => 0.1 * (k % 4)) };
    expect(linearCka(x, constant)).toBeUndefined();
    expect(linearCka(x, constant, { debiased: true })).toBeUndefined();
    expect(() => linearCka(x, gaussian(5, 5, 4))).toThrow("on the same points, got 6 and 5 points");
    expect(() => linearCka(gaussian(1, 3, 2), gaussian(1, 3, 2), { debiased: true })).toThrow(
      "debiased CKA needs at least 4 points, got 3",
    );
  });
});

describe("averageCosine", () => {
  it("is the cosine of two points, 1 on a ray, and least for a simplex", () => {
    expect(
      averageCosine([
        [1, 0],
        [1, 1],
      ]).value,
    ).toBeCloseTo(Math.SQRT1_2, 15);
    expect(
      averageCosine([
        [1e-300, 0],
        [5, 0],
        [1e300, 0],
      ]).value,
    ).toBe(1);
    const third = (k: number) => [Math.cos((2 * Math.PI * k) / 3), Math.sin((2 * Math.PI * k) / 3)];
    expect(averageCosine([0, 1, 2].map(third)).value).toBeCloseTo(-0.5, 14);
  });

  it("leaves zero points out and counts them, never NaN", () => {
    expect(
      averageCosine([
        [0, 0],
        [1, 0],
        [0, 0],
      ]),
    ).toEqual({ value: undefined, points: 1, zeroPoints: 2 });
  });
});

describe("gramRank", () => {
  it("keeps directions that a Gram matrix would square away", () => {
    for (const size of [1e-3, 1e-8, 1e-12, 1e-14]) {
      const points = [
        [1, 0, 0],
        [1, size, 0],
        [2, 0, 0],
      ];
      expect(gramRank(points)).toBe(2);
      expect(gramRank(points, { tolerance: 2 * size })).toBe(1);
    }
  });

  it("is 0 for zeros, and takes float32 for what it is", () => {
    expect(
      gramRank([
        [0, 0],
        [0, 0],
      ]),
    ).toBe(0);
    const low = multiply(gaussian(6, 30, 3), gaussian(7, 3, 40));
    expect(gramRank(low)).toBe(3);
    expect(gramRank({ shape: [30, 40], data: Float32Array.from(low.data) })).toBe(3);
    expect(gramRank({ shape: [30, 5, 8], data: low.data })).toBe(3);
    expect(() => gramRank([[1]], { tolerance: 1 })).toThrow("from 0 to below 1, got 1");
  });
});
