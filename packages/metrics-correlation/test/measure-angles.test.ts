import { readFileSync } from "node:fs";
import { matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { measureAngles, twoInputs } from "../src/index.js";

interface Case {
  theta0: string;
  width: number;
  hiddenLayers: number;
  networks: number;
  degenerate: number;
  mean: number;
  meanStandardError: number;
  sd: number;
  sdStandardError: number;
}
// Simulations made for this project by an independent script; the file says what each number is.
const reference: { networks: Case[]; explicitWeights: Case[] } = JSON.parse(
  readFileSync(new URL("../../../test/verify/reference/angles.json", import.meta.url), "utf8"),
);
const angles: Record<string, number> = { "pi/2": Math.PI / 2, "pi/4": Math.PI / 4, "0.1": 0.1 };
const small = reference.networks.filter(({ width, hiddenLayers }) => width * hiddenLayers <= 1000);

describe("measureAngles", () => {
  it.each(small)("agrees with the reference: $theta0, width $width, $hiddenLayers layers", async (wanted) => {
    const networks = 1500;
    const model = mlp([2, ...new Array<number>(wanted.hiddenLayers).fill(wanted.width), 1]);
    const { layers } = await measureAngles(model, { theta0: angles[wanted.theta0], networks, seed: 4 });
    const last = layers[layers.length - 1];
    expect(Math.abs(last.logSin2.value - wanted.mean)).toBeLessThan(
      4.5 * Math.hypot(last.logSin2.standardError, wanted.meanStandardError),
    );
    // The error of a spread scales with the root of the number of networks.
    const spreadError = wanted.sdStandardError * Math.sqrt(wanted.networks / networks);
    expect(Math.abs(last.logSin2.sd - wanted.sd)).toBeLessThan(4.5 * Math.hypot(spreadError, wanted.sdStandardError));
    const share = wanted.degenerate / wanted.networks;
    expect(Math.abs(last.degenerate - share)).toBeLessThan(4.5 * Math.sqrt(Math.max(share, 1 / networks) / networks));
  });

  it("explicit weights and the draw in law agree", async () => {
    const options = { theta0: 1, networks: 4000, seed: 6 };
    const [a, b] = [
      await measureAngles(mlp("2-12x6-1"), { ...options, method: "law" }),
      await measureAngles(mlp("2-12x6-1"), { ...options, method: "weights" }),
    ];
    expect([a.method, b.method]).toEqual(["law", "weights"]);
    a.layers.forEach((layer, l) => {
      for (const key of ["logSin2", "angle", "cosine", "correlation", "degenerateEstimate"] as const) {
        const [x, y] = [layer[key], b.layers[l][key]];
        const error = Math.hypot(x.standardError, y.standardError);
        expect(Math.abs(x.value - y.value)).toBeLessThanOrEqual(4.5 * error);
      }
    });
  });

  it("one input: the pair is -1 and 1, and a dead ray is degenerate", async () => {
    const { layers, pairs } = await measureAngles(mlp("1-2x3-1"), { networks: 4000 });
    expect(pairs).toBe(1);
    // After layer 1 the images of -1 and 1 are orthogonal unless all units look the same way: 2 * 2^-2.
    expect(Math.abs(layers[0].degenerate - 0.5)).toBeLessThan(4.5 * 0.5 * Math.sqrt(1 / 4000));
    expect(layers[0].angle.value).toBeCloseTo(Math.PI / 2, 12);
    expect(layers[2].degenerate).toBeGreaterThan(layers[1].degenerate);
  });

  it("a data set: averages over pairs, networks as independent samples", async () => {
    const data = matrixFromRows([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const { layers, pairs, networks } = await measureAngles(mlp("3-16x2-1"), { data, networks: 2000 });
    expect([pairs, networks, layers[0].angle.networks]).toEqual([3, 2000, 2000]);
    const { layers: single } = await measureAngles(mlp("3-16x2-1"), { theta0: Math.PI / 2, networks: 2000, seed: 1 });
    // Orthogonal inputs all have the same law.
    const error = Math.hypot(layers[1].logSin2.standardError, single[1].logSin2.standardError);
    expect(Math.abs(layers[1].logSin2.value - single[1].logSin2.value)).toBeLessThan(4.5 * error);
    expect(Math.abs(layers[1].logSin2.sd / single[1].logSin2.sd - 1)).toBeLessThan(0.2);
  });

  it("a zero point makes its pairs degenerate, never NaN", async () => {
    const { layers } = await measureAngles(mlp("2-4x2-1"), {
      data: matrixFromRows([
        [0, 0],
        [1, 2],
      ]),
      networks: 10,
    });
    expect(layers[0].degenerate).toBe(1);
    expect(layers[0].logSin2).toMatchObject({ networks: 0, value: Number.NaN });
  });

  it("refuses what makes no sense", async () => {
    await expect(measureAngles(mlp("2-4-1"), { theta0: 4 })).rejects.toThrow("an angle between inputs lies in (0, pi], got 4");
    await expect(measureAngles(mlp("1-4-1"), { theta0: 1 })).rejects.toThrow("two values of a single input are at the angle pi");
    await expect(measureAngles(mlp("2-4-1"), { data: matrixFromRows([[1, 2]]) })).rejects.toThrow("at least two points, got 1");
    await expect(measureAngles(mlp("2-4-1"), { relativeError: -1 })).rejects.toThrow("a number above 0, got -1");
  });
});

describe("twoInputs", () => {
  it("is e1 and cos(theta0) e1 + sin(theta0) e2", () => {
    expect(twoInputs(mlp("3-4-1"), Math.PI).data).toEqual(Float64Array.of(1, 0, 0, -1, 0, 0));
    expect(twoInputs(mlp("1-4-1")).data).toEqual(Float64Array.of(-1, 1));
  });
});
