import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isolines } from "../src/index.js";

const places = Array.from({ length: 41 }, (_, k) => -2 + k / 10);
const grid = (of: (x: number, y: number) => number | null) => ({
  xs: places,
  ys: places,
  values: places.flatMap((y) => places.map((x) => of(x, y))),
});

describe("isolines", () => {
  it("of a cone are one closed circle", () => {
    const lines = isolines(
      grid((x, y) => Math.hypot(x, y)),
      1.005,
    );
    expect(lines).toHaveLength(1);
    const [circle] = lines;
    expect(circle[0]).toEqual(circle[circle.length - 1]);
    // Linear interpolation of a function of curvature up to 1 over sides of 0.1.
    for (const [x, y] of circle) expect(Math.abs(Math.hypot(x, y) - 1.005)).toBeLessThan(0.1 ** 2 / 8 / 0.9);
  });

  it("of a plane are exact, wherever it lies", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (a, b, level) => {
          fc.pre(Math.abs(a) + Math.abs(b) > 0.1);
          const lines = isolines(
            grid((x, y) => a * x + b * y),
            level,
          );
          for (const [x, y] of lines.flat()) expect(a * x + b * y).toBeCloseTo(level, 12);
        },
      ),
    );
  });

  it("of a saddle do not cross", () => {
    const lines = isolines({ xs: [0, 1], ys: [0, 1], values: [1, 0, 0, 1] }, 0.6);
    expect(lines).toHaveLength(2);
  });

  it("leave out squares with a missing corner, and are none where nothing crosses", () => {
    expect(isolines({ xs: [0, 1], ys: [0, 1], values: [0, 1, null, 1] }, 0.5)).toEqual([]);
    expect(isolines({ xs: [0, 1], ys: [0, 1], values: [0, 1, 0, 1] }, 2)).toEqual([]);
    expect(isolines({ xs: [], ys: [], values: [] }, 2)).toEqual([]);
  });

  it("refuse values that do not fit", () => {
    expect(() => isolines({ xs: [0, 1], ys: [0, 1], values: [1] }, 0)).toThrow(/2 x 2 places takes 4 values, got 1/);
  });
});
