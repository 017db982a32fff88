import { readFileSync } from "node:fs";
import { matrix, normals, sampleRows, split, stream } from "@sonde/core";
import { forward, inferShapes, mlp, networkStream, randomNetwork, sharedStream } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import {
  compareWithNull,
  linearGaussianVni,
  measureUnits,
  measureVni,
  networkLocalVni,
  nullDistribution,
  observed,
  type SpreadEstimate,
  type VniMetricOptions,
  vniRequest,
} from "../src/index.js";

interface Value {
  value: number;
  standardError: number;
}
interface Case {
  activation: string;
  weights: "gaussian" | "orthogonal";
  width: number;
  hiddenLayers: number;
  weighted: Value;
  vni: Value;
  local: Value;
  constantUnits: number;
  weightVariance: number;
  biasVariance: number;
}
// Simulations made for this project by an independent script; the file says what each number is.
const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../../../test/verify/reference/vni.json", import.meta.url), "utf8"),
);
const small = cases.filter(({ width, hiddenLayers }) => width === 64 && hiddenLayers === 5);

const data = matrix(300, 6, normals(stream(3), new Float64Array(1800)));

describe("measureVni", () => {
  it.each(small)("agrees with the reference: $activation $weights $biasVariance", async (wanted) => {
    const model = mlp("64-64x5-1", {
      activation: wanted.activation,
      init: wanted.weights === "gaussian" ? "lecun-normal" : "orthogonal",
      weightVariance: wanted.weightVariance,
      bias: `normal:${wanted.biasVariance}`,
    });
    const networks = wanted.weights === "gaussian" ? 24 : 8;
    const { layers } = await measureVni(model, { networks, seed: 2 });
    const last = layers[4];
    for (const key of ["vni", "weighted", "local"] as const) {
      const { value, standardError } = last[key] as SpreadEstimate;
      // The reference removed the bias to the first order only.
      const allowed = 4.5 * Math.hypot(standardError, wanted[key].standardError) + 0.005 * wanted[key].value;
      expect(Math.abs(value - wanted[key].value)).toBeLessThan(allowed);
    }
    const { value, standardError } = last.constantUnits;
    expect(Math.abs(value - wanted.constantUnits)).toBeLessThanOrEqual(4.5 * standardError * Math.sqrt(1 + networks / 50));
  });

  it("a linear orthogonal network has exactly 1/N locally, and on white points on average", async () => {
    for (const [model, effective] of [
      ["32-32x4-1", 32],
      ["3-32x4-1", 3],
    ] as const) {
      const { layers } = await measureVni(mlp(model, { activation: "linear", init: "orthogonal" }), {
        networks: 16,
        points: 500,
      });
      for (const { local, weighted } of layers) {
        expect(local?.value).toBeCloseTo(1 / effective, 6);
        expect(Math.abs(weighted.value - 1 / effective)).toBeLessThan(5 * weighted.standardError);
      }
    }
  });

  it("a linear Gaussian network follows the annealed closed form, which is above the mean of the ratio", async () => {
    const { layers } = await measureVni(mlp("64-64x10-1", { activation: "linear" }), { networks: 32, points: 500 });
    const measured = layers[9].local as SpreadEstimate;
    // 0.1770 +- 0.0014 in an independent simulation.
    expect(Math.abs(measured.value - 0.177)).toBeLessThan(4.5 * Math.hypot(measured.standardError, 0.0014));
    expect(linearGaussianVni(64, 10)).toBeGreaterThan(measured.value - 4.5 * measured.standardError);
  });

  it("one ReLU layer: the uncentred squared similarity of two units, whose cosine is 1/pi on average", async () => {
    const { layers } = await measureVni(mlp("64-64x1-1"), { networks: 24, centred: false, local: false });
    // The units' directions have the angle theta: cos = (sin theta + (pi - theta) cos theta) / pi, and E cos^2 over random directions of 64 inputs.
    const n = 64;
    let [sum, weight] = [0, 0];
    for (let k = 0; k < 20_000; k++) {
      const theta = ((k + 0.5) / 20_000) * Math.PI;
      const w = Math.sin(theta) ** (n - 2);
      sum += w * ((Math.sin(theta) + (Math.PI - theta) * Math.cos(theta)) / Math.PI) ** 2;
      weight += w;
    }
    const exact = (1 + (n - 1) * (sum / weight)) / n;
    // Whole units have one norm, that of their direction: half the squared length.
    expect(Math.abs(layers[0].vni.value - exact)).toBeLessThan(5 * layers[0].vni.standardError);
    expect(sum / weight).toBeGreaterThan(1 / Math.PI ** 2);
  });

  it("draws the points it looks at by the seed, so that no order of them misleads", () => {
    const seen = observed(mlp("6-10-1"), "post");
    const rows = (seed: number) => (vniRequest(seen, 1000, { points: 128, seed }).options as VniMetricOptions).rows ?? [];
    expect(new Set(rows(1)).size).toBe(128);
    expect(rows(1)).toEqual(rows(1));
    expect(rows(2)).not.toEqual(rows(1));
    // Every eighth point would be of one class where classes come in turns.
    expect(new Set(rows(1).map((row) => row % 8)).size).toBe(8);
    expect(rows(1).reduce((sum, row) => sum + row, 0) / 128).toBeGreaterThan(400);
    expect((vniRequest(seen, 128, { points: 128 }).options as VniMetricOptions).rows).toBeUndefined();
  });

  it("is the average of what the single networks have, by the same code", async () => {
    const architecture = mlp("6-10x3-1", { init: "rai" });
    const networks = 5;
    const { layers, executor } = await measureVni(architecture, { data, networks, seed: 4 });
    expect(executor).toBe("reference");
    const sums = [0, 0, 0];
    for (let k = 0; k < networks; k++)
      forward(randomNetwork(architecture, networkStream(4, k)), data, {
        observe: ({ layer, activations }) => {
          sums[layer - 1] += measureUnits(activations).vni / networks;
        },
      });
    layers.forEach(({ vni }, l) => {
      expect(vni.value).toBeCloseTo(sums[l], 12);
    });
    const local = layers[2].local as SpreadEstimate;
    const point = sampleRows(data, 1, split(sharedStream(4), 4));
    const values = Array.from({ length: networks }, (_, k) =>
      networkLocalVni(randomNetwork(architecture, networkStream(4, k)), point.data),
    ).map((layers) => layers[2]);
    expect(local.value).toBeCloseTo(values.reduce((a, b) => a + b) / networks, 6);
  });

  it("law and weights agree", async () => {
    const options = { data, networks: 200, local: false };
    const [a, b] = [
      await measureVni(mlp("6-12x4-1"), { ...options, method: "law" }),
      await measureVni(mlp("6-12x4-1"), { ...options, method: "weights" }),
    ];
    expect([a.method, b.method]).toEqual(["law", "weights"]);
    a.layers.forEach((layer, l) => {
      for (const key of ["vni", "weighted", "constantUnits", "lengthShare"] as const) {
        const [x, y] = [layer[key], b.layers[l][key]];
        expect(Math.abs(x.value - y.value)).toBeLessThanOrEqual(4.5 * Math.hypot(x.standardError, y.standardError));
      }
    });
  });

  it("before the activations: an orthogonal first layer is white, and the formula is that of the pre-activations", async () => {
    const architecture = mlp("16-16x3-1", { init: "orthogonal" });
    const { layers } = await measureVni(architecture, { networks: 12, points: 600, where: "pre" });
    expect(layers).toHaveLength(3);
    expect(layers.map(({ layer }) => layer)).toEqual([1, 2, 3]);
    expect(Math.abs(layers[0].weighted.value - 1 / 16)).toBeLessThan(5 * layers[0].weighted.standardError);
    expect(layers.map(({ formula }) => formula)).toEqual([1 / 16, 2 / 16, 3 / 16]);
    await expect(measureVni(mlp("8-8x2-1", { skip: "residual" }), { where: "pre" })).rejects.toThrow("has no pre-activations");
  });

  it("the same seed gives the same bits, another seed others; every network draws points of its own", async () => {
    const run = (seed: number) => measureVni(mlp("4-8x3-1"), { networks: 10, points: 50, seed });
    const [a, b, c] = [await run(1), await run(1), await run(2)];
    expect(b).toEqual(a);
    expect(c.layers[2].vni.value).not.toBe(a.layers[2].vni.value);
    // Orthogonal square weights change nothing about the points' covariance: what is left is the spread of the points themselves.
    const rotated = await measureVni(mlp("4-4x1-1", { activation: "linear", init: "orthogonal" }), { networks: 10, points: 50 });
    expect(rotated.layers[0].weighted.sd).toBeGreaterThan(0.001);
  });

  it("networks with fewer than two units that vary are left out and counted", async () => {
    const { layers, warnings } = await measureVni(mlp("2-2x4-1"), { networks: 400, points: 100, local: false });
    const last = layers[3];
    expect(last.leftOut).toBeGreaterThan(0);
    expect(last.vni.networks + last.leftOut).toBe(400);
    expect(last.constantUnits.networks).toBe(400);
    expect(warnings.join()).toMatch(/fewer than two units that vary in layer 4/);
    const single = await measureVni(mlp("2-1x2-1"), { networks: 5, points: 50 });
    expect(single.layers[0]).toMatchObject({ leftOut: 5, effectiveNodes: Number.NaN });
  });

  it("convolutions: positions are points, pooled or units", async () => {
    const architecture = {
      input: [6, 6, 2],
      layers: [
        { kind: "conv", channels: 5, kernel: [3, 3] },
        { kind: "activation", activation: "relu" },
        { kind: "flatten" },
        { kind: "dense", units: 1 },
      ],
    } as const;
    for (const positions of ["points", "pooled", "units"] as const) {
      const { layers } = await measureVni(architecture, { networks: 6, points: 200, positions });
      expect(layers[0].vni.value).toBeGreaterThan(0);
      expect(layers[0].vni.value).toBeLessThan(1);
      expect(layers[0].formula).toBeUndefined();
    }
    expect(inferShapes(architecture)[1].output).toEqual([6, 6, 5]);
  });

  it("says what is missing and why", async () => {
    const batch = await measureVni(mlp("4-8x2-1", { norm: "batch" }), { networks: 4, points: 50 });
    expect(batch.layers[0].local).toBeUndefined();
    expect(batch.warnings.join()).toMatch(/no local VNI: layers\[1\] normalises over the batch/);
    expect(batch.warnings.join()).toMatch(/no formula from there on/);
    const deep = await measureVni(mlp("8-8x20-1"), { networks: 4, points: 50 });
    expect(deep.warnings.join()).toMatch(/the formula exceeds 0.35 from layer 1 on/);
    await expect(measureVni(mlp("4-8x2-1"), { points: 3 })).rejects.toThrow("at least 4 points");
    await expect(measureVni(mlp("4-8x2-1"), { data })).rejects.toThrow("the model takes 4 values, but the data has points of 6");
  });

  it("draws until the relative error is met, and ends when it is told to", async () => {
    const { layers, networks } = await measureVni(mlp("4-8x2-1"), { points: 60, relativeError: 0.05, local: false });
    expect(networks).toBeGreaterThanOrEqual(64);
    expect(layers[1].vni.standardError).toBeLessThanOrEqual(0.05 * layers[1].vni.value);
    const reason = new Error("enough");
    await expect(measureVni(mlp("4-8x2-1"), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    // Between the two passes: what the first one found is kept.
    const controller = new AbortController();
    const half = await measureVni(mlp("4-8x2-1"), {
      points: 50,
      networks: 8,
      signal: controller.signal,
      progress: (done) => done === 8 && controller.abort(reason),
    });
    expect(half).toMatchObject({ interrupted: true, networks: 8 });
    expect(half.layers[1].local).toBeUndefined();
    expect(half.warnings.join()).toMatch(/no local VNI: the run ended/);
  });
});

it("measureVni warns below ten points for every effective node, and not from there on", async () => {
  const run = (points: number) => measureVni(mlp("6-12x1-1"), { points, networks: 200, local: false });
  const { effectiveNodes } = (await run(200)).layers[0];
  const few = async (points: number) => (await run(points)).warnings.join().includes("points are few");
  // The correction for few points leaves the number as it is, to a few per cent.
  expect(await few(Math.floor(9 * effectiveNodes))).toBe(true);
  expect(await few(Math.ceil(11 * effectiveNodes))).toBe(false);
});

describe("the null distribution", () => {
  it("places a network among random ones on the same data", async () => {
    const architecture = mlp("6-12x3-1");
    const random = await nullDistribution(architecture, { data, networks: 300, seed: 1 });
    const { vni } = random.layers[2];
    expect(vni.values).toHaveLength(300);
    expect([...vni.values]).toEqual([...vni.values].sort((a, b) => a - b));
    const mean = vni.values.reduce((a, b) => a + b) / 300;
    expect(vni.mean.value).toBeCloseTo(mean, 12);
    const middle = compareWithNull(random, { layer: 3, value: mean });
    expect(middle.z).toBeCloseTo(0, 9);
    expect(middle.pValue).toBeGreaterThan(0.3);
    expect(middle.low).toBeLessThan(mean);
    expect(middle.high).toBeGreaterThan(mean);
    // Another random network is an ordinary one; copies of one unit are not.
    const other = randomNetwork(architecture, networkStream(99, 0));
    let value = 0;
    forward(other, data, {
      observe: ({ layer, activations }) => {
        if (layer === 3) value = measureUnits(activations).vni;
      },
    });
    expect(Math.abs(compareWithNull(random, { layer: 3, value }).z)).toBeLessThan(4);
    const copies = compareWithNull(random, { layer: 3, value: 1, quantity: "weighted" });
    expect(copies.pValue).toBeCloseTo(1 / 301, 12);
    expect(copies.z).toBeGreaterThan(1);
    expect(() => compareWithNull(random, { layer: 4, value })).toThrow("the null has the layers 1 to 3, got 4");
  });
});
