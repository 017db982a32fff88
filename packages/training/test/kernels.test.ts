import { Worker } from "node:worker_threads";
import { matrix, normals, stream } from "@sonde/core";
import { type Architecture, forward, type MlpOptions, mlp, networkStream, randomNetwork } from "@sonde/nets";
import {
  defaultOptimizer,
  executorFor,
  functionData,
  kernelExecutor,
  type Loss,
  lossNames,
  networkOf,
  optimizerNames,
  parameterBlocks,
  planTraining,
  type RecipeOptions,
  referenceExecutor,
  type TrainingData,
  type TrainingExecutor,
  type TrainingPlan,
  train,
} from "@sonde/training";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/** Normal points with normal values, or with classes. */
function examples(points: number, inputs: number, outputs: number, classes: boolean): TrainingData {
  const draws = (cols: number, seed: number) => matrix(points, cols, normals(stream(seed), new Float64Array(points * cols)));
  const own = draws(inputs, 1);
  const about = { name: "normal points", probe: own };
  if (!classes) return { ...about, inputs: own, targets: draws(outputs, 2) };
  const labels = matrix(points, 1);
  for (let p = 0; p < points; p++) labels.data[p] = (7 * p) % outputs;
  return { ...about, inputs: own, targets: labels, classes: outputs };
}

function planOf(architecture: Architecture, outputs: number, options: RecipeOptions & { points?: number }): TrainingPlan {
  const { points = 30, ...recipe } = options;
  return planTraining(architecture, examples(points, architecture.input[0], outputs, recipe.loss === "cross-entropy"), recipe);
}

/** What an executor makes of the first networks of a plan, network by network. */
async function trained(executor: TrainingExecutor, plan: TrainingPlan, steps: number) {
  const group = await executor.prepare(plan, 0, plan.runs);
  await group.advance(steps);
  const { parameters, slots, losses } = group.save();
  const own = (values: ArrayLike<number>, k: number) =>
    Array.from(values).slice((k * values.length) / plan.runs, ((k + 1) * values.length) / plan.runs);
  return Array.from(losses, (loss, k) => ({
    loss,
    parameters: own(parameters, k),
    slots: slots.map((slot) => own(slot, k)),
  }));
}

/** |a - b| / |b|, or 0 where both are 0. */
function distance(a: readonly number[], b: readonly number[]): number {
  const norm = (values: readonly number[]) => Math.hypot(...values);
  const apart = norm(a.map((value, i) => value - b[i]));
  return apart === 0 ? 0 : apart / norm(b);
}

const activations = [
  "relu",
  "leaky-relu:0.2",
  "abs",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "elu",
  "selu",
  "erf",
  "gelu",
  "sin:1.5",
];

describe("gradients are those of the reference", () => {
  // The velocity after one step of momentum is the gradient.
  const gradientsOf = async (executor: TrainingExecutor, plan: TrainingPlan) =>
    (await trained(executor, plan, 1)).map(({ loss, slots: [gradient] }) => ({ loss, gradient }));
  const check = async (plan: TrainingPlan) => {
    expect(kernelExecutor.refusal(plan)).toBeUndefined();
    const [ours, theirs] = [await gradientsOf(kernelExecutor, plan), await gradientsOf(referenceExecutor, plan)];
    ours.forEach(({ loss, gradient }, k) => {
      expect(distance(gradient, theirs[k].gradient)).toBeLessThan(1e-4);
      expect(Math.abs(loss / theirs[k].loss - 1)).toBeLessThan(1e-5);
    });
  };

  test("for random shapes, activations, norms, connections, losses and batches", async () => {
    const shape = fc.record({
      inputs: fc.integer({ min: 1, max: 6 }),
      widths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      outputs: fc.integer({ min: 2, max: 5 }),
      activation: fc.constantFrom(...activations),
      norm: fc.constantFrom<MlpOptions["norm"][]>("none", "none", "batch", "layer", "rms"),
      bias: fc.constantFrom("zeros", "normal:0.1"),
      connections: fc.constantFrom<MlpOptions["skip"][]>("none", "none", "dense"),
      loss: fc.constantFrom(...lossNames),
      batch: fc.integer({ min: 2, max: 30 }),
      batches: fc.constantFrom("shared" as const, "own" as const),
      trainBiases: fc.boolean(),
      trainNorms: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ inputs, widths, outputs, activation, norm, bias, connections, ...recipe }) => {
        const architecture = mlp([inputs, ...widths, outputs], { activation, norm, bias, skip: connections });
        await check(planOf(architecture, outputs, { ...recipe, optimizer: "momentum", runs: 5, seed: 3 }));
      }),
      { numRuns: 120, seed: 1 },
    );
  });
  test.each(activations)("%s", async (activation) => {
    const architecture = mlp("3-6x2-2", { activation, norm: "layer" });
    await check(planOf(architecture, 2, { optimizer: "momentum", runs: 3, loss: "huber" }));
  });
  test("residual blocks, with a factor, a shortcut and more than one way", async () => {
    const dense = (units: number) => ({ kind: "dense", units }) as const;
    const tanh = { kind: "activation", activation: "tanh" } as const;
    const architecture: Architecture = {
      input: [3],
      layers: [
        dense(4),
        { kind: "residual", scale: 0.3, body: [tanh, dense(4), { kind: "residual", body: [] }] },
        { kind: "residual", body: [dense(5), tanh], shortcut: [dense(5)] },
        { kind: "concat", branches: [[], [dense(2), tanh], [{ kind: "softmax" }]] },
        { kind: "norm", norm: "batch", gamma: 0.7, beta: 0.2 },
        { kind: "activation", activation: "relu" },
        dense(3),
      ],
    };
    for (const loss of lossNames) await check(planOf(architecture, 3, { optimizer: "momentum", runs: 2, loss }));
  });
  test("wide and deep layers, in blocks of points", async () => {
    for (const [notation, batch] of [
      ["20-130x3-10", 100],
      ["2-3x40-2", 300],
      ["5-70-1-3-4-70-4", 129],
    ] as const) {
      const architecture = mlp(notation, { activation: "tanh", weightVariance: 1.5 });
      const outputs = notation === "20-130x3-10" ? 10 : notation === "2-3x40-2" ? 2 : 4;
      await check(planOf(architecture, outputs, { optimizer: "momentum", runs: 2, batch, points: 300, loss: "cross-entropy" }));
    }
  });
});

describe("updates are those of the reference", () => {
  const recipes: [string, RecipeOptions][] = [
    ...optimizerNames.map((optimizer): [string, RecipeOptions] => [optimizer, { optimizer }]),
    ["L2", { optimizer: "adam", weightDecay: 0.03 }],
    ["L2, but not of biases", { optimizer: "momentum", weightDecay: 0.1, decayBiases: false }],
    ["decoupled decay", { optimizer: "nesterov", weightDecay: 0.1, decoupled: true }],
    ["clipping", { optimizer: "sgd", clip: 0.02, learningRate: 0.1 }],
    ["clipping in blocks", { optimizer: "adam", clip: 0.1, batch: 300, loss: "huber" }],
    [
      "batches for all, scales and shifts of batch norm",
      { optimizer: "sgd", learningRate: 0.1, trainNorms: true, clip: 1, weightDecay: 0.1 },
    ],
    ["biases that stay", { optimizer: "adam", trainBiases: false, clip: 0.1 }],
    ["cosine after a warm-up", { optimizer: "adam", schedule: "cosine", warmup: 10 }],
    ["steps", { optimizer: "momentum", schedule: "step" }],
    ["batches of each", { optimizer: "adam", batches: "own", batch: 7 }],
    ["batches for all", { optimizer: "rmsprop", batches: "shared", batch: 7 }],
  ];
  test.each(recipes)("%s, 50 steps", async (_, recipe) => {
    const architecture = mlp("3-5x2-2", { activation: "tanh", bias: "normal:0.1", norm: recipe.trainNorms ? "batch" : "none" });
    const plan = planOf(architecture, 2, { learningRate: 0.01, steps: 50, runs: 5, points: 300, batch: 20, ...recipe });
    const [ours, theirs] = [await trained(kernelExecutor, plan, 50), await trained(referenceExecutor, plan, 50)];
    const start = await trained(referenceExecutor, plan, 0);
    ours.forEach(({ parameters, slots, loss }, k) => {
      const moved = (own: readonly number[]) => own.map((value, i) => value - start[k].parameters[i]);
      expect(distance(moved(parameters), moved(theirs[k].parameters))).toBeLessThan(1e-4);
      slots.forEach((slot, s) => {
        expect(distance(slot, theirs[k].slots[s])).toBeLessThan(1e-4);
      });
      expect(Math.abs(loss / theirs[k].loss - 1)).toBeLessThan(1e-5);
    });
  });
});

test("outputs are those of a walk forward", async () => {
  for (const norm of ["none", "batch", "layer"] as const) {
    const plan = planOf(mlp("3-70x2-2", { activation: "tanh", norm }), 2, { runs: 6, points: 500, batch: 40, trainNorms: true });
    const group = await kernelExecutor.prepare(plan, 0, 6);
    for (const rows of [40, 1, 333]) {
      const points = matrix(rows, 3, normals(stream(rows), new Float64Array(3 * rows)));
      for (let k = 0; k < 6; k++) {
        const expected = forward(networkOf(plan, group.parameters(k)), points);
        expect(distance([...(group.outputs?.(k, points).data ?? [])], [...expected.data])).toBeLessThan(1e-5);
      }
      await group.advance(3);
    }
  }
});

test("networks are float32 of those that ensembles draw", async () => {
  for (const init of ["he-normal", "orthogonal", "glorot-uniform", "lsuv"]) {
    const plan = planOf(mlp("3-4x2-2", { init, bias: init === "he-normal" ? "normal:0.2" : "zeros" }), 2, { runs: 7, seed: 9 });
    const group = await kernelExecutor.prepare(plan, 4, 3);
    const { parameters } = randomNetwork(plan.architecture, networkStream(9, 5), { inputs: plan.inputs });
    group.parameters(1).forEach(({ weights, bias }, p) => {
      expect([...weights.data]).toEqual([...Float32Array.from(parameters[p].weights.data)]);
      expect([...bias]).toEqual([...Float32Array.from(parameters[p].bias)]);
    });
  }
});

describe("the same bits", () => {
  const plan = planOf(mlp("3-2-5-2", { activation: "gelu" }), 2, {
    runs: 11,
    batch: 9,
    batches: "own",
    steps: 40,
    optimizer: "adam",
  });
  test("alone or among others, in one go or in many, interrupted or not", async () => {
    const whole = await trained(kernelExecutor, plan, 40);
    const group = await kernelExecutor.prepare(plan, 8, 3);
    for (const steps of [1, 0, 22, 5]) await group.advance(steps);
    const resumed = await kernelExecutor.prepare(plan, 8, 3, structuredClone(group.save()));
    expect(resumed.step).toBe(28);
    expect(resumed.losses()).toEqual(group.losses());
    await resumed.advance(12);
    const { size } = parameterBlocks(plan);
    const saved = resumed.save();
    for (let k = 0; k < 3; k++) {
      expect([...saved.parameters.subarray(k * size, (k + 1) * size)]).toEqual(whole[8 + k].parameters);
      expect(saved.losses[k]).toBe(whole[8 + k].loss);
    }
  });
  test("in one go or block of points by block; a step that ends between two of them has not been done", async () => {
    const wide = planOf(mlp("3-40x3-2"), 2, { runs: 4, batch: 200, points: 400, steps: 5, optimizer: "adam" });
    const stop = new Error("stop");
    let left = Number.POSITIVE_INFINITY;
    let pauses = 0;
    const pause = async () => {
      pauses++;
      if (--left < 0) throw stop;
    };
    const inBlocks = await kernelExecutor.prepare(wide, 0, 4);
    await inBlocks.advance(1, pause);
    // Between blocks.
    expect(pauses).toBeGreaterThan(0);
    left = pauses - 1;
    const before = inBlocks.save();
    await expect(inBlocks.advance(1, pause)).rejects.toBe(stop);
    expect(inBlocks.save()).toEqual(before);
    left = Number.POSITIVE_INFINITY;
    for (let step = 1; step < 5; step++) await inBlocks.advance(1, pause);
    const whole = await kernelExecutor.prepare(wide, 0, 4);
    await whole.advance(5);
    expect(inBlocks.save()).toEqual(whole.save());
  });
  test("with one thread and with two", async () => {
    const data = functionData("abs", { points: 200, inputs: 1, outputs: 1 });
    const createWorker = () => new Worker(new URL("worker.mjs", import.meta.url), { execArgv: [] });
    const options = { data, runs: 14, steps: 60, executor: "kernels", looks: 1, seed: 4 };
    const alone = await train(mlp("1-3x4-1"), options);
    // Said to be worth workers.
    const executors = [{ ...kernelExecutor, cost: () => 1e8 }];
    expect(await train(mlp("1-3x4-1"), { ...options, executors, threads: 2, createWorker })).toEqual(alone);
    expect(alone.executor).toBe("kernels");
  });
});

describe("what is dead stays dead", () => {
  test.each(optimizerNames)("%s moves no weight below a dead layer", async (optimizer) => {
    const architecture = mlp("1-2x6-1");
    const recipe = { optimizer, runs: 40, steps: 200, learningRate: 0.05, weightDecay: 0, points: 200 };
    const plan = planOf(architecture, 1, recipe);
    const start = await trained(kernelExecutor, plan, 0);
    const end = await trained(kernelExecutor, plan, 200);
    const { blocks } = parameterBlocks(plan);
    const last = blocks[blocks.length - 1].start;
    let dead = 0;
    end.forEach(({ parameters, slots }, k) => {
      if (slots.length === 0 ? parameters[0] !== start[k].parameters[0] : slots[0][0] !== 0) return;
      dead++;
      // All but the layers from the dead one on, of whose biases at least the output's moves.
      expect(parameters.slice(0, 4)).toEqual(start[k].parameters.slice(0, 4));
      expect(parameters.at(-1)).not.toBe(start[k].parameters.at(-1));
      expect(parameters.slice(last, -1)).toEqual(start[k].parameters.slice(last, -1));
    });
    expect(dead).toBeGreaterThan(10);
  });
});

describe("what the kernels do not know goes to another executor", () => {
  const chosen = (plan: TrainingPlan) => [kernelExecutor.refusal(plan), executorFor(plan, undefined).name];
  test("convolutions", () => {
    const conv: Architecture = {
      input: [6, 1],
      layers: [{ kind: "conv", channels: 2, kernel: [3] }, { kind: "flatten" }, { kind: "dense", units: 1 }],
    };
    const inputs = matrix(4, 6);
    const data = { name: "zeros", inputs, targets: matrix(4, 1), probe: inputs };
    expect(chosen(planTraining(conv, data))).toEqual(["layers[0] is a conv layer", "reference"]);
  });
  test("activations, inside blocks too", () => {
    const plan = planOf(mlp("2-4x2-1", { activation: "mish", skip: "residual", block: 1 }), 1, {});
    expect(chosen(plan)[0]).toMatch("has the activation mish");
    expect(chosen(plan)[1]).toBe("reference");
  });
  test("an epsilon that only float64 can stand beside", () => {
    const of = (epsilon: number) =>
      planOf(mlp("2-4-1"), 1, { optimizer: { ...defaultOptimizer("rmsprop").optimizer, epsilon } as never });
    expect(chosen(of(1e-13))[1]).toBe("reference");
    expect(chosen(of(1e-12))[1]).toBe("kernels");
  });
  test("more memory than an instance may have", () => {
    expect(chosen(planOf(mlp("2-256x200-1"), 1, {}))).toEqual([undefined, "kernels"]);
    const large = planOf(mlp("2-4000x4-1"), 1, {});
    expect(kernelExecutor.refusal(large)).toMatch(/would need \d+ MiB/);
    expect(() => chosen(large)).toThrow(/too large to be trained: 4 networks would need \d+ MiB/);
  });
});

test("losses that overflow are carried along, and nobody else is touched", async () => {
  const loss: Loss = { name: "mse" };
  const plan = planOf(mlp("1-3x2-1"), 1, { optimizer: "sgd", learningRate: 1e12, runs: 4, steps: 20, loss });
  const group = await kernelExecutor.prepare(plan, 0, 4);
  await group.advance(20);
  expect([...group.losses()].some((value) => !Number.isFinite(value))).toBe(true);
  expect(group.step).toBe(20);
});
