import { ConfigError, matrix, normals, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { type Architecture, mlp, planEnsemble, runEnsemble } from "../../src/index.js";
import { type Captured, capture, capturePlan } from "./capture.js";

const inputs = matrix(5, 3, normals(stream(1), new Float64Array(15)));

async function activations(
  architecture: Architecture,
  executor: "reference" | "kernels" | "law" | "law-reference",
  networks: number,
) {
  const run = await runEnsemble(capturePlan(architecture, inputs, executor, networks), { metrics: [capture] });
  return run.states[0] as { layers: Captured; alive: number[][] }[];
}

/** Values of one network without the power of two that is common to them. */
function normalised(layer: readonly number[]): number[] {
  const largest = Math.max(...layer.map(Math.abs)) || 1;
  return layer.map((value) => value / largest);
}

describe("the kernels", () => {
  it.each([
    ["3-7x4-1", {}],
    ["3-4-9-2-1", { activation: "leaky-relu:0.2" }],
    ["3-16x3-1", { bias: "normal:0.3" }],
    ["3-8x3-1", { activation: "tanh", weightVariance: 1.5 }],
    ["3-8x3-1", { activation: "gelu", bias: "like-weights" }],
    ["3-8x3-1", { activation: "abs", init: "glorot-normal" }],
  ])("build the same networks as the float64 reference: %s %j", async (widths, options) => {
    const architecture = mlp(widths, options);
    const [fast, exact] = [await activations(architecture, "kernels", 6), await activations(architecture, "reference", 6)];
    expect(fast.length).toBe(6);
    fast.forEach((network, k) => {
      network.layers.forEach((layer, l) => {
        const expected = normalised(exact[k].layers[l]);
        // Rounding of float32 through at most four layers of up to 16 terms.
        normalised(layer).forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(1e-5);
        });
      });
      expect(network.alive).toEqual(exact[k].alive);
    });
  });
});

/** Residual blocks with a factor, with a shortcut and nested; concat blocks of one to four branches; branches that only hand on their input. */
const blocks = (activation: string): Architecture => {
  const act = { kind: "activation", activation } as const;
  const dense = (units: number) => ({ kind: "dense", units }) as const;
  return {
    input: [3],
    layers: [
      { kind: "residual", body: [], scale: 3 },
      { kind: "residual", body: [dense(3), act], scale: 1e-3 },
      { kind: "residual", body: [dense(4)], shortcut: [dense(4), act], scale: -2 },
      { kind: "residual", body: [{ kind: "flatten" }], shortcut: [{ kind: "flatten" }], scale: 0 },
      { kind: "residual", body: [], shortcut: [dense(4)], scale: 1e6 },
      { kind: "concat", branches: [[dense(2), act]] },
      { kind: "concat", branches: [[]] },
      {
        kind: "concat",
        branches: [
          [dense(5), act],
          [],
          [{ kind: "residual", body: [act, dense(2)], scale: 0.5 }],
          [{ kind: "concat", branches: [[dense(3)], [], [act]] }],
        ],
      },
      { kind: "concat", body: [dense(2), act] },
      dense(4),
      act,
    ],
  };
};

describe("the kernels, for every kind of layer", () => {
  const image: Architecture = {
    input: [5, 4, 2],
    layers: [
      { kind: "conv", channels: 3, kernel: [3, 3], padding: "periodic", bias: "normal:0.1" },
      { kind: "norm", norm: "batch" },
      { kind: "activation", activation: "relu" },
      {
        kind: "residual",
        body: [
          { kind: "norm", norm: "layer" },
          { kind: "activation", activation: "tanh" },
          { kind: "conv", channels: 3, kernel: [2, 3], padding: "symmetric" },
        ],
      },
      { kind: "pool", pool: "max", window: 2 },
      {
        kind: "concat",
        body: [
          { kind: "conv", channels: 2, kernel: [1, 1] },
          { kind: "activation", activation: "elu:0.5" },
        ],
      },
      { kind: "pool", pool: "average", window: "global" },
      { kind: "dense", units: 6, init: "glorot-uniform", bias: "like-weights" },
      { kind: "norm", norm: "rms", epsilon: 0.1 },
      { kind: "activation", activation: "gelu" },
      { kind: "dense", units: 1 },
    ],
  };
  const shortcuts: Architecture = {
    input: [5, 4, 2],
    layers: [
      {
        kind: "residual",
        body: [
          { kind: "conv", channels: 3, kernel: [3, 3], stride: 2 },
          { kind: "activation", activation: "relu" },
          { kind: "conv", channels: 3, kernel: [3, 3] },
        ],
        shortcut: [{ kind: "conv", channels: 3, kernel: [1, 1], stride: 2 }],
        scale: 0.5,
      },
      { kind: "activation", activation: "relu" },
      {
        kind: "concat",
        branches: [
          [{ kind: "conv", channels: 2, kernel: [1, 1] }],
          [
            { kind: "conv", channels: 4, kernel: [3, 3], bias: "normal:1" },
            { kind: "activation", activation: "gelu" },
          ],
          [],
          [{ kind: "norm", norm: "batch" }],
        ],
      },
      { kind: "pool", pool: "average", window: "global" },
      { kind: "activation", activation: "linear" },
    ],
  };
  const pixels = matrix(3, 40, normals(stream(2), new Float64Array(120)));

  it.each<[string, Architecture, typeof inputs]>([
    ["images", image, pixels],
    ["residual units", mlp("3-6x4-1", { skip: "residual", norm: "batch" }), inputs],
    ["homogeneous residual units", mlp("3-6x6-1", { skip: "residual", block: 1, weightVariance: 40 }), inputs],
    ["concatenation", mlp("3-6x3-1", { skip: "dense" }), inputs],
    [
      "norms with scale and shift",
      {
        input: [3],
        layers: [
          { kind: "dense", units: 6 },
          { kind: "norm", norm: "batch", gamma: -0.3, beta: 0.2 },
          { kind: "activation", activation: "prelu" },
          { kind: "dense", units: 5 },
          { kind: "norm", norm: "layer", gamma: 0 },
          { kind: "activation", activation: "sin:3" },
          { kind: "dense", units: 5, bias: "normal:1" },
          { kind: "norm", norm: "rms", beta: 1 },
          { kind: "activation", activation: "tanh" },
        ],
      },
      inputs,
    ],
    ["homogeneous blocks of every kind", blocks("relu"), inputs],
    ["blocks of every kind", blocks("tanh"), inputs],
    ["shortcuts of images", shortcuts, pixels],
    [
      "softmax",
      {
        input: [3],
        layers: [
          { kind: "dense", units: 6 },
          { kind: "softmax" },
          { kind: "activation", activation: "linear" },
          { kind: "dense", units: 1 },
        ],
      },
      inputs,
    ],
    ["uniform weights and biases", mlp("3-6x3-1", { init: "pytorch" }), inputs],
    [
      "an activation on its own, twice, and flat layers",
      {
        input: [2, 2],
        layers: [
          { kind: "activation", activation: "abs" },
          { kind: "flatten" },
          { kind: "dense", units: 3 },
          { kind: "activation", activation: "relu" },
          { kind: "activation", activation: "sin" },
        ],
      },
      matrix(2, 4, normals(stream(3), new Float64Array(8))),
    ],
  ])("they build the same networks as the float64 reference: %s", async (_name, architecture, points) => {
    const run = async (executor: "kernels" | "reference") => {
      const { states } = await runEnsemble(capturePlan(architecture, points, executor, 6), { metrics: [capture] });
      return states[0] as { layers: Captured; alive: number[][] }[];
    };
    const [fast, exact] = [await run("kernels"), await run("reference")];
    fast.forEach((network, k) => {
      expect(network.layers.length).toBe(exact[k].layers.length);
      network.layers.forEach((layer, l) => {
        const expected = normalised(exact[k].layers[l]);
        // Rounding of float32 through a dozen layers; norms of nearly constant channels amplify it.
        normalised(layer).forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(2e-4);
        });
      });
    });
  });
});

const blocksInLaw: Architecture = {
  input: [3],
  layers: [
    {
      kind: "residual",
      body: [
        { kind: "dense", units: 5 },
        { kind: "activation", activation: "relu" },
        { kind: "dense", units: 4 },
      ],
      shortcut: [{ kind: "dense", units: 4 }],
      scale: -0.5,
    },
    { kind: "norm", norm: "layer", gamma: 2, beta: -0.5 },
    { kind: "activation", activation: "relu" },
    { kind: "concat", branches: [[{ kind: "dense", units: 3 }], [{ kind: "dense", units: 2 }], []] },
  ],
};

describe("the draw in law", () => {
  // Products of activations of two points, averaged over units: what the law of the next layer depends on.
  const product = (layer: readonly number[], i: number, j: number) => {
    const units = layer.length / 5;
    let sum = 0;
    for (let u = 0; u < units; u++) sum += layer[i * units + u] * layer[j * units + u];
    return sum / units;
  };

  it.each<[string, Architecture]>([
    ["he-normal", mlp("3-6x3-1")],
    ["biases", mlp("3-6x3-1", { bias: "normal:0.5" })],
    ["batch norm", mlp("3-6x3-1", { norm: "batch" })],
    ["layer norm", mlp("3-6x3-1", { norm: "layer", activation: "tanh" })],
    ["residual units", mlp("3-6x2-1", { skip: "residual", block: 1 })],
    ["concatenation", mlp("3-6x2-1", { skip: "dense" })],
    ["a shortcut, a factor and branches", blocksInLaw],
    ["orthogonal weights", mlp("3-6-4-5-1", { init: "orthogonal", weightVariance: 2 })],
  ])("agrees with explicit weights: %s", async (_name, architecture) => {
    const networks = 2000;
    const [law, weights] = [
      await activations(architecture, "law", networks),
      await activations(architecture, "reference", networks),
    ];
    const layers = law[0].layers.length;
    for (let l = 0; l < layers; l++) {
      for (const [i, j] of [
        [0, 0],
        [0, 1],
        [2, 4],
      ]) {
        const [a, b] = [law, weights].map((set) => set.map((network) => Math.tanh(product(network.layers[l], i, j))));
        const [mean, spread] = [a, b].reduce(
          ([difference, variance], values, sign) => {
            const m = values.reduce((sum, v) => sum + v, 0) / networks;
            const v = values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (networks - 1);
            return [difference + (sign ? -m : m), variance + v / networks];
          },
          [0, 0],
        );
        expect(Math.abs(mean)).toBeLessThan(4.5 * Math.sqrt(spread));
      }
    }
  });
});

describe("units that are copies by construction", () => {
  it.each(["zeros", "ones", "constant:-0.3", "normal:std=0"])("are exactly equal: %s", async (init) => {
    const architecture = mlp("3-8x3-1", { init, activation: "tanh" });
    const { executor } = planEnsemble({ architecture, inputs, seed: 0, method: "auto", metrics: [] });
    expect(executor).toBe("reference");
    for (const network of await activations(architecture, "reference", 2))
      for (const layer of network.layers) for (let p = 0; p < 5; p++) expect(new Set(layer.slice(8 * p, 8 * p + 8)).size).toBe(1);
  });
});

describe("underflow and overflow", () => {
  const deep = (weightVariance: number, activation = "relu") => mlp("3-24x400-1", { weightVariance, activation });

  it.each(["reference", "kernels", "law"] as const)(
    "a deep network that shrinks its signal stays alive (%s)",
    async (executor) => {
      // 400 layers halve the variance each: 2^-400 is far below float32, and its square below float64.
      const [network] = await activations(deep(0.5), executor, 1);
      expect(network.alive.at(-1)).toEqual([1, 1, 1, 1, 1]);
      expect(network.layers[0].some((value) => value !== 0)).toBe(true);
    },
  );

  it.each(["reference", "kernels", "law"] as const)(
    "a deep network that blows its signal up stays finite (%s)",
    async (executor) => {
      const [network] = await activations(deep(16), executor, 1);
      expect(network.layers.at(-1)?.every(Number.isFinite)).toBe(true);
    },
  );

  it("activations that never vanish are never dead, even where they round to zero", async () => {
    const [network] = await activations(mlp("3-4x2-1", { activation: "softplus", bias: "normal:1e9" }), "kernels", 1);
    expect(network.alive.flat().every((alive) => alive === 1)).toBe(true);
  });
});

describe("float32", () => {
  const executor = (values: number[], options = {}) =>
    planEnsemble({
      architecture: mlp("3-8x3-1", options),
      inputs: matrix(values.length / 3, 3, Float64Array.from(values)),
      seed: 0,
      method: "weights",
      metrics: [],
    }).executor;

  it("is given up where values would leave its range", () => {
    expect(executor([1, 2, 3, 4, 5, 6])).toBe("kernels");
    expect(executor([1e-60, 0, 0, 2e-60, 0, 0])).toBe("kernels");
    expect(executor([1e-60, 0, 0, 1, 1, 1])).toBe("reference");
    expect(executor([1e-60, 0, 0, 2e-60, 0, 0], { activation: "tanh" })).toBe("reference");
    expect(executor([1, 2, 3], { bias: "normal:1e40" })).toBe("reference");
    expect(executor([1, 2, 3], { weightVariance: 1e30 })).toBe("kernels");
    expect(executor([1, 2, 3], { weightVariance: 1e40 })).toBe("reference");
    expect(executor([1, 2, 3], { weightVariance: 1e-40 })).toBe("reference");
  });

  it("tiny inputs of a homogeneous network are as alive as others", async () => {
    const architecture = mlp("3-8x3-1");
    const tiny = { ...inputs, data: inputs.data.map((value) => value * 2 ** -300) };
    const run = async (points: typeof inputs) => {
      const { states } = await runEnsemble(capturePlan(architecture, points, "kernels", 4), { metrics: [capture] });
      return (states[0] as { alive: number[][] }[]).map(({ alive }) => alive);
    };
    expect(await run(tiny)).toEqual(await run(inputs));
  });

  it("overflow is that of the networks asked for, not of others beside them in the lanes", async () => {
    const architecture = mlp("1-1x20-1", { activation: "leaky-relu:0.5", bias: "normal:1", weightVariance: 1e5 });
    const run = (networks: number) => {
      const plan = capturePlan(architecture, matrix(1, 1, Float64Array.of(1)), "kernels", networks);
      return runEnsemble({ ...plan, seed: 11 }, { metrics: [capture] });
    };
    expect((await run(1)).networks).toBe(1);
    await expect(run(4)).rejects.toThrow("the activations of layer 19 overflow float32");
  });

  it("overflow in float64 is an error with the layer, not NaN", async () => {
    const architecture = mlp("3-16x100-1", { weightVariance: 1e9, bias: "normal:1" });
    await expect(activations(architecture, "reference", 1)).rejects.toThrow(/the activations of layer \d+ overflow float64/);
  });
});

it("relaxed SIMD is asked for, never taken: the same networks up to rounding, or one sentence where the host has none", async () => {
  const architecture = mlp("3-16x3-1");
  const plan = capturePlan(architecture, inputs, "kernels", 4);
  expect(plan.relaxed).toBeUndefined();
  const relaxed = await runEnsemble({ ...plan, relaxed: true }, { metrics: [capture] }).catch((error: Error) => error);
  if (relaxed instanceof Error) {
    expect(relaxed).toBeInstanceOf(ConfigError);
    expect(relaxed.message).toContain("this host has no relaxed SIMD: leave it out");
    return;
  }
  const { states } = await runEnsemble(plan, { metrics: [capture] });
  (relaxed.states[0] as { layers: Captured }[]).forEach((network, k) => {
    const exact = (states[0] as { layers: Captured }[])[k];
    network.layers.forEach((layer, l) => {
      const wanted = normalised(exact.layers[l]);
      normalised(layer).forEach((value, i) => {
        expect(Math.abs(value - wanted[i])).toBeLessThan(1e-5);
      });
    });
  });
});
