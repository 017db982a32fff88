import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addRunning,
  addTo,
  meanEstimate,
  mergeRunning,
  moments,
  running,
  runningEstimate,
  runningSd,
  variance,
} from "../src/index.js";

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 });
const of = (xs: readonly number[]) => {
  const r = running();
  for (const x of xs) addRunning(r, x);
  return r;
};

describe("running moments", () => {
  it("agree with the exact ones, however the values are split", () => {
    fc.assert(
      fc.property(values, fc.nat(), (xs, cut) => {
        const exact = moments({ order: 2 });
        addTo(exact, xs);
        const at = cut % xs.length;
        const merged = of(xs.slice(0, at));
        mergeRunning(merged, of(xs.slice(at)));
        const scale = Math.max(...xs.map(Math.abs));
        for (const r of [of(xs), merged]) {
          expect(r.count).toBe(xs.length);
          expect(Math.abs(runningEstimate(r).value - meanEstimate(exact).value)).toBeLessThanOrEqual(1e-14 * scale);
          // Deviations round relative to the square of the largest value of them.
          expect(Math.abs(runningSd(r) ** 2 - variance(exact))).toBeLessThanOrEqual(1e-13 * scale * scale);
        }
      }),
    );
  });

  it("keep the spread of values close to one another", () => {
    const r = of([1 + 1e-12, 1 - 1e-12, 1 + 1e-12, 1 - 1e-12]);
    expect(Math.abs(runningSd(r) / 1e-12 - 1)).toBeLessThan(1e-3);
  });

  it("have no estimate of no values, and no error of one", () => {
    expect(runningEstimate(running())).toMatchObject({ value: Number.NaN, standardError: Number.NaN, networks: 0 });
    expect(runningEstimate(of([3]))).toMatchObject({ value: 3, standardError: Number.POSITIVE_INFINITY, networks: 1 });
  });
});
