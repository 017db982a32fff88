import { matrix, normals, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { type Architecture, type Executor, type Metric, mlp, outputSize, planEnsemble, runEnsemble } from "../../src/index.js";

/** Gradients of a network, in the order of the way back. */
interface Seen {
  readonly path: string;
  readonly gradients: number[];
  readonly exponent: number;
  readonly logMeanSquare: number;
  readonly weights?: number;
}

const capture: Metric<unknown, Seen[], Seen[][]> = {
  name: "capture",
  trace: () => [],
  backward(trace, { path, gradients, gradientExponent, logMeanSquare, weightLogMeanSquare }) {
    const weights = weightLogMeanSquare?.();
    const seen = { path, gradients: Array.from(gradients().data), exponent: gradientExponent, logMeanSquare: logMeanSquare() };
    trace.push({ ...seen, ...(weights !== undefined && { weights }) });
  },
  empty: () => [],
  fold: (state, trace) => {
    state.push(trace);
  },
  merge: (state, next) => {
    state.push(...next);
  },
};

const random = (seed: number, rows: number, cols: number) =>
  matrix(rows, cols, normals(stream(seed), new Float64Array(rows * cols)));

function plan(architecture: Architecture, networks: number, points = 5) {
  const size = architecture.input.reduce((a, b) => a * b, 1);
  return planEnsemble({
    architecture,
    inputs: random(1, points, size),
    gradients: {},
    seed: 5,
    method: "auto",
    networks,
    metrics: [{ name: "capture", options: {} }],
  });
}

async function run(architecture: Architecture, executor: Executor, networks = 6): Promise<Seen[][]> {
  const { states } = await runEnsemble({ ...plan(architecture, networks), executor }, { metrics: [capture] });
  return states[0] as Seen[][];
}

const image: Architecture = {
  input: [4, 4, 2],
  layers: [
    { kind: "conv", channels: 3, kernel: [3, 3], padding: "periodic", bias: "normal:0.1" },
    { kind: "activation", activation: "tanh" },
    {
      kind: "residual",
      body: [
        { kind: "norm", norm: "batch" },
        { kind: "activation", activation: "relu" },
        { kind: "conv", channels: 3, kernel: [3, 3], init: "orthogonal" },
      ],
    },
    { kind: "embedding", units: 4 },
    { kind: "pool", pool: "max", window: 2 },
    {
      kind: "concat",
      body: [
        { kind: "activation", activation: "gelu" },
        { kind: "residual", body: [] },
      ],
    },
    { kind: "pool", pool: "average", window: 2 },
    { kind: "flatten" },
    { kind: "activation", activation: "sin" },
    { kind: "dense", units: 3 },
  ],
};

const nested: Architecture = {
  input: [4],
  layers: [
    { kind: "dense", units: 6, init: "glorot-uniform" },
    {
      kind: "concat",
      body: [
        {
          kind: "concat",
          body: [
            { kind: "dense", units: 3 },
            { kind: "activation", activation: "abs" },
          ],
        },
        {
          kind: "residual",
          body: [
            { kind: "activation", activation: "leaky-relu" },
            { kind: "dense", units: 9 },
          ],
        },
      ],
    },
    { kind: "dense", units: 2 },
    { kind: "activation", activation: "relu" },
  ],
};

const tanh = { kind: "activation", activation: "tanh" } as const;
const dense = (units: number, more = {}) => ({ kind: "dense" as const, units, ...more });
/** Blocks with a factor, a shortcut and several branches; norms with scale and shift. */
const branched = (activation: string): Architecture => {
  const act = { kind: "activation", activation } as const;
  return {
    input: [3],
    layers: [
      { kind: "residual", body: [dense(3), act], scale: 1e-3 },
      { kind: "residual", body: [dense(4), act, dense(4)], shortcut: [dense(4), act], scale: -2 },
      { kind: "residual", body: [], shortcut: [dense(4)], scale: 30 },
      { kind: "residual", body: [], scale: 0 },
      {
        kind: "concat",
        branches: [[dense(5), act], [], [{ kind: "residual", body: [act, dense(2)], shortcut: [dense(2)], scale: 0.5 }]],
      },
      { kind: "concat", branches: [[]] },
      dense(4),
      act,
      dense(2),
    ],
  };
};
const projected: Architecture = {
  input: [5, 4, 2],
  layers: [
    {
      kind: "residual",
      body: [{ kind: "conv", channels: 3, kernel: [3, 3], stride: 2 }, tanh],
      shortcut: [
        { kind: "conv", channels: 3, kernel: [1, 1], stride: 2 },
        { kind: "norm", norm: "batch", gamma: 0.5, beta: 1 },
      ],
      scale: 0.1,
    },
    { kind: "concat", branches: [[{ kind: "conv", channels: 2, kernel: [1, 1] }], [{ kind: "norm", norm: "layer", gamma: -2 }]] },
    { kind: "flatten" },
    dense(3),
    { kind: "norm", norm: "rms", gamma: 0.3, beta: -0.2 },
    tanh,
    dense(4, { init: "constant:0.3" }),
    tanh,
    dense(3),
    { kind: "softmax" },
  ],
};

const kinds: [string, Architecture][] = [
  ["blocks of every kind", branched("tanh")],
  ["homogeneous blocks of every kind", branched("relu")],
  ["projections, norms with scale and shift, and softmax", projected],
  ["plain ReLU", mlp("3-6x4-2")],
  ["biases", mlp("3-6x4-2", { bias: "normal:0.3", activation: "tanh" })],
  ["batch norm", mlp("3-6x4-2", { norm: "batch", activation: "softplus" })],
  ["layer norm in residual units", mlp("3-6x4-2", { norm: "layer", skip: "residual" })],
  ["RMS norm with dense connections", mlp("3-6x3-2", { norm: "rms", skip: "dense", activation: "silu" })],
  ["orthogonal", mlp("3-6x4-2", { init: "orthogonal", weightVariance: 2 })],
  ["homogeneous and exploding", mlp("3-6x8-2", { skip: "residual", block: 1, weightVariance: 50 })],
  ["images", image],
  ["nested blocks", nested],
];

describe("gradients", () => {
  it.each(kinds)("the kernels carry those of the float64 reference back: %s", async (_name, architecture) => {
    expect(plan(architecture, 6).executor).toBe("kernels");
    const [fast, exact] = [await run(architecture, "kernels"), await run(architecture, "reference")];
    expect(fast.length).toBe(6);
    fast.forEach((network, k) => {
      expect(network.map(({ path }) => path)).toEqual(exact[k].map(({ path }) => path));
      expect(network.at(-1)?.path).toBe("input");
      network.forEach((seen, place) => {
        const wanted = exact[k][place];
        const shift = 2 ** (seen.exponent - wanted.exponent);
        const scale = Math.max(...wanted.gradients.map(Math.abs), Number.MIN_VALUE);
        // Rounding of float32 through a few layers; these seeds show no unit within it of a kink.
        seen.gradients.forEach((value, i) => {
          expect(Math.abs(value * shift - wanted.gradients[i])).toBeLessThanOrEqual(1e-4 * scale);
        });
        const same = seen.logMeanSquare === wanted.logMeanSquare;
        if (!same) expect(Math.abs(seen.logMeanSquare - wanted.logMeanSquare)).toBeLessThan(1e-4);
        expect(seen.weights === undefined).toBe(wanted.weights === undefined);
        const [w, expected] = [seen.weights ?? 0, wanted.weights ?? 0];
        if (w !== expected) expect(Math.abs(w - expected)).toBeLessThan(2e-4);
      });
    });
  });

  it.each(["zeros", "ones", "constant:-0.3"])("copied units get equal gradients, exactly: %s", async (init) => {
    const architecture = mlp("3-9x3-7", { init, activation: "tanh" });
    for (const executor of ["kernels", "reference"] as const)
      for (const network of await run(architecture, executor, 2))
        for (const { path, gradients } of network.filter((seen) => ["layers[1]", "layers[3]", "layers[5]"].includes(seen.path)))
          for (let p = 0; p < 5; p++) expect(new Set(gradients.slice(9 * p, 9 * p + 9)).size, `${executor} ${path}`).toBe(1);
  });

  it("nothing underflows in 200 layers of weight variance 0.02, homogeneous or not", async () => {
    for (const activation of ["relu", "tanh"])
      for (const executor of ["kernels", "reference"] as const) {
        const architecture = mlp("3-16x200-2", { activation, weightVariance: 0.02 });
        // The values of tanh leave float32 on the way forward.
        if (activation === "tanh") expect(plan(architecture, 1).executor).toBe("reference");
        const [network] = await run(architecture, activation === "tanh" ? "reference" : executor, 1);
        const levels = network.map(({ logMeanSquare }) => logMeanSquare);
        // Each layer takes a factor of about 0.01 (ReLU: half of the slopes are 1) or 0.02 of the mean square.
        const perLayer = ((levels.at(-1) as number) - levels[0]) / 200;
        expect(Math.abs(perLayer - Math.log(activation === "relu" ? 0.01 : 0.02))).toBeLessThan(0.35);
        expect(network.every(({ weights = 0 }) => Number.isFinite(weights))).toBe(true);
      }
  });

  it("given errors are taken as they are", async () => {
    const architecture: Architecture = { input: [2], layers: [{ kind: "activation", activation: "linear" }] };
    const errors = random(7, 5, 2);
    for (const executor of ["kernels", "reference"] as const) {
      const given = { ...plan(architecture, 2), executor, gradients: { errors } };
      const { states } = await runEnsemble(given, { metrics: [capture] });
      for (const network of states[0] as Seen[][])
        expect(network.map(({ gradients }) => gradients)).toEqual(
          [1, 2].map(() => (executor === "kernels" ? [...Float32Array.from(errors.data)] : [...errors.data])),
        );
    }
  });

  it("do not change what metrics of the way forward see", async () => {
    const paths: Metric<unknown, string[], string[]> = {
      name: "paths",
      trace: () => [],
      observe: (trace, { layer, activations }) => trace.push(`${layer} ${activations().data.join(" ")}`),
      visit: (trace, { path, activations }) => trace.push(`${path} ${activations().data.join(" ")}`),
      empty: () => [],
      fold: (state, trace) => {
        state.push(...trace);
      },
      merge: (state, next) => {
        state.push(...next);
      },
    };
    for (const [, architecture] of [kinds[0], kinds[3], kinds[6]])
      for (const executor of ["kernels", "reference"] as const) {
        const both = { ...plan(architecture, 5), executor, metrics: ["paths", "capture"].map((name) => ({ name, options: {} })) };
        const alone = { ...both, gradients: undefined, metrics: both.metrics.slice(0, 1) };
        const [a, b] = [await runEnsemble(both, { metrics: [paths, capture] }), await runEnsemble(alone, { metrics: [paths] })];
        expect(a.states[0]).toEqual(b.states[0]);
      }
  });

  it("are refused where they are not carried, and where the draw in law is asked for", async () => {
    const architecture = mlp("3-6x2-1");
    const base = plan(architecture, 4);
    await expect(runEnsemble({ ...base, gradients: undefined }, { metrics: [capture] })).rejects.toThrow("carries no gradients");
    await expect(runEnsemble({ ...base, executor: "law" }, { metrics: [capture] })).rejects.toThrow("law carries no gradients");
    const request = { architecture, inputs: base.inputs, gradients: {}, seed: 0, metrics: [] };
    expect(() => planEnsemble({ ...request, method: "law" })).toThrow("--method law carries no gradients");
    expect(() => planEnsemble({ ...request, method: "conditional" })).toThrow("--method conditional carries no gradients");
  });

  it("go to the reference where the kernels cannot: data-dependent weights, unknown activations, too many values", () => {
    const executor = (architecture: Architecture, points?: number) => plan(architecture, 4, points).executor;
    expect(executor(mlp("3-6x2-1", { init: "lsuv" }))).toBe("reference");
    expect(executor(mlp("3-6x2-1", { activation: "sign" }))).toBe("reference");
    // 16 bytes a value: 300 layers of dense and activation for 1000 points of 100 values are about 1 GB; 200 fit.
    expect(executor(mlp("3-100x300-1"), 1000)).toBe("reference");
    expect(executor(mlp("3-100x200-1"), 1000)).toBe("kernels");
    expect(outputSize(mlp("3-100x200-7"))).toBe(7);
  });

  it("count as memory of a thread: the values of all layers, which stay for the way back", () => {
    for (const activation of ["relu", "mish"]) {
      const request = { architecture: mlp("3-64x100-1", { activation }), inputs: random(1, 500, 3), seed: 0, networks: 4 };
      const options = { ...request, method: "weights", metrics: [] } as const;
      const [there, andBack] = [planEnsemble(options), planEnsemble({ ...options, gradients: {} })];
      // At least 64 values of 4 bytes or more in each of 100 layers.
      expect(andBack.bytes - there.bytes).toBeGreaterThan(4 * 500 * 64 * 100);
      expect(andBack.executor).toBe(activation === "relu" ? "kernels" : "reference");
    }
  });
});
