import { matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { deadUnitDistribution, deathProbability } from "../src/index.js";

const binomial = (n: number, p: number) => {
  const probabilities: number[] = [];
  let term = (1 - p) ** n;
  for (let k = 0; k <= n; k++) {
    probabilities.push(term);
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return probabilities;
};

describe("deadUnitDistribution", () => {
  it.each([
    ["one point: each unit with probability 1/2", [[1, 2]], 1 / 2],
    [
      "two orthogonal points: 1/4",
      [
        [1, 0],
        [0, 1],
      ],
      1 / 4,
    ],
    [
      "two points at 60 degrees: 1/3",
      [
        [1, 0],
        [0.5, Math.sqrt(3) / 2],
      ],
      1 / 3,
    ],
  ])("is binomial in layer 1, %s", async (_name, points, p) => {
    const [first] = await deadUnitDistribution(mlp("2-5-1"), { data: matrixFromRows(points), networks: 20_000, seed: 1 });
    const wanted = binomial(5, p);
    expect(Math.abs(first.dead.value - 5 * p)).toBeLessThan(4.5 * first.dead.standardError);
    for (const { dead, probability } of first.distribution)
      expect(Math.abs(probability.value - wanted[dead])).toBeLessThan(
        4.5 * Math.sqrt((wanted[dead] * (1 - wanted[dead])) / 20_000),
      );
  });

  it("finds no dead unit in the first layer of an interval, and all dead as often as layers die", async () => {
    const options = { networks: 5000, seed: 2, method: "count" } as const;
    const layers = await deadUnitDistribution(mlp("1-3x3-1"), options);
    const death = await deathProbability(mlp("1-3x3-1"), options);
    expect(layers[0]).toMatchObject({ dead: { value: 0 }, distribution: [{ dead: 0, probability: { value: 1 } }] });
    const allDead = layers[1].distribution.find(({ dead }) => dead === 3)?.probability;
    expect(allDead?.value).toBe(death.layers[1].deadHere.value);
    for (const { distribution } of layers)
      expect(distribution.reduce((sum, { probability }) => sum + probability.value, 0)).toBeCloseTo(1, 12);
  });

  it("counts channels, and never units that cannot vanish", async () => {
    const conv = {
      input: [4, 4, 1],
      layers: [
        { kind: "conv", channels: 3, kernel: [3, 3] },
        { kind: "activation", activation: "relu" },
        { kind: "flatten" },
        { kind: "dense", units: 1 },
      ],
    } as const;
    const image = matrixFromRows([Array.from({ length: 16 }, (_, i) => i - 7.5)]);
    const [layer] = await deadUnitDistribution(conv, { data: image, networks: 500 });
    expect(layer.units).toBe(3);
    expect(Math.max(...layer.distribution.map(({ dead }) => dead))).toBeLessThanOrEqual(3);
    const [tanh] = await deadUnitDistribution(mlp("1-3-1", { activation: "tanh", weightVariance: 1e-300 }), { networks: 20 });
    expect(tanh.dead.value).toBe(0);
  });
});
