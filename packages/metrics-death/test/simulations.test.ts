import { readFileSync } from "node:fs";
import { matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { deathProbability, intervalBounds, twoLayerDeath } from "../src/index.js";

interface Share {
  readonly value: number;
  readonly standardError: number;
}
interface Case {
  readonly widths: number[];
  readonly points: number[][];
  readonly bias: number | null;
  readonly bornDead: Share;
  readonly noLivingPoint: Share;
}
const fixture: { counted: Case[]; biased: Case[]; rare: (Share & { width: number; hiddenLayers: number })[] } = JSON.parse(
  readFileSync(new URL("./fixtures/death.json", import.meta.url), "utf8"),
);
const chain = (inputs: number, widths: readonly number[]) => [inputs, ...widths, 1];

/** Within 4.5 joint standard errors. */
function expectSame(a: Share, b: Share): void {
  expect(Math.abs(a.value - b.value)).toBeLessThanOrEqual(4.5 * Math.hypot(a.standardError, b.standardError));
}

describe("survivors", () => {
  it.each(fixture.counted)("agree with a NumPy count: widths $widths, $points", async ({ widths, points, ...wanted }) => {
    const model = mlp(chain(points[0].length, widths));
    const found = await deathProbability(model, { data: matrixFromRows(points), networks: 4000, seed: 2 });
    expect(found.executor).toBe("survivors");
    expectSame(found, wanted.bornDead);
    expect(found.noLivingPoint.value).toBe(found.value);
    if (points[0].length === 1) {
      expect(intervalBounds(widths).lower).toBeLessThan(wanted.bornDead.value + 4.5 * wanted.bornDead.standardError);
      expect(intervalBounds(widths).upper).toBeGreaterThan(wanted.bornDead.value - 4.5 * wanted.bornDead.standardError);
    }
  });

  it("are exact for one and two layers, with no spread at all, however rare", async () => {
    expect(await deathProbability(mlp("1-9-1"), { networks: 100 })).toMatchObject({ value: 0, standardError: 0 });
    for (const [first, second] of [
      [2, 2],
      [3, 7],
      [15, 15],
      [40, 30],
    ]) {
      const found = await deathProbability(mlp(chain(1, [first, second])), { networks: 100 });
      expect(Math.abs(found.value / twoLayerDeath(first, second) - 1)).toBeLessThan(1e-13);
      expect(found.standardError).toBe(0);
    }
  });

  it("find 1045/3072 for three layers of two units", async () => {
    const found = await deathProbability(mlp("1-2x3-1"), { networks: 20_000, seed: 1 });
    expectSame(found, { value: 1045 / 3072, standardError: 0 });
    expect(found.standardError).toBeLessThan(0.0005 * found.value);
  });

  it.each(fixture.rare)(
    "reach rare deaths: width $width, $hiddenLayers layers, $value",
    async ({ width, hiddenLayers, ...wanted }) => {
      const found = await deathProbability(mlp(chain(1, new Array(hiddenLayers).fill(width))), { relativeError: 0.03, seed: 3 });
      expectSame(found, wanted);
    },
  );

  it("are a ray where points lie on one, two where many points do", async () => {
    const many = matrixFromRows(Array.from({ length: 40 }, (_, i) => [i % 2 ? i + 1 : -1 - i]));
    const options = { networks: 500, seed: 4 };
    const [rays, data] = await Promise.all([
      deathProbability(mlp("1-3x5-1"), options),
      deathProbability(mlp("1-3x5-1"), { ...options, data: many }),
    ]);
    expect(data.value).toBe(rays.value);
    const ray = matrixFromRows([
      [1, 2],
      [2, 4],
      [0, 0],
    ]);
    const found = await deathProbability(mlp("2-3x2-1"), { data: ray, networks: 50 });
    expect(found.value).toBeCloseTo(1 - (7 / 8) ** 2, 14);
    expect(found.layers[1].livingRatio).toMatchObject({ standardError: 0 });
    expect(found.layers[1].livingRatio.value).toBeCloseTo((2 / 3) * (7 / 8) ** 2, 14);
  });
});

describe("three nearly parallel points", () => {
  it("die as one, and take no longer", async () => {
    const near = (off: number) =>
      matrixFromRows([
        [1, 0],
        [1, off],
        [1, -off],
      ]);
    const options = { networks: 300, seed: 7 };
    for (const off of [1e-9, 1e-5, 1e-3]) {
      const found = await deathProbability(mlp("2-4x5-1"), { ...options, data: near(off) });
      expect(found.executor).toBe("survivors");
      const single = found.bounds.upper;
      // A unit tells the three apart with probability 2 off / pi, so a layer does with 8 off / pi.
      expect(found.value).toBeLessThanOrEqual(single * (1 + 1e-12));
      expect(found.value).toBeGreaterThan(single * (1 - 5 * ((8 * off) / Math.PI) - 1e-9));
    }
  });
});

describe("breakpoints", () => {
  it.each(fixture.biased)(
    "agree with a NumPy count on 801 points: widths $widths, bias $bias",
    async ({ widths, bias, ...wanted }) => {
      const net = mlp(chain(1, widths), { bias: bias === 2 ? "like-weights" : "zeros" });
      // In the note's words N(0, variance / fan_in); the architecture takes the variance of each layer.
      const layers = net.layers.map((layer, l) =>
        layer.kind === "dense" && bias ? { ...layer, bias: `normal:${bias / (l === 0 ? 1 : widths[l / 2 - 1])}` } : layer,
      );
      const found = await deathProbability({ ...net, layers }, { networks: 6000, seed: 5 });
      expect(found).toMatchObject({ executor: "breakpoints", method: "weights", domain: { kind: "interval" } });
      expectSame(found, wanted.bornDead);
      expectSame(found.noLivingPoint, wanted.noLivingPoint);
      // An interval is connected: where no layer is zero everywhere some point lives through all.
      expect(found.noLivingPoint.value).toBe(found.value);
    },
  );

  it("are the limit of grids of the same networks", async () => {
    const net = mlp("1-3x4-1", { init: "rai" });
    const shared = { networks: 300, seed: 6, domain: [-2, 1] } as const;
    const exact = await deathProbability(net, shared);
    const fine = await deathProbability(net, { ...shared, points: 3001, method: "weights" });
    const error = exact.layers.map(({ livingRatio }, l) => Math.abs(livingRatio.value - fine.layers[l].livingRatio.value));
    // Each of at most 24 boundaries between living and dead parts is off by at most a step.
    for (const off of error) expect(off).toBeLessThan(24 / 3000);
    expect(exact.value).toBeLessThanOrEqual(fine.value);
  });

  it("step aside for points that were asked for, other activations and other draws", async () => {
    const net = mlp("1-3x2-1", { bias: "normal:1" });
    const kind = async (model: typeof net, options = {}) =>
      (await deathProbability(model, { networks: 4, ...options })).domain.kind;
    expect(await kind(net)).toBe("interval");
    expect(await kind(net, { sampling: "exact", points: 50 })).toBe("interval");
    expect(await kind(net, { points: 50 })).toBe("grid");
    expect(await kind(net, { sampling: "random" })).toBe("sample");
    expect(await kind(net, { method: "law" })).toBe("grid");
    expect(await kind(mlp("1-3x2-1", { bias: "normal:1", activation: "relu6" }))).toBe("grid");
    expect(await kind(mlp("1-300x20-1", { bias: "normal:1" }))).toBe("grid");
    await expect(kind(mlp("2-3-1", { bias: "normal:1" }), { sampling: "exact" })).rejects.toThrow(
      "the domain cannot be treated exactly: it takes a single input; take a grid or a random sample instead",
    );
  });
});
