import { split, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { singlePointBound } from "../src/index.js";
import { oneOrTwoRays } from "../src/simulations/one-or-two-rays.js";

/** P(born dead) of each of so many networks. */
function bornDead(angle: number, widths: readonly number[], networks: number): number[] {
  const draw = oneOrTwoRays(angle, widths);
  return Array.from({ length: networks }, (_, k) => draw(split(stream(3), k)).reduce((sum, dead) => sum + dead, 0));
}

function mean(values: readonly number[]): { value: number; standardError: number } {
  const value = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (values.length - 1);
  return { value, standardError: Math.sqrt(variance / values.length) };
}

describe("oneOrTwoRays", () => {
  it("needs no luck for one ray: each layer of N units is dead with probability 2^-N", () => {
    const widths = [3, 1, 4, 1, 5];
    for (const dead of bornDead(0, widths, 3)) expect(dead).toBeCloseTo(singlePointBound(widths), 14);
  });

  it.each([2, 3, 4, 9])("is exact for opposite rays through two layers of %i units: 4^-N (3 - 2^(1-N))", (units) => {
    const exact = 4 ** -units * (3 - 2 ** (1 - units));
    for (const dead of bornDead(Math.PI, [units, units], 3)) expect(Math.abs(dead / exact - 1)).toBeLessThan(1e-13);
  });

  it("takes one layer of opposite rays to be alive for sure", () => {
    expect(bornDead(Math.PI, [3], 2)).toEqual([0, 0]);
  });

  it("agrees with 1045/3072 for three layers of two units, and with a simulation of four million networks for ten of four", () => {
    const three = mean(bornDead(Math.PI, [2, 2, 2], 40_000));
    expect(Math.abs(three.value - 1045 / 3072)).toBeLessThan(4.5 * three.standardError);
    const ten = mean(bornDead(Math.PI, new Array(10).fill(4), 40_000));
    expect(Math.abs(ten.value - 0.336358)).toBeLessThan(4.5 * Math.hypot(ten.standardError, 0.000214));
  });

  it("has a hundred times less variance than counting at width 4 and depth 10", () => {
    const { value, standardError } = mean(bornDead(Math.PI, new Array(10).fill(4), 10_000));
    expect((value * (1 - value)) / (1e4 * standardError ** 2)).toBeGreaterThan(90);
  });

  it("follows rays at any angle through unequal widths, and a layer of one unit joins them", () => {
    // Two layers: dead in the first with q^N, q = (pi - theta) / (2 pi); then one ray is left, whatever was drawn.
    const dead = ((Math.PI - 1) / (2 * Math.PI)) ** 1;
    for (const value of bornDead(1, [1, 5], 3)) expect(value).toBeCloseTo(dead + (1 - dead) * 2 ** -5, 14);
    for (const value of bornDead(1, [7, 1, 5, 2], 20)) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(singlePointBound([7, 1, 5, 2]));
    }
  });

  it("takes deep and wide networks, whose draws come in parts", () => {
    // The first layers are the same in a shorter network, whose draws fit into one part.
    const [short, long] = [new Array(20).fill(40), new Array(600).fill(40)];
    const [first, ...rest] = [short, long].map((widths) => oneOrTwoRays(1, widths)(stream(5)).slice(0, 19));
    expect(rest).toEqual([first]);
    const deep = mean(bornDead(Math.PI, new Array(3000).fill(12), 50));
    expect(deep.value).toBeGreaterThan(0.4);
    expect(deep.value).toBeLessThan(singlePointBound(new Array(3000).fill(12)));
  });

  it("draws the same network from the same stream, whatever was drawn before", () => {
    const draw = oneOrTwoRays(2, [3, 4, 5]);
    const first = [...draw(stream(8))];
    draw(stream(9));
    expect([...draw(stream(8))]).toEqual(first);
  });
});
