import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { angleMap, angleRecursion } from "../src/index.js";

interface Case {
  readonly slope: number;
  readonly theta0: string;
  readonly layers: readonly (readonly [number, string, string])[];
}

const cases: readonly Case[] = JSON.parse(readFileSync(new URL("./fixtures/angles.json", import.meta.url), "utf8"));

describe("the angle recursion", () => {
  it.each(cases.map((c) => [c.slope, c.theta0, c] as const))(
    "with slope %d from %s agrees with 80-digit arithmetic to 1e-12 up to layer 1000",
    (slope, theta0, { layers }) => {
      const found = angleRecursion(Number(theta0), 1000, { slope });
      for (const [layer, theta, logSin2] of layers) {
        const { angle, logSin2: ours } = found[layer - 1];
        expect(Math.abs(angle / Number(theta) - 1), `angle of layer ${layer}`).toBeLessThan(1e-12);
        expect(Math.abs(ours - Number(logSin2)), `ln sin^2 of layer ${layer}`).toBeLessThan(
          1e-12 * Math.max(1, -Number(logSin2)),
        );
      }
    },
  );

  it("keeps the angles of the published table", () => {
    const layers = angleRecursion(Math.PI / 2, 1000);
    expect(layers[9].angle).toBeCloseTo(0.512471086587206, 14);
    expect(layers[99].logSin2).toBeCloseTo(-4.94191467432201, 12);
    expect(layers[999].logSin2).toBeCloseTo(-9.358172332901, 11);
  });

  it("keeps its digits for angles far below the square root of the smallest number", () => {
    // theta' = theta (1 - theta / (3 pi) + ...) for ReLU.
    for (const slope of [0, 0.3, -0.3, -1]) {
      expect(angleMap(1e-200, slope)).toBeCloseTo(1e-200, 214);
      expect(angleMap(1e-200, slope) / 1e-200).toBeCloseTo(1, 14);
      expect(angleRecursion(1e-200, 3, { slope })[2].logSin2).toBeCloseTo(-400 * Math.LN10, 10);
    }
  });

  it("never makes an angle larger, and leaves 0 and the linear map alone", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-300, max: Math.PI, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (theta, slope) => {
          const next = angleMap(theta, slope);
          expect(next).toBeLessThanOrEqual(theta * (1 + 1e-15));
          expect(next).toBeGreaterThanOrEqual(0);
        },
      ),
    );
    expect(angleMap(0)).toBe(0);
    expect(angleMap(1, 1)).toBeCloseTo(1, 15);
    expect(angleMap(Math.PI, -1)).toBeCloseTo(0, 15);
  });

  it("refuses what is no angle, no slope and no depth", () => {
    expect(() => angleMap(-0.1)).toThrow("an angle between two inputs lies in [0, pi], got -0.1");
    expect(() => angleMap(Number.NaN)).toThrow("got NaN");
    expect(() => angleMap(1, Number.POSITIVE_INFINITY)).toThrow("the slope below 0 is a finite number");
    expect(() => angleRecursion(1, 2.5)).toThrow("a depth is a whole number >= 0, got 2.5");
  });
});
