import { deathProbability } from "@sonde/metrics-death";
import { mlp, networkStream, randomNetwork } from "@sonde/nets";
import {
  decodeTraining,
  encodeTraining,
  functionData,
  initialNetwork,
  planTraining,
  referenceExecutor,
  type TrainingCheckpoint,
  train,
  trainSteps,
  xorData,
} from "@sonde/training";
import { measureVni } from "@sonde/vni";
import { describe, expect, test } from "vitest";

const net = mlp("1-2x5-1");
const data = functionData("x-sin-5x", { points: 300, inputs: 1, outputs: 1 });

describe("networks are those of the ensemble", () => {
  test("drawn from networkStream", () => {
    const plan = planTraining(net, data, { seed: 5 });
    expect(initialNetwork(plan, 3)).toEqual(randomNetwork(net, networkStream(5, 3)));
  });
  test("as many are born dead as the ensemble of the same seed says", async () => {
    const trained = await train(net, { data, runs: 40, steps: 1, seed: 2 });
    const { value } = await deathProbability(net, { data: data.inputs, networks: 40, seed: 2, method: "weights" });
    expect(trained.bornDead.share.value).toBe(value);
    expect(value).toBeGreaterThan(0.2);
  });
});

test("before training the VNI, weighted and local, is that of the ensemble of the same seed", async () => {
  const model = mlp("2-6x3-2", { activation: "tanh" });
  const options = { data: xorData({ points: 40 }), runs: 4, seed: 3 };
  const { layers } = await measureVni(model, { data: options.data.inputs, networks: 4, seed: 3, method: "weights" });
  for await (const { step, looks } of trainSteps(model, { ...options, steps: 20, monitors: ["vni"], looks: [10] })) {
    const mean = (name: string, l: number) => looks.reduce((sum, look) => sum + (look.layers[name][l] ?? 0) / 4, 0);
    for (const [l, { vni, weighted, local }] of layers.entries()) {
      const apart = [
        mean("vni", l) - vni.value,
        mean("weightedVni", l) - weighted.value,
        mean("localVni", l) - (local?.value ?? 0),
      ];
      // In float32 here, in float64 there.
      for (const one of apart) expect(Math.abs(one) < 1e-4).toBe(step === 0);
    }
  }
});

describe("born dead", () => {
  test("never revives without weight decay, under any optimiser", async () => {
    for (const optimizer of ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"] as const) {
      const record = await train(net, { data, runs: 24, steps: 60, optimizer, learningRate: 0.01, weightDecay: 0 });
      expect([optimizer, record.deaths.revived, record.bornDead.dead.learned]).toEqual([optimizer, 0, 0]);
      for (const layer of record.layers) expect(layer.deadUnits?.revived).toBeDefined();
    }
  });
  test("collapses to the mean under mse and to the median under mae", async () => {
    for (const loss of ["mse", "mae"] as const) {
      const record = await train(net, { data, runs: 12, steps: 600, learningRate: 0.01, schedule: "cosine", batch: 300, loss });
      const dead = record.networks.filter(({ bornDead }) => bornDead);
      expect(dead.length).toBeGreaterThan(3);
      const { mean, median = [] } = record.constants;
      for (const { outcome, constant } of dead) {
        expect(outcome).toBe(loss === "mse" ? "collapsedMean" : "collapsedMedian");
        expect(Math.abs((constant?.[0] ?? 0) - (loss === "mse" ? mean[0] : median[0]))).toBeLessThan(0.01);
      }
    }
  });
});

describe("the same bits", () => {
  const options = {
    data: xorData({ points: 20 }),
    runs: 6,
    steps: 40,
    batch: 8,
    batches: "own",
    monitors: ["death", "vni"],
  } as const;
  const model = mlp("2-4x2-2", { norm: "layer" });
  test("again, and alone or among others", async () => {
    const all = await train(model, options);
    const few = await train(model, { ...options, runs: 2 });
    expect(await train(model, options)).toEqual(all);
    expect(few.networks).toEqual(all.networks.slice(0, 2));
  });
  test("after an interruption", async () => {
    const whole = await train(model, options);
    const controller = new AbortController();
    let kept = "";
    const interrupted = await train(model, {
      ...options,
      signal: controller.signal,
      progress: ({ done }) => {
        if (done > 100) controller.abort(new Error("enough"));
      },
      checkpoint: async (take) => {
        kept = encodeTraining(await take());
      },
    });
    expect(interrupted.interrupted).toBe(true);
    expect(interrupted.steps).toBeLessThan(40);
    const resume: TrainingCheckpoint = decodeTraining(kept);
    expect(await train(model, { ...options, resume })).toEqual(whole);
  });
  test("a checkpoint of another run is refused", async () => {
    let kept: TrainingCheckpoint | undefined;
    await train(model, {
      ...options,
      steps: 1,
      checkpoint: async (take) => {
        kept = await take();
      },
    });
    await expect(train(model, { ...options, runs: 5, resume: kept })).rejects.toThrow("of another run");
  });
  test("numbers that are not finite survive a checkpoint", () => {
    const looks = [[{ step: 0, loss: Number.NaN, range: Number.POSITIVE_INFINITY, dead: [Uint8Array.of(1, 0)] }]];
    const checkpoint = { groups: [], looks } as unknown as TrainingCheckpoint;
    expect(decodeTraining(encodeTraining(checkpoint))).toEqual(checkpoint);
    expect(() => decodeTraining("{}")).toThrow("no checkpoint of a training run");
  });
});

test("an iterator of steps shows every network at each", async () => {
  const steps: number[] = [];
  for await (const { step, looks } of trainSteps(mlp("2-4x1-2"), { data: xorData(), runs: 3, steps: 9, looks: [2, 5] })) {
    steps.push(step);
    expect(looks.length).toBe(3);
  }
  expect(steps).toEqual([0, 2, 5, 9]);
});

test("exclusive or is learned by a tanh network", async () => {
  const { outcomes, curves } = await train(mlp("2-8x2-2", { activation: "tanh" }), {
    data: xorData(),
    runs: 8,
    steps: 400,
    learningRate: 0.02,
  });
  expect(outcomes.learned).toBe(8);
  expect(curves.accuracy?.at(-1)?.p05).toBe(1);
});

test("a rate beyond all measure diverges, and says so", async () => {
  const { outcomes, networks } = await train(mlp("1-8x2-1"), { data, runs: 4, steps: 60, optimizer: "sgd", learningRate: 1e6 });
  expect(outcomes.diverged + outcomes.collapsedOther).toBe(4);
  expect(outcomes.diverged).toBeGreaterThan(0);
  for (const { outcome, loss } of networks) if (outcome === "diverged") expect(loss).toBeNull();
});

test("biases stay where they are not trained, weights do not", async () => {
  const model = mlp("1-4x1-1", { bias: "normal:0.5" });
  const plan = planTraining(model, data, { runs: 1, trainBiases: false });
  const group = await referenceExecutor.prepare(plan, 0, 1);
  const before = group.parameters(0);
  await group.advance(5);
  const after = group.parameters(0);
  expect(after.map(({ bias }) => bias)).toEqual(before.map(({ bias }) => bias));
  expect(after[1].weights).not.toEqual(before[1].weights);
});
