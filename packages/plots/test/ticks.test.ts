import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearTicks, logRound, logTicks, niceEnds, scientific } from "../src/ticks.js";

const names = (ticks: readonly { readonly name: string }[]) => ticks.map(({ name }) => name).join(" ");

describe("ticks", () => {
  it.each([
    [0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0"],
    [-20, 5, 5, "−20 −15 −10 −5 0 5"],
    [0.1, 0.3, 4, "0.10 0.15 0.20 0.25 0.30"],
    [0, 3e6, 3, "0 10⁶ 2×10⁶ 3×10⁶"],
    [0, 4e-5, 4, "0 10⁻⁵ 2×10⁻⁵ 3×10⁻⁵ 4×10⁻⁵"],
  ])("from %f to %f, about %i, are %s", (low, high, count, expected) => {
    expect(names(linearTicks(low, high, count))).toBe(expected);
  });

  it("of ends that are one have words too", () => {
    expect(names(linearTicks(1, 1, 3))).not.toMatch(/NaN/);
  });

  it("of layers are whole and begin with the first", () => {
    expect(names(linearTicks(1, 3, 10, true))).toBe("1 2 3");
    expect(names(linearTicks(1, 100, 5, true))).toBe("1 20 40 60 80 100");
    expect(names(linearTicks(0.5, 1.5, 5, true))).toBe("1");
  });

  it.each([
    [1e-9, 1, 4, "10⁻⁹ 10⁻⁶ 10⁻³ 1"],
    [1, 1000, 6, "1 10 100 1000"],
    [2, 50, 4, "2 5 10 20 50"],
    [0.03, 0.04, 4, "0.030 0.035 0.040"],
    [1e-300, 1e300, 3, "10⁻²⁰¹ 1 10²⁰¹"],
  ])("on a logarithmic axis from %f to %f, about %i, are %s", (low, high, count, expected) => {
    expect(names(logTicks(low, high, count))).toBe(expected);
  });

  it("lie inside, rise, and are few", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (low, range, count) => {
          const high = low + range;
          fc.pre(high - low > Math.max(Math.abs(low), 1) * 1e-9);
          const at = linearTicks(low, high, count).map((tick) => tick.at);
          expect(at.length).toBeLessThanOrEqual(2.5 * count + 2);
          for (const [k, value] of at.entries()) {
            expect(value).toBeGreaterThanOrEqual(low - 1e-6 * range);
            expect(value).toBeLessThanOrEqual(high + 1e-6 * range);
            if (k > 0) expect(value).toBeGreaterThan(at[k - 1]);
          }
          const [from, to] = niceEnds(low, high, count);
          expect(from).toBeLessThanOrEqual(low + 1e-6 * range);
          expect(to).toBeGreaterThanOrEqual(high - 1e-6 * range);
        },
      ),
    );
  });

  it.each([
    [0, "0"],
    [0.25, "0.25"],
    [1e-5, "10⁻⁵"],
    [-2.5e7, "−2.5×10⁷"],
    [12345, "12300"],
  ])("%f is written %s", (value, text) => {
    expect(scientific(value)).toBe(text);
  });

  it("rounds to 1, 2 or 5 times a power of ten", () => {
    expect([0.03, 3, 700, 10].map((value) => [logRound(value, "below"), logRound(value, "above")])).toEqual([
      [0.02, 0.05],
      [2, 5],
      [500, 1000],
      [10, 10],
    ]);
  });
});
