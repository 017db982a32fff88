import { readFileSync } from "node:fs";
import { matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { deathProbability, growDeathProbability, singlePointBound } from "../src/index.js";

const reference: { cases: { width: number; hiddenLayers: number; bornDead: number; standardError: number }[] } = JSON.parse(
  readFileSync(new URL("../../../test/verify/reference/death.json", import.meta.url), "utf8"),
);

describe("deathProbability", () => {
  const cases = reference.cases.flatMap((wanted) => (["count", "conditional"] as const).map((method) => ({ ...wanted, method })));

  it.each(cases)(
    "agrees with the reference for width $width, $hiddenLayers hidden layers: $method",
    async ({ method, ...wanted }) => {
      const model = mlp([1, ...new Array<number>(wanted.hiddenLayers).fill(wanted.width), 1]);
      const found = await deathProbability(model, { networks: method === "count" ? 20_000 : 4000, seed: 3, method });
      // 30 cases at 4.5 standard errors.
      expect(Math.abs(found.value - wanted.bornDead)).toBeLessThan(4.5 * Math.hypot(found.standardError, wanted.standardError));
      // With two layers the value is exact, and the lower bound is attained.
      expect(found.bounds.lower).toBeLessThanOrEqual(found.value * (1 + 1e-14) + 4.5 * found.standardError);
      expect(found.bounds.upper).toBeGreaterThan(found.value - 4.5 * found.standardError);
      expect(found.domain).toEqual({ kind: "rays", points: 2 });
      // With zero bias a network is born dead exactly if no point lives; it dies in one layer.
      expect(found.noLivingPoint.value).toBe(found.value);
      const died = found.layers.reduce((sum, { deadHere }) => sum + deadHere.value, 0);
      expect(Math.abs(died - found.value)).toBeLessThan(1e-12);
    },
  );

  it("the living ratio of a ray is (1 - 2^-N)^l", async () => {
    const { layers } = await deathProbability(mlp("1-3x6-1"), { networks: 20_000, seed: 1, method: "count" });
    layers.forEach(({ livingRatio }, l) => {
      expect(Math.abs(livingRatio.value - (1 - 2 ** -3) ** (l + 1))).toBeLessThan(4.5 * livingRatio.standardError);
    });
  });

  it("is the single-point bound for one point, and for one ray", async () => {
    const exact = singlePointBound([3, 3, 3]);
    for (const options of [{ data: matrixFromRows([[0.3, -2]]) }, { domain: [[0, 1]] as [number, number][] }]) {
      const model = mlp(options.data ? "2-3x3-1" : "1-3x3-1");
      const { value, standardError, bounds } = await deathProbability(model, {
        ...options,
        networks: 20_000,
        seed: 5,
        method: "count",
      });
      expect(Math.abs(value - exact)).toBeLessThan(4.5 * standardError);
      const conditional = await deathProbability(model, { ...options, networks: 64, method: "conditional" });
      expect(Math.abs(conditional.value / exact - 1)).toBeLessThan(1e-13);
      expect(conditional.standardError).toBe(0);
      expect(bounds).toMatchObject({ lower: exact, upper: exact });
    }
  });

  // Science note "collapse and death": BDP on [-sqrt 3, sqrt 3], 9 hidden layers, 101-point grid, standard errors at most 0.0025.
  it.each([
    ["2", { bias: "like-weights" }, 0.819],
    ["3", { bias: "like-weights" }, 0.473],
    ["2", { init: "pytorch" }, 0.872],
    ["4", { init: "pytorch" }, 0.334],
    ["2", { init: "rai" }, 0.237],
    ["3", { init: "rai" }, 0.064],
  ])("agrees with the published table: width %s, %j", async (width, options, wanted) => {
    const found = await deathProbability(mlp(`1-${width}x9-1`, options), {
      domain: [-Math.sqrt(3), Math.sqrt(3)],
      points: 101,
      networks: 3000,
      seed: 2,
    });
    expect(Math.abs(found.value - wanted)).toBeLessThan(4.5 * Math.hypot(found.standardError, 0.0025));
    expect(found.noLivingPoint.value).toBeGreaterThanOrEqual(found.value);
  });

  it("batch norm, leaky ReLU and residual connections are never born dead", async () => {
    for (const options of [{ norm: "batch" }, { activation: "leaky-relu:0.01" }, { skip: "residual", block: 1 }] as const) {
      const { value, bounds } = await deathProbability(mlp("1-2x8-1", options), { networks: 200, points: 16 });
      expect([value, bounds.lower, bounds.upper]).toEqual([0, 0, 0]);
    }
  });

  it("draws until the relative error is met, on a prefix of chunks", async () => {
    const found = await deathProbability(mlp("1-2x10-1"), { relativeError: 0.01, seed: 1 });
    expect(found.standardError).toBeLessThanOrEqual(0.01 * found.value);
    expect(Math.abs(found.value - 0.90996)).toBeLessThan(4.5 * Math.hypot(found.standardError, 0.000122));
    expect(found.networks).toBeLessThan(10_000);
  });

  it("propagating survivors reaches what counting never sees, and agrees with counting layer by layer", async () => {
    const rare = await deathProbability(mlp("1-64x100-1"), { relativeError: 0.1, seed: 2 });
    expect(rare.method).toBe("conditional");
    // Intervals of few networks reach beyond what a share can be, but for their ends.
    expect((await deathProbability(mlp("1-8x9-1"), { networks: 2, method: "conditional", seed: 1 })).low).toBe(0);
    const few = await deathProbability(mlp("1-2x3-1"), { networks: 2, method: "count", seed: 1 });
    expect([few.layers[2].livingRatio.low, few.layers[2].livingRatio.high]).toEqual([0, 1]);
    expect(rare.value).toBeGreaterThan(1e-20);
    expect(rare.value).toBeLessThan(rare.bounds.upper);
    expect(rare.standardError).toBeLessThan(0.1 * rare.value);
    const [a, b] = await Promise.all(
      (["conditional", "count"] as const).map((method) => deathProbability(mlp("1-3x6-1"), { networks: 8000, seed: 4, method })),
    );
    a.layers.forEach(({ livingRatio, deadHere }, l) => {
      for (const [x, y] of [
        [livingRatio, b.layers[l].livingRatio],
        [deadHere, b.layers[l].deadHere],
      ])
        expect(Math.abs(x.value - y.value)).toBeLessThanOrEqual(4.5 * Math.hypot(x.standardError, y.standardError));
    });
  });

  it("says why survivors cannot be propagated", async () => {
    const conditional = (model: ReturnType<typeof mlp>, options = {}) =>
      deathProbability(model, { ...options, method: "conditional" });
    await expect(conditional(mlp("1-3x2-1", { bias: "normal:1" }), { data: matrixFromRows([[1], [2]]) })).rejects.toThrow(
      "--method conditional is not exact here: biases and norms have no closed form",
    );
    await expect(conditional(mlp("1-3x2-1", { init: "orthogonal" }))).rejects.toThrow(
      "is not ReLU after a dense layer with normal weights",
    );
    await expect(conditional(mlp("1-3x2-1", { activation: "abs" }))).rejects.toThrow(
      "layers[1] is not ReLU after a dense layer with normal weights",
    );
    await expect(conditional(mlp("2-3x2-1"))).rejects.toThrow(
      "there are more than three points in different directions, and no closed form",
    );
  });

  it("is a pure function of its options", async () => {
    const options = { networks: 500, seed: 9 };
    expect(await deathProbability(mlp("1-3x4-1"), options)).toEqual(await deathProbability(mlp("1-3x4-1"), options));
    expect((await deathProbability(mlp("1-3x4-1"), { ...options, seed: 10 })).value).not.toBe(
      (await deathProbability(mlp("1-3x4-1"), options)).value,
    );
  });

  it("refuses what makes no sense", async () => {
    const net = mlp("2-3-1");
    await expect(deathProbability(net, { data: matrixFromRows([[1]]) })).rejects.toThrow(
      "the data needs 2 columns, one per input of the model, got 1",
    );
    await expect(deathProbability(net, { data: { rows: 0, cols: 2, data: new Float64Array(0) } })).rejects.toThrow(
      "at least one point",
    );
    await expect(deathProbability(net, { domain: [-1, 1] })).rejects.toThrow(
      "one interval per input: the model has 2, the domain 1",
    );
    await expect(deathProbability(net, { points: 1 })).rejects.toThrow("at least 2 points, got 1");
    await expect(deathProbability(net, { relativeError: 0 })).rejects.toThrow("a number above 0, got 0");
  });
});

describe("growDeathProbability", () => {
  it("grows to what deathProbability finds, and stops where it does", async () => {
    const options = { seed: 1, networks: 20_000, method: "weights" } as const;
    const model = mlp("1-4x6-1");
    const counts: number[] = [];
    let last: Awaited<ReturnType<typeof deathProbability>> | undefined;
    for await (last of growDeathProbability(model, options)) counts.push(last.networks);
    expect(last).toEqual(await deathProbability(model, options));
    expect(counts.length).toBeGreaterThan(1);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    const precise = { seed: 1, relativeError: 0.05, method: "weights" } as const;
    for await (last of growDeathProbability(model, precise));
    expect(last).toEqual(await deathProbability(model, precise));
  });
});
