import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addToSketch, mergeSketch, normals, quantileSketch, quantiles, sketchQuantiles, stream } from "../src/index.js";

function sketchOf(values: Iterable<number>) {
  const sketch = quantileSketch();
  for (const value of values) addToSketch(sketch, value);
  return sketch;
}

describe("sketchQuantiles", () => {
  it("lies within 1 % of the order statistics around the rank, whatever the values", () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const sorted = Float64Array.from(values).sort();
        const rank = (values.length - 1) * p;
        const [low, high] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
        const [found] = sketchQuantiles(sketchOf(values), [p]);
        expect(found).toBeGreaterThanOrEqual(low - 0.0101 * Math.abs(low));
        expect(found).toBeLessThanOrEqual(high + 0.0101 * Math.abs(high));
      }),
    );
  });

  it("is much closer for many values", () => {
    const values = normals(stream(1), new Float64Array(100_000));
    const ps = [0.05, 0.16, 0.84, 0.95];
    const exact = quantiles(values, ps);
    sketchQuantiles(sketchOf(values), ps).forEach((found, k) => {
      // Some 200 values fall into a bin of 1 %, and where in it they fall is random: 0.5 % / sqrt(200), times 4.5.
      expect(Math.abs(found / exact[k] - 1)).toBeLessThan(1.6e-3);
    });
  });

  it("is exact for the least, the greatest and the only value", () => {
    expect(sketchQuantiles(sketchOf([-3, 7, 7.7]), [0, 1])).toEqual([-3, 7.7]);
    expect(sketchQuantiles(sketchOf([-1.2345, -1.2345]), [0.5])).toEqual([-1.2345]);
  });

  it("does not depend on how the values were spread over merged sketches", () => {
    const values = normals(stream(2), new Float64Array(999));
    const merged = quantileSketch();
    for (let k = 2; k >= 0; k--) mergeSketch(merged, sketchOf(values.subarray(333 * k, 333 * (k + 1))));
    const ps = [0, 0.1, 0.5, 0.9, 1];
    expect(sketchQuantiles(structuredClone(merged), ps)).toEqual(sketchQuantiles(sketchOf(values), ps));
  });

  it("refuses what has no order", () => {
    expect(() => sketchQuantiles(quantileSketch(), [0.5])).toThrow("there are no values to order");
    expect(() => sketchQuantiles(sketchOf([1]), [1.5])).toThrow("from 0 to 1, got 1.5");
    expect(() => addToSketch(quantileSketch(), Number.NaN)).toThrow("finite numbers, got NaN");
  });
});
