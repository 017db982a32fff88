import { Worker } from "node:worker_threads";
import { matrix, normals, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { threadsFor } from "../../src/ensemble/memory.js";
import {
  type EnsemblePlan,
  estimateOver,
  type Layer,
  limits,
  type Metric,
  mlp,
  planEnsemble,
  runEnsemble,
} from "../../src/index.js";

const counting: Metric<unknown, { sum: number }, { sums: number[] }> = {
  name: "counting",
  trace: () => ({ sum: 0 }),
  observe: (trace, layer) => {
    if (layer.layer === 1) for (const value of layer.activations().data) trace.sum += value;
  },
  empty: () => ({ sums: [] }),
  fold: (state, trace) => {
    state.sums.push(trace.sum);
  },
  merge: (state, next) => {
    state.sums.push(...next.sums);
  },
};
const named = (name: string) => ({ ...counting, name });

const inputs = matrix(4, 6, normals(stream(5), new Float64Array(24)));
const plan = (networks: number, change: Partial<EnsemblePlan> = {}): EnsemblePlan => ({
  ...planEnsemble({
    architecture: mlp("6-8x3-1"),
    inputs,
    seed: 11,
    method: "weights",
    networks,
    metrics: [{ name: "counting", options: {} }],
  }),
  chunk: 8,
  // Enough to be worth workers where there are any.
  work: 1e10,
  ...change,
});
// The built packages: without the condition under which the tests themselves read the sources.
const createWorker = () => new Worker(new URL("./worker.mjs", import.meta.url), { execArgv: [] });
const sums = async (p: EnsemblePlan, options = {}) =>
  ((await runEnsemble(p, { metrics: [counting], ...options })).states[0] as { sums: number[] }).sums;

describe("an ensemble", () => {
  it("is the same for any size of chunks, and a longer one begins with a shorter one", async () => {
    const all = await sums(plan(50));
    expect(all.length).toBe(50);
    expect(new Set(all).size).toBe(50);
    expect(await sums(plan(50, { chunk: 20 }))).toEqual(all);
    expect(await sums(plan(21))).toEqual(all.slice(0, 21));
  });

  it("meets no relative error with fewer than 64 networks, whose own error is uncertain", async () => {
    const layers = [1, 2, 3].flatMap((): Layer[] => [
      { kind: "dense", units: 600 },
      { kind: "activation", activation: "relu" },
    ]);
    const metric: typeof counting = named("counting");
    // Chunks of a few networks, and an error that two of them would meet.
    const request = { metric, options: {}, watched: () => ({ value: 1, standardError: 0.01 }) };
    const large = matrix(64, 600, normals(stream(5), new Float64Array(64 * 600)));
    const { networks } = await estimateOver({ input: [600], layers }, large, [request], { relativeError: 0.5 });
    expect(networks).toBeGreaterThanOrEqual(64);
    expect(networks).toBeLessThan(100);
  });

  it("is the same, bit for bit, for any number of threads", async () => {
    const alone = await sums(plan(50));
    for (const threads of [1, 2, 3]) expect(await sums(plan(50), { createWorker, threads })).toEqual(alone);
  });

  it("stops where it is told to, on the prefix of chunks", async () => {
    for (const options of [{}, { createWorker, threads: 2 }]) {
      const run = await runEnsemble(plan(1000), { metrics: [counting], ...options, stop: (_states, networks) => networks >= 20 });
      expect([run.networks, run.interrupted]).toEqual([24, false]);
    }
  });

  it("keeps what is finished when it is aborted", async () => {
    for (const options of [{}, { createWorker, threads: 2 }]) {
      const controller = new AbortController();
      const run = await runEnsemble(plan(1_000_000), {
        metrics: [counting],
        ...options,
        signal: controller.signal,
        progress: (networks) => networks >= 40 && controller.abort(new Error("enough")),
      });
      expect(run.interrupted).toBe(true);
      expect((run.states[0] as { sums: number[] }).sums.length).toBe(run.networks);
    }
    await expect(runEnsemble(plan(10), { metrics: [counting], signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
  });

  it("fails with the reason when a metric fails or a worker dies, and when a metric is not there", async () => {
    const run = (name: string) =>
      runEnsemble(plan(50, { metrics: [{ name, options: {} }] }), { metrics: [named(name)], createWorker, threads: 2 });
    await expect(run("failing")).rejects.toThrow("this metric fails");
    await expect(run("dying")).rejects.toThrow("a worker stopped: it exited with code 7");
    await expect(run("unknown")).rejects.toThrow(
      'the metric "unknown" is not served here, only: counting, failing, dying, endless, hoarding',
    );
    await expect(runEnsemble(plan(8), { metrics: [] })).rejects.toThrow('the metric "counting" is not served here, only: none');
  });
});

describe("planEnsemble", () => {
  const request = { inputs, seed: 0, metrics: [] } as const;

  it("chooses the executor from shapes", () => {
    const executor = (architecture: ReturnType<typeof mlp>, change = {}) =>
      planEnsemble({ ...request, architecture, method: "auto", ...change }).executor;
    const float64 = { precision: "float64", method: "weights" };
    expect(executor(mlp("6-8x3-1"), { method: "weights" })).toBe("kernels");
    expect(executor(mlp("6-8x3-1"), float64)).toBe("reference");
    expect(executor(mlp("6-8x3-1", { init: "he-uniform", norm: "batch" }))).toBe("kernels");
    expect(executor(mlp("6-8x3-1", { init: "he-truncated-normal" }))).toBe("reference");
    expect(executor(mlp("6-8x3-1", { activation: "relu6" }), { method: "weights" })).toBe("reference");
    expect(executor(mlp("6-2000x3-1"))).toBe("law");
    expect(executor(mlp("6-2000x3-1", { norm: "batch" }), { precision: "float64" })).toBe("law");
    expect(executor(mlp("6-2000x3-1", { init: "orthogonal" }))).toBe("law");
    expect(executor(mlp("6-2000x3-1", { activation: "relu6" }))).toBe("law-reference");
    expect(executor(mlp("6-8x3-1"), { method: "law" })).toBe("law");
  });

  it("refuses to draw in law what it cannot", () => {
    const law = (options: object) => () => planEnsemble({ ...request, architecture: mlp("6-8x3-1", options), method: "law" });
    expect(law({ init: "he-uniform" })).toThrow(
      "--method law is not exact here: layers[0] is initialised with he-uniform, which is neither normal nor orthogonal without bias; use --method weights",
    );
    expect(law({ init: "orthogonal", bias: "normal:1" })).toThrow("orthogonal");
  });

  it("draws fewer networks of larger models, by shape alone", () => {
    const networks = (widths: string) => planEnsemble({ ...request, architecture: mlp(widths), method: "weights" }).networks;
    expect(networks("6-8x3-1")).toBe(10_000);
    expect(networks("6-1000x10-1")).toBeLessThan(networks("6-500x10-1"));
    expect(networks("6-20000x3-1")).toBe(16);
  });
});

describe("memory", () => {
  const request =
    (widths: string, points: number, options = {}) =>
    () =>
      planEnsemble({
        architecture: mlp(widths, options),
        inputs: { rows: points, cols: 1, data: new Float64Array(0) },
        seed: 0,
        method: "weights",
        metrics: [],
      });

  it("is asked for before a run: fewer points, a narrower model", () => {
    expect(request("1-1000000-1", 512)).toThrow(
      "512 points of 1000000 values need too much memory: take at most 88 points, or a narrower model",
    );
    expect(request("1-1000000-1", 89)).toThrow("take at most 88 points");
    expect(request("1-1000000-1", 88)().executor).toBe("reference");
    expect(request("1000000-1000-1", 2, { init: "he-truncated-normal" })).toThrow(
      "1000001000 weights are too many to be held in float64 (2 GiB in all)",
    );
    // No layer is large, all of them are.
    expect(request("1000-1000x600-1", 2, { init: "he-truncated-normal" })).toThrow("600001000 weights are too many");
    expect(request("1000-1000x100-1", 2, { init: "he-truncated-normal" })().bytes).toBeLessThan(2 ** 31);
    // The coordinates of 10^4 points would fill the kernels' memory.
    const many = {
      architecture: mlp("1-4-1"),
      inputs: { rows: 10_000, cols: 1, data: new Float64Array(0) },
      seed: 0,
      metrics: [],
    };
    expect(planEnsemble({ ...many, method: "law" }).executor).toBe("law-reference");
    expect(request("1-1000000-1", 2)().executor).toBe("kernels");
  });

  it("of blocks in blocks counts for every depth", () => {
    const nested = (depth: number): Layer => ({ kind: "concat", body: depth > 1 ? [nested(depth - 1)] : [] });
    const plan = (depth: number, units: number) =>
      planEnsemble({
        architecture: { input: [units], layers: [nested(depth)] },
        inputs: { rows: 1, cols: units, data: new Float64Array(0) },
        seed: 0,
        method: "weights",
        precision: "float64",
        metrics: [],
      });
    expect(plan(60, 1000).bytes).toBeGreaterThan(10 * plan(1, 1000).bytes);
    expect(() => plan(60, 100_000)).toThrow(
      "a point of 6100000 values in blocks nested 60 deep needs too much memory (more than 2 GiB): make the model narrower",
    );
  });
});

describe("time", () => {
  const plan = (metricSteps: number, networks?: number) => () =>
    planEnsemble({
      architecture: mlp("1-2-1"),
      inputs: { rows: 2, cols: 1, data: new Float64Array(2) },
      seed: 0,
      method: "weights",
      networks,
      metricSteps,
      metrics: [],
    });

  it("beyond a minute is only taken where somebody asks for so many networks", () => {
    expect(plan(0.99 * (limits.steps / 16))().networks).toBe(16);
    expect(plan(1.01 * (limits.steps / 16))).toThrow(
      "16 networks of this model take about 61 seconds of one core, more than 60 seconds: give --networks 15 or fewer, fewer points or pairs, a smaller model, or --networks 16 to wait for it",
    );
    expect(plan(1.01 * (limits.steps / 16), 16)().networks).toBe(16);
    expect(plan(2 * limits.steps)).toThrow("give fewer points or pairs");
  });

  it("beyond a month is never taken", () => {
    expect(plan(1e10, 2.99e6)().networks).toBe(2.99e6);
    expect(plan(1e10, 3.01e6)).toThrow(
      /^3010000 networks of this model take about 35 days of one core, more than 35 days: give --networks 2999\d+ or fewer, fewer points or pairs, a smaller model$/,
    );
  });

  it("and threads are bounded by what they hold together", () => {
    expect(threadsFor({ bytes: limits.bytesOfThreads / 3 }, 8)).toBe(3);
    expect(threadsFor({ bytes: 2 * limits.bytesOfThreads }, 8)).toBe(1);
    expect(threadsFor({ bytes: 0 }, 8)).toBe(8);
  });
});
