import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { type Matrix, matrix, matrixFromRows, normals, stream } from "@sonde/core";
import { type Architecture, mlp } from "@sonde/nets";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type GradientLevel,
  type GradientsRecord,
  type MeasuredGradientLevel,
  measureGradients,
  predictGradients,
} from "../src/index.js";

// Workers run the built module.
beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [new URL("../../../scripts/build.mjs", import.meta.url).pathname], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
}, 600_000);

const points = (count: number, size: number): Matrix<Float64Array> =>
  matrix(count, size, normals(stream(1), new Float64Array(count * size)));

/** Every level of a record by its name. */
function levels<Level extends GradientLevel>({ layers, inputs, outputWeights }: GradientsRecord<Level>): [string, Level][] {
  const all = layers.flatMap(({ layer, activations, preActivations, weights }) => [
    [`activations ${layer}`, activations],
    [`pre-activations ${layer}`, preActivations],
    [`weights ${layer}`, weights],
  ]);
  return [...all, ["inputs", inputs], ["output weights", outputWeights]].filter((entry) => entry[1]) as [string, Level][];
}

/** Fails where an expected mean square differs from theory by more than so many standard errors. */
function compare(measured: GradientsRecord<MeasuredGradientLevel>, predicted: GradientsRecord, most: number): void {
  const theory = new Map(levels(predicted));
  expect(levels(measured).length).toBe(theory.size);
  for (const [name, { expected }] of levels(measured)) {
    const wanted = theory.get(name)?.expected;
    expect(wanted, name).toBeDefined();
    const z = ((expected?.value ?? Number.NaN) - (wanted?.value ?? Number.NaN)) / (expected?.standardError ?? 0);
    expect(Math.abs(z), name).toBeLessThan(most);
  }
}

const relu = { kind: "activation", activation: "relu" } as const;

/** Residual blocks with a factor and a shortcut, three branches, and a scaled norm. */
const branched: Architecture = {
  input: [8],
  layers: [
    {
      kind: "residual",
      body: [{ kind: "dense", units: 64 }, relu, { kind: "dense", units: 64 }],
      shortcut: [{ kind: "dense", units: 64, weightVariance: 1 }],
      scale: 0.7,
    },
    { kind: "residual", body: [{ kind: "norm", norm: "layer", gamma: 2 }, relu, { kind: "dense", units: 64 }], scale: -0.5 },
    { kind: "concat", branches: [[{ kind: "dense", units: 40 }, relu], [], [{ kind: "dense", units: 24 }]] },
    { kind: "dense", units: 3 },
  ],
};

describe("measured gradients", () => {
  it.each<[string, Architecture, number]>([
    ["narrow ReLU", mlp("8-16x6-3"), 2000],
    ["widths that differ", mlp("8-32-16-64-5-3", { weightVariance: 1.5 }), 2000],
    ["leaky ReLU with a bias", mlp("8-128x3-3", { activation: "leaky-relu:0.2", bias: "normal:0.2" }), 200],
    ["tanh", mlp("8-256x4-3", { activation: "tanh", weightVariance: 1.5, bias: "normal:0.1" }), 150],
    ["orthogonal ReLU", mlp("8-64x6-3", { init: "orthogonal", weightVariance: 2 }), 40],
    ["orthogonal tanh", mlp("64-64x5-3", { init: "orthogonal", activation: "tanh" }), 40],
    ["residual units", mlp("8-64x6-3", { skip: "residual" }), 200],
    ["layer norm", mlp("8-256x4-3", { norm: "layer" }), 150],
    ["RMS norm", mlp("8-256x4-3", { norm: "rms", activation: "tanh" }), 150],
    ["layer norm in residual units", mlp("8-128x6-3", { skip: "residual", norm: "layer", activation: "tanh" }), 150],
    ["dense connections", mlp("8-32x4-3", { skip: "dense" }), 500],
    ["a factor, a shortcut, branches and a scaled norm", branched, 300],
  ])("are within 4 standard errors of theory in the mean: %s", async (_name, architecture, networks) => {
    const inputs = points(16, architecture.input[0]);
    const predicted = predictGradients(architecture, inputs);
    expect(predicted.reason).toBeUndefined();
    const measured = await measureGradients(architecture, inputs, { networks, seed: 2 });
    expect(measured.executor).toBe("kernels");
    compare(measured, predicted, 4);
  });

  it("feel that few inputs have to do with the slopes: tanh of one input", async () => {
    const architecture = mlp("1-64x2-1", { activation: "tanh", weightVariance: 4 });
    const inputs = matrixFromRows([[1]]);
    compare(await measureGradients(architecture, inputs, { networks: 2000 }), predictGradients(architecture, inputs), 4);
  });

  it("are the same bits with one and two threads, and others for another seed", async () => {
    const createWorker = () => new Worker(new URL("worker.mjs", import.meta.url), { execArgv: [] });
    const [architecture, inputs] = [mlp("8-32x6-3", { norm: "batch" }), points(64, 8)];
    const run = (options: object) => measureGradients(architecture, inputs, { networks: 400, ...options });
    const alone = await run({});
    expect(await run({ createWorker, threads: 1 })).toEqual(alone);
    expect(await run({ createWorker, threads: 2 })).toEqual(alone);
    expect((await run({ seed: 1 })).inputs.mean).not.toBe(alone.inputs.mean);
  });

  it("keep their scale where they would underflow, and tell three weight variances apart", async () => {
    const inputs = points(8, 64);
    const growth = async (weightVariance: number) =>
      (await measureGradients(mlp("64-64x8-10", { weightVariance }), inputs, { networks: 50 })).growth?.value ?? 0;
    // Each layer takes half the weight variance; ln of the mean square is a little below that of its expectation.
    for (const variance of [0.02, 2, 100]) expect(Math.abs((await growth(variance)) - Math.log(variance / 2))).toBeLessThan(0.1);
    const deep = await measureGradients(mlp("4-16x200-2", { weightVariance: 0.02 }), inputs.cols === 4 ? inputs : points(4, 4), {
      networks: 16,
    });
    expect(deep.inputs.mean).toBeLessThan(-900);
    expect(deep.inputs.expected?.value).toBeGreaterThan(-2000);
    expect(deep.layers[0].weights?.networks).toBe(deep.layers[0].activations.networks);
  });

  it("count networks in which everything is dead", async () => {
    const architecture = mlp("1-1x3-1");
    const measured = await measureGradients(architecture, matrixFromRows([[1]]), { networks: 20_000 });
    const { zero, networks } = measured.inputs;
    expect(zero + networks).toBe(20_000);
    // A unit lives with probability 1/2; the last activation's gradient is that of the output's weight, never 0.
    expect(Math.abs(zero / 20_000 - 7 / 8)).toBeLessThan(5 * Math.sqrt(7 / 64 / 20_000));
    expect(measured.layers[2].activations.zero).toBe(0);
    const dead = await measureGradients(architecture, matrixFromRows([[0]]), { networks: 8 });
    expect(dead.inputs).toEqual({ networks: 0, zero: 8 });
    expect(dead).not.toHaveProperty("growth");
  });

  it("stop at a relative error, and are refused without points or in law", async () => {
    const run = (options: object, inputs = points(4, 2)) => measureGradients(mlp("2-8x2-1"), inputs, options);
    const { inputs, networks } = await run({ relativeError: 0.1 });
    expect(inputs.standardError).toBeLessThanOrEqual(0.1 * Math.abs(inputs.mean ?? 0));
    expect(networks).toBeLessThan(100_000);
    await expect(run({}, matrix(0, 2))).rejects.toThrow("gradients need at least one point");
    await expect(run({ method: "law" })).rejects.toThrow("--method law carries no gradients");
  });
});

describe("predicted gradients", () => {
  const value = (level: GradientLevel | undefined) => level?.expected?.value ?? Number.NaN;

  it("follow the product of the fan-outs over the fan-ins", () => {
    const { layers, inputs, outputWeights, firstOverLast, growth } = predictGradients(
      mlp("4-8-2-1"),
      matrixFromRows([[1, 1, 1, 1]]),
    );
    // He: 2 / fan_in a weight; a slope is 1 with probability 1/2. Outputs: 1.
    expect(value(layers[1].activations)).toBeCloseTo(Math.log(2 / 2), 12);
    expect(value(layers[1].preActivations)).toBeCloseTo(Math.log(1 / 2), 12);
    expect(value(layers[0].activations)).toBeCloseTo(Math.log((1 / 2) * 2 * (2 / 8)), 12);
    expect(value(inputs)).toBeCloseTo(Math.log((1 / 4 / 2) * 2 * (8 / 4)), 12);
    // One point of mean square 1, which He keeps.
    expect(value(layers[0].weights)).toBeCloseTo(Math.log(1 / 8), 12);
    expect(value(outputWeights)).toBeCloseTo(0, 12);
    expect(firstOverLast?.value).toBeCloseTo(Math.log(1 / 4), 12);
    expect(growth?.value).toBeCloseTo(Math.log(1 / 4), 12);
  });

  it("grow by chi_1 a layer, at any scale", () => {
    const relu = predictGradients(mlp("16-16x200-16", { weightVariance: 0.02 }), points(4, 16));
    expect(relu.growth?.value).toBeCloseTo(Math.log(0.01), 10);
    const tanh = predictGradients(mlp("16-16x300-16", { weightVariance: 0.01, activation: "tanh" }), points(4, 16));
    // Values vanish, and tanh of nothing is linear.
    expect(tanh.firstOverLast?.value).toBeCloseTo(299 * Math.log(0.01), 1);
    expect(value(tanh.inputs)).toBeLessThan(-1380);
  });

  it("of a point that is 0 are 0 before the first ReLU", () => {
    const half = predictGradients(
      mlp("2-8-1"),
      matrixFromRows([
        [0, 0],
        [1, 2],
      ]),
    );
    expect(value(half.layers[0].activations)).toBeCloseTo(Math.log(2 / 8), 12);
    expect(value(half.inputs)).toBeCloseTo(Math.log(1 / 2), 12);
    expect(predictGradients(mlp("2-8-1"), matrixFromRows([[0, 0]])).inputs).toEqual({});
  });

  it("are absent, with the reason, before what has no formula, and known behind it", () => {
    const batch = predictGradients(mlp("8-16x2-3", { norm: "batch" }), points(4, 8));
    expect(batch.reason).toMatch(/batch norm\) ties all points/);
    expect(value(batch.layers[1].activations)).toBeCloseTo(Math.log((2 * 3) / 16), 12);
    expect(batch.layers[0].activations.expected).toBeUndefined();
    expect(batch).not.toHaveProperty("growth");
    const image: Architecture = {
      input: [4, 4, 1],
      layers: [
        { kind: "conv", channels: 2, kernel: [3, 3] },
        { kind: "activation", activation: "relu" },
        { kind: "flatten" },
        { kind: "dense", units: 10 },
        { kind: "activation", activation: "relu" },
        { kind: "dense", units: 3 },
      ],
    };
    const conv = predictGradients(image, points(4, 16));
    expect(conv.reason).toMatch(/layers\[1\] \(activation\) works on positions/);
    expect(value(conv.layers[0].activations)).toBeCloseTo(Math.log(((2 * 3) / 10 / 2) * 2 * (10 / 32)), 12);
    expect(conv.inputs.expected).toBeUndefined();
    for (const init of ["rai", "lsuv"])
      expect(predictGradients(mlp("2-8x2-1", { init }), points(4, 2)).reason).toMatch(/no infinite-width form/);
    expect(() => predictGradients(mlp("2-8x2-1"), matrix(0, 2))).toThrow("gradients need at least one point");
  });
});
