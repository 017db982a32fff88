import { readFileSync } from "node:fs";
import { normals, split, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { angleBetween, choosePairs, correlation } from "../src/index.js";

const vector = (seed: number, n: number) => normals(stream(seed), new Float64Array(n));

describe("angleBetween", () => {
  it.each([
    [[1, 0], [0, 2], Math.PI / 2, 0],
    [[1, 0], [1, 1], Math.PI / 4, Math.log(0.5)],
    [[1, 0, 0], [-1, 0, 0], Math.PI, Number.NEGATIVE_INFINITY],
    [[3, 4], [3, 4], 0, Number.NEGATIVE_INFINITY],
    [[1e-200, 0], [1e200, 1e200], Math.PI / 4, Math.log(0.5)],
    [[5e-324, 5e-324], [0, 5e-324], Math.PI / 4, Math.log(0.5)],
  ])("of %j and %j", (x, y, theta, logSin2) => {
    const found = angleBetween(x, y);
    expect(found?.theta).toBeCloseTo(theta, 14);
    if (Number.isFinite(logSin2)) expect(found?.logSin2).toBeCloseTo(logSin2, 14);
    else expect(found?.logSin2).toBe(logSin2);
    expect(found?.cosine).toBeCloseTo(Math.cos(theta), 14);
  });

  it("keeps every digit of small angles, and of those near pi, where 1 - cos^2 is useless", () => {
    const { cases }: { cases: { x: number[]; y: number[]; theta: string; logSin2: string }[] } = JSON.parse(
      readFileSync(new URL("./fixtures/angles.json", import.meta.url), "utf8"),
    );
    for (const { x, y, theta, logSin2 } of cases) {
      const found = angleBetween(x, y);
      // Sums of up to 40 terms; below 1e-16 what taking the vectors apart leaves of them, 1e-32, is added.
      const error = 1e-14 + 1e-31 / Number(theta);
      expect(Math.abs((found?.theta ?? 0) / Number(theta) - 1)).toBeLessThan(error);
      expect(Math.abs((found?.logSin2 ?? 0) - Number(logSin2))).toBeLessThan(20 * error);
    }
  });

  it.each([
    [[1, 2], [3, 6], 0],
    [[0.1, 0.3], [0.2, 0.6], 0],
    [[0, 0.7, 0], [0, -0.3, 0], Math.PI],
    [[1e300, 1e300], [1e-300, 1e-300], 0],
  ])("of the collinear %j and %j is 0 or pi exactly", (x, y, theta) => {
    expect(angleBetween(x, y)).toEqual({ theta, logSin2: Number.NEGATIVE_INFINITY, cosine: Math.cos(theta) });
  });

  it("has no value for a zero vector, and refuses different lengths", () => {
    expect(angleBetween([0, 0], [1, 0])).toBeUndefined();
    expect(() => angleBetween([1, Number.NaN], [1, 2])).toThrow("vectors of finite numbers, got NaN");
    expect(() => angleBetween([1, 2], [Number.POSITIVE_INFINITY, 2])).toThrow("vectors of finite numbers, got Infinity");
    expect(() => angleBetween([1], [1, 2])).toThrow("two vectors of equal length have an angle, got lengths 1 and 2");
  });

  it("is symmetric, blind to positive scales, and ln sin^2 is never above 0", () => {
    // Not subnormal, so that powers of two change no digit.
    const entry = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((value) => (Math.abs(value) < 1e-200 ? 0 : value));
    const pair = fc
      .integer({ min: 1, max: 6 })
      .chain((n) => fc.tuple(...[0, 1].map(() => fc.array(entry, { minLength: n, maxLength: n }))));
    fc.assert(
      fc.property(pair, fc.integer({ min: -20, max: 20 }), ([x, y], k) => {
        const found = angleBetween(x, y);
        if (!found) return;
        const turned = angleBetween(y, x);
        expect(Math.abs((turned?.theta ?? 0) - found.theta)).toBeLessThan(1e-14 * found.theta + 1e-30);
        const scaled = angleBetween(
          x.map((value) => value * 2 ** k),
          y,
        );
        expect(Math.abs((scaled?.theta ?? 0) - found.theta)).toBeLessThan(1e-14);
        expect(found.logSin2).toBeLessThanOrEqual(0);
        expect(found.theta).toBeGreaterThanOrEqual(0);
        expect(found.theta).toBeLessThanOrEqual(Math.PI);
      }),
    );
  });
});

describe("correlation", () => {
  it("is that of the textbook", () => {
    const [x, y] = [vector(1, 50), vector(2, 50)];
    const mean = (v: Float64Array) => v.reduce((sum, value) => sum + value, 0) / v.length;
    const [mx, my] = [mean(x), mean(y)];
    const product = (a: Float64Array, ma: number, b: Float64Array, mb: number) =>
      a.reduce((sum, value, i) => sum + (value - ma) * (b[i] - mb), 0);
    const wanted = product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
    expect(correlation(x, y)).toBeCloseTo(wanted, 14);
  });

  it("keeps to its range for the smallest and the largest vectors", () => {
    for (const scale of [1e-300, 1e-100, 1e300]) expect(correlation([scale, 0, scale], [0, 0, 1])).toBeCloseTo(0.5, 14);
    expect(() => correlation([1], [1, 2])).toThrow("two vectors of equal length have a correlation, got lengths 1 and 2");
  });

  it("has no value where a vector is constant", () => {
    expect(correlation([0.1, 0.1, 0.1], [1, 2, 3])).toBeUndefined();
    expect(correlation([1], [2])).toBeUndefined();
  });
});

describe("choosePairs", () => {
  it("takes all pairs where there are few", () => {
    expect(choosePairs(3, 10, stream(0))).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(choosePairs(1, 10, stream(0))).toEqual([]);
  });

  it("draws pairs of different points uniformly where there are many", () => {
    const counts = new Map<string, number>();
    const draws = 20_000;
    const pairs = Array.from({ length: draws / 5 }, (_, k) => choosePairs(4, 5, split(stream(1), k))).flat();
    for (const [i, j] of pairs) {
      expect(i).not.toBe(j);
      const key = `${Math.min(i, j)},${Math.max(i, j)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const error = Math.sqrt((draws * 1 * 5) / 36);
    for (const count of counts.values()) expect(Math.abs(count - draws / 6)).toBeLessThan(4.5 * error);
  });
});
