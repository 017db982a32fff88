import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inner, kernels, lane, put, somePoints, take } from "./group.js";

function coordinates(x: ArrayLike<number>, points: number, units: number): Float64Array {
  kernels.release();
  const address = put(x);
  const out = kernels.allocate(32 * points * points);
  kernels.coordinates(address, { points, units }, out);
  return take(out, 4 * points * points);
}

/** Coordinates by the plainest Gram-Schmidt: for well-conditioned points. */
function plain(h: readonly number[][]): number[][] {
  const basis: number[][] = [];
  return h.map((point, p) => {
    let rest = point;
    const own = h.map(() => 0);
    basis.forEach((q, k) => {
      own[k] = inner(q, rest);
      rest = rest.map((value, i) => value - own[k] * q[i]);
    });
    own[p] = Math.sqrt(inner(rest, rest));
    basis.push(rest.map((value) => value / own[p]));
    return own;
  });
}

describe("coordinates", () => {
  it.each([
    [1, 1],
    [2, 3],
    [3, 5],
    [6, 17],
    [9, 40],
    [30, 200],
  ])("of %d points in %d dimensions agree with plain loops to 1e-13", (points, units) => {
    const x = somePoints(points, units);
    const got = coordinates(x, points, units);
    for (let k = 0; k < 4; k++) {
      const expected = plain(lane(x, units, k));
      lane(got, points, k).forEach((row, p) => {
        row.forEach((value, j) => {
          expect(Math.abs(value - expected[p][j])).toBeLessThan(1e-13 * Math.sqrt(units));
        });
      });
    }
  });

  // Points that repeat, vanish or lie in the span of others, differently in each lane.
  const entry = fc.oneof(fc.constantFrom(0, 1, -1, 2), fc.double({ min: -10, max: 10, noNaN: true }));
  const groups = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 7 }))
    .chain(([points, units]) =>
      fc.record({
        points: fc.constant(points),
        units: fc.constant(units),
        x: fc.array(entry, { minLength: 4 * points * units, maxLength: 4 * points * units }),
        copies: fc.array(fc.tuple(fc.nat(points - 1), fc.nat(points - 1), fc.nat(3), fc.constantFrom(0, 1, -3)), {
          maxLength: 8,
        }),
      }),
    )
    .map(({ points, units, x, copies }) => {
      for (const [from, to, k, factor] of copies)
        for (let u = 0; u < units; u++) x[4 * (to * units + u) + k] = factor * x[4 * (from * units + u) + k];
      return { points, units, x };
    });

  it("keep every inner product, are triangular, and have no more directions than dimensions, whatever collapses", () => {
    fc.assert(
      fc.property(groups, ({ points, units, x }) => {
        const got = coordinates(x, points, units);
        for (let k = 0; k < 4; k++) {
          const [h, r] = [lane(x, units, k), lane(got, points, k)];
          const size = h.map((point) => Math.hypot(...point));
          let directions = 0;
          for (let p = 0; p < points; p++) {
            expect(r[p][p]).toBeGreaterThanOrEqual(0);
            if (r[p][p] > 0) directions++;
            for (let q = 0; q < points; q++) {
              if (q > p || r[q][q] === 0) expect(r[p][q]).toBe(0);
              // Products that underflow have no digits to compare.
              const allowed = 1e-13 * size[p] * size[q] + 1e-300;
              expect(Math.abs(inner(r[p], r[q]) - inner(h[p], h[q]))).toBeLessThanOrEqual(allowed);
            }
          }
          expect(directions).toBeLessThanOrEqual(units);
        }
      }),
    );
  });

  it("of a network do not depend on the others in its group", () => {
    fc.assert(
      fc.property(groups, fc.nat(3), ({ points, units, x }, k) => {
        const alone = coordinates(
          x.map((_, i) => x[i - (i % 4) + k]),
          points,
          units,
        );
        expect(lane(coordinates(x, points, units), points, k)).toEqual(lane(alone, points, 0));
      }),
    );
  });

  it("a point in the span of earlier ones adds no direction in its lane alone", () => {
    const units = 5;
    const x = somePoints(3, units);
    // Lane 1: a multiple; lane 2: zero; lane 3: a combination after rounding.
    for (let u = 0; u < units; u++) {
      const at = (p: number, k: number) => 4 * (p * units + u) + k;
      x[at(1, 1)] = 0.3 * x[at(0, 1)];
      x[at(1, 2)] = 0;
      x[at(2, 3)] = x[at(0, 3)] / 3 - x[at(1, 3)] / 7;
    }
    const r = coordinates(x, 3, units);
    const diagonal = [0, 1, 2, 3].map((k) => lane(r, 3, k).map((row, p) => row[p] > 0));
    expect(diagonal).toEqual([
      [true, true, true],
      [true, false, true],
      [true, false, true],
      [true, true, false],
    ]);
  });

  it("two points at a small angle keep it to 1e-15 / theta", () => {
    for (const units of [2, 16, 1000]) {
      const [a, b] = lane(somePoints(2, units), units, 0);
      for (let theta = 1; theta > 1e-13; theta /= 10) {
        const second = a.map((value, i) => value + theta * b[i]);
        const x = [a, second].flatMap((row) => row.flatMap((value) => [value, value, value, value]));
        const r = lane(coordinates(x, 2, units), 2, 3);
        // The rounding of the point itself is part of what is given: take the exact remainder of what was rounded.
        const moved = second.map((value, i) => value - a[i]);
        const along = inner(moved, a) / inner(a, a);
        const off = Math.sqrt(moved.reduce((sum, value, i) => sum + (value - along * a[i]) ** 2, 0));
        expect(Math.abs(r[1][1] / off - 1)).toBeLessThan(1e-15 * (4 + Math.sqrt(inner(a, a)) / off));
      }
    }
  });

  it("scale exactly with the points, from subnormal to almost too large", () => {
    const [points, units] = [4, 6];
    const x = somePoints(points, units).map((value) => Math.round(value * 2 ** 20) / 2 ** 20);
    const expected = coordinates(x, points, units);
    for (const exponent of [-1040, -600, 600, 1020]) {
      const half = 2 ** (exponent / 2);
      const scaled = x.map((value) => value * half * half);
      const got = coordinates(scaled, points, units);
      // Results that are subnormal are rounded to whole units of 2^-1074.
      got.forEach((value, i) => {
        expect(Math.abs(value / half / half - expected[i])).toBeLessThanOrEqual(exponent < -1022 ? 2 ** (-1074 - exponent) : 0);
      });
    }
  });

  it("a point that is not finite makes its lane's diagonal NaN, and leaves the other lanes alone", () => {
    const x = somePoints(3, 4);
    const clean = coordinates(x, 3, 4);
    x[4 * 4 + 1] = Infinity;
    x[4 * 6 + 2] = Number.NaN;
    const r = coordinates(x, 3, 4);
    for (const k of [0, 3]) expect(lane(r, 3, k)).toEqual(lane(clean, 3, k));
    for (const k of [1, 2]) {
      expect(lane(r, 3, k)[1][1]).toBeNaN();
      expect(lane(r, 3, k)[2].every(Number.isFinite)).toBe(true);
    }
  });

  it("may take the place of the points", () => {
    const [points, units] = [7, 5];
    const x = somePoints(points, units);
    const expected = coordinates(x, points, units);
    kernels.release();
    const address = put(x);
    const out = kernels.allocate(32 * points * points);
    kernels.coordinates(address, { points, units }, out, { basis: address });
    expect(take(out, 4 * points * points)).toEqual(expected);
  });

  it("keep inner products with hundreds of points", () => {
    const [points, units] = [150, 201];
    const x = somePoints(points, units);
    const r = coordinates(x, points, units);
    const [h, own] = [lane(x, units, 2), lane(r, points, 2)];
    for (let p = 0; p < points; p += 7)
      for (let q = 0; q <= p; q += 5) expect(Math.abs(inner(own[p], own[q]) - inner(h[p], h[q]))).toBeLessThan(1e-13 * units);
  });
});
