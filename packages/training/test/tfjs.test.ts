import { activationNames, matrix, normals, stream } from "@sonde/core";
import { type TensorFlow, useBackend } from "@sonde/core/tfjs";
import { type Architecture, forward, gradient, mlp, randomNetwork, size, validateArchitecture } from "@sonde/nets";
import {
  functionData,
  planTraining,
  referenceExecutor,
  type TrainingPlan,
  train,
  trainingExecutors,
  xorData,
} from "@sonde/training";
import { loadGradients, tfjsExecutor, toTfjs } from "@sonde/training/tfjs";
import { beforeAll, describe, expect, test } from "vitest";

let tf: TensorFlow;
beforeAll(async () => {
  tf = await useBackend({ backend: "cpu" });
  await loadGradients(tf);
});

const bias = "normal:0.3";
const image = (layers: readonly object[], input = [5, 4, 2]) =>
  validateArchitecture({ input, layers: [...layers, { kind: "flatten" }, { kind: "dense", units: 2, bias }] });
const tanh = { kind: "activation", activation: "tanh" };
const conv = (padding: string, stride = 1, kernel = [3, 2]) => ({ kind: "conv", channels: 3, kernel, stride, padding, bias });
const architectures: Record<string, Architecture> = {
  ...Object.fromEntries(
    activationNames
      // Its derivative is 0 wherever it has one.
      .filter((name) => name !== "sign")
      .map((name) => [name, mlp("3-6x2-2", { activation: name, bias, weightVariance: 0.7 })]),
  ),
  "batch norm": mlp("3-6x2-2", { norm: "batch", bias }),
  "layer norm": mlp("3-6x2-2", { norm: "layer", activation: "tanh", bias }),
  "rms norm": mlp("3-6x2-2", { norm: "rms", bias }),
  residual: mlp("3-6x4-2", { skip: "residual", norm: "layer", bias }),
  dense: mlp("3-6x3-2", { skip: "dense", activation: "tanh", bias }),
  "convolution, zeros": image([conv("zero", 2), tanh]),
  "convolution, periodic": image([conv("periodic"), tanh]),
  "convolution, symmetric": image([conv("symmetric", 2), tanh]),
  "convolution, valid": image([conv("valid"), tanh]),
  "convolution in one dimension": image([conv("zero", 2, [3]), tanh], [7, 2]),
  "batch norm of channels": image([conv("zero"), { kind: "norm", norm: "batch" }, tanh]),
  "scale and shift": validateArchitecture({
    input: [3],
    layers: [
      { kind: "dense", units: 4, bias },
      { kind: "norm", norm: "batch", gamma: 0.7, beta: 0.2 },
      tanh,
      { kind: "dense", units: 2 },
    ],
  }),
  "factor and shortcut": validateArchitecture({
    input: [3],
    layers: [
      {
        kind: "residual",
        scale: 0.3,
        shortcut: [{ kind: "dense", units: 4, bias }],
        body: [{ kind: "dense", units: 4, bias }, tanh],
      },
      { kind: "dense", units: 2 },
    ],
  }),
  branches: validateArchitecture({
    input: [3],
    layers: [
      { kind: "concat", branches: [[{ kind: "dense", units: 2, bias }, tanh], [], [{ kind: "dense", units: 3 }]] },
      { kind: "dense", units: 2 },
    ],
  }),
  softmax: validateArchitecture({ input: [3], layers: [{ kind: "dense", units: 2, bias }, { kind: "softmax" }] }),
  "average pool": image([conv("zero"), tanh, { kind: "pool", pool: "average", window: 2 }]),
  "max pool": image([conv("zero"), { kind: "activation", activation: "relu" }, { kind: "pool", pool: "max", window: 2 }]),
  "max pool in one dimension": image([conv("zero", 1, [3]), { kind: "pool", pool: "max", window: 3 }], [7, 2]),
  "global pool": image([conv("zero"), { kind: "pool", pool: "average", window: "global" }]),
};

function expectSameMeaning(architecture: Architecture): void {
  const network = randomNetwork(architecture, stream(7));
  const inputs = size(architecture.input);
  const points = matrix(6, inputs, normals(stream(1), new Float64Array(6 * inputs)));
  const weight = matrix(6, 2, normals(stream(2), new Float64Array(12)));
  const own = toTfjs(tf, network);
  const x = tf.tensor2d(Float32Array.from(points.data), [6, inputs]);
  close(own.forward(x).dataSync(), forward(network, points).data, 1e-4);
  const { grads } = tf.variableGrads(
    () => tf.sum(tf.mul(own.forward(x), tf.tensor2d(Float32Array.from(weight.data), [6, 2]))) as never,
    [...own.trainable],
  );
  const expected = gradient(network, points, weight).parameters;
  const most = Math.max(...expected.flatMap(({ weights, bias }) => [...weights.data, ...bias].map(Math.abs)));
  own.layers.forEach(({ weights, bias }, p) => {
    close(grads[weights.name].dataSync(), expected[p].weights.data, 1e-4, most);
    if (grads[bias.name]) close(grads[bias.name].dataSync(), expected[p].bias, 1e-4, most);
  });
  own.dispose();
}

describe("toTfjs means what forward and gradient mean", () => {
  test.each(Object.entries(architectures))("%s", (_name, architecture) => expectSameMeaning(architecture));
  test("on the backend wasm convolutions and pools too, whose gradients it lacks", async () => {
    await useBackend({ backend: "wasm" });
    for (const [name, architecture] of Object.entries(architectures))
      if (/conv|pool|channels/.test(name)) expectSameMeaning(architecture);
    await useBackend({ backend: "cpu" });
  });
});

test("norms with scales and shifts of their own have gradients by them", () => {
  const model = mlp("3-4x2-2", { norm: "layer", activation: "tanh", bias });
  const points = matrix(5, 3, normals(stream(3), new Float64Array(15)));
  const norms = [1, 2].map((l) => ({
    weights: matrix(1, 4, normals(stream(10 + l), new Float64Array(4))),
    bias: normals(stream(20 + l), new Float64Array(4)),
  }));
  const network = { ...randomNetwork(model, stream(7)), norms };
  const own = toTfjs(tf, network);
  const x = tf.tensor2d(Float32Array.from(points.data), [5, 3]);
  close(own.forward(x).dataSync(), forward(network, points).data, 1e-4);
  const { grads } = tf.variableGrads(() => tf.sum(own.forward(x)) as never, [...own.trainable]);
  const expected = gradient(network, points, matrix(5, 2, new Float64Array(10).fill(1)));
  [...expected.parameters, ...(expected.norms ?? [])].forEach(({ weights, bias }, p) => {
    close(grads[own.layers[p].weights.name].dataSync(), weights.data, 1e-4, 1);
    close(grads[own.layers[p].bias.name].dataSync(), bias, 1e-4, 1);
  });
  expect(() => forward({ ...network, norms: norms.slice(1) }, points)).toThrow("needs 4 scales and shifts, got 0 and 0");
  own.dispose();
});

describe("the executor on tfjs follows the reference", () => {
  const data = functionData("abs-2d", { points: 40, inputs: 2, outputs: 2 });
  const recipes: Record<string, Partial<TrainingPlan> & { data?: typeof data }> = {
    sgd: { optimizer: { name: "sgd" }, learningRate: 0.05, clip: 0.3, l2: 0.01 },
    momentum: { optimizer: { name: "momentum", momentum: 0.9 }, learningRate: 0.02 },
    nesterov: { optimizer: { name: "nesterov", momentum: 0.9 }, learningRate: 0.02, decayBiases: false, l2: 0.1 },
    rmsprop: { optimizer: { name: "rmsprop", alpha: 0.99, epsilon: 1e-8 }, learningRate: 0.005 },
    adam: { learningRate: 0.01, batches: "own", loss: { name: "huber", delta: 0.3 } },
    "adam with norms": {
      learningRate: 0.01,
      trainNorms: true,
      architecture: mlp("2-5x2-2", { norm: "layer", activation: "tanh" }),
    },
    adamw: { learningRate: 0.01, decay: 0.1, trainBiases: false, loss: { name: "mae" } },
  };
  test.each(Object.entries(recipes))("%s", async (_name, recipe) => {
    const plan = {
      ...planTraining(mlp("2-5x2-2", { activation: "tanh", bias }), data, { runs: 2, batch: 16, steps: 20 }),
      ...recipe,
    };
    const ours = await referenceExecutor.prepare(plan, 0, 2);
    const theirs = await tfjsExecutor(tf).prepare(plan, 0, 2);
    await ours.advance(20);
    await theirs.advance(20);
    close(theirs.losses(), ours.losses(), 1e-4);
    close(theirs.save().parameters, ours.save().parameters, 1e-3, 1);
    theirs.dispose();
  });

  test("cross-entropy, an interruption to the same bits, and nothing left behind", async () => {
    const plan = planTraining(mlp("2-5x2-2", { activation: "tanh" }), xorData(), { runs: 2, steps: 10, learningRate: 0.01 });
    const before = tf.memory().numTensors;
    const whole = await tfjsExecutor(tf).prepare(plan, 0, 2);
    await whole.advance(10);
    const half = await tfjsExecutor(tf).prepare(plan, 0, 2);
    await half.advance(4);
    const rest = await tfjsExecutor(tf).prepare(plan, 0, 2, half.save());
    await rest.advance(6);
    expect(rest.save()).toEqual(whole.save());
    const ours = await referenceExecutor.prepare(plan, 0, 2);
    await ours.advance(10);
    close(whole.losses(), ours.losses(), 1e-4);
    for (const group of [whole, half, rest]) group.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("train takes it by its name", async () => {
    const executors = [...trainingExecutors, tfjsExecutor(tf)];
    const options = { data: xorData(), runs: 2, steps: 5, executors };
    const { executor, networks } = await train(mlp("2-8x1-2"), { ...options, executor: "tfjs" });
    expect(executor).toBe("tfjs");
    const reference = await train(mlp("2-8x1-2"), { ...options, executor: "reference" });
    networks.forEach(({ loss }, k) => {
      expect(Math.abs((loss ?? 0) - (reference.networks[k].loss ?? 1))).toBeLessThan(1e-5);
    });
  });
});

/** All within a share of the largest of those expected. */
function close(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  most = Math.max(...Array.from(expected, Math.abs)),
): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let k = 0; k < expected.length; k++) worst = Math.max(worst, Math.abs(actual[k] - expected[k]));
  expect(worst).toBeLessThan(tolerance * most);
}
