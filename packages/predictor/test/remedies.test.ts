import { activation, matrix, matrixFromRows, normals, row, stream } from "@sonde/core";
import { type Architecture, forward, mlp, parameterCount, parseNotation, randomNetwork } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { type Inputs, keepingVariance, type Remedy, remedies, standardisedInputs } from "../src/index.js";

const named = (name: string): Remedy => {
  const remedy = remedies.find((candidate) => candidate.name === name);
  if (!remedy) throw new Error(`no remedy ${name}`);
  return remedy;
};
const changed = (name: string, architecture: Architecture) => named(name).change(architecture)?.architecture;
const applying = (architecture: Architecture) => remedies.filter(({ change }) => change(architecture)).map(({ name }) => name);

it("every remedy has a name of its own, and says what it asks for and leaves", () => {
  expect(new Set(remedies.map(({ name }) => name)).size).toBe(remedies.length);
  for (const { cost, leaves } of remedies) expect([cost, leaves].every((words) => words.length > 0)).toBe(true);
});

describe("a plain ReLU chain", () => {
  const plain = mlp("4-3x6-2");

  it("may be changed by every remedy but those that it has, and those for what it has not", () => {
    const without = [
      "standardise",
      "rescale",
      "he",
      "linear-output",
      "sigmoid-output",
      "relu",
      "no-norm",
      "norm-first",
      "small-branches",
      "zero-branches",
    ];
    expect(applying(plain)).toEqual(remedies.map(({ name }) => name).filter((name) => !without.includes(name)));
  });

  it.each<[string, Parameters<typeof mlp>]>([
    ["he-bias", ["4-3x6-2", { bias: "like-weights" }]],
    ["pytorch", ["4-3x6-2", { init: "pytorch" }]],
    ["glorot", ["4-3x6-2", { init: "glorot-normal" }]],
    ["orthogonal", ["4-3x6-2", { init: "orthogonal", weightVariance: 2 }]],
    ["lsuv", ["4-3x6-2", { init: "lsuv" }]],
    ["rai", ["4-3x6-2", { init: "rai" }]],
    ["sign-flip-layer", ["4-3x6-2", { init: "sign-flip-layer" }]],
    ["sign-flip-neuron", ["4-3x6-2", { init: "sign-flip-neuron" }]],
    ["leaky-relu", ["4-3x6-2", { activation: "leaky-relu:0.01" }]],
    ["elu", ["4-3x6-2", { activation: "elu" }]],
    ["gelu", ["4-3x6-2", { activation: "gelu" }]],
    ["silu", ["4-3x6-2", { activation: "silu" }]],
    ["selu", ["4-3x6-2", { activation: "selu", init: "lecun-normal" }]],
    ["tanh", ["4-3x6-2", { activation: "tanh", init: "glorot-normal" }]],
    ["batch-norm", ["4-3x6-2", { norm: "batch" }]],
    ["layer-norm", ["4-3x6-2", { norm: "layer" }]],
    ["residual", ["4-3x6-2", { skip: "residual", block: 2 }]],
    ["dense", ["4-3x6-2", { skip: "dense" }]],
    ["shallower", ["4-3x3-2"]],
    ["wider", ["4-10x6-2"]],
  ])("%s is what the choices that it names build", (name, [widths, options]) => {
    expect(changed(name, plain)).toEqual(mlp(widths, options));
    const { choices } = named(name).change(plain) ?? {};
    expect(choices).toMatchObject(options ?? { widths: parseNotation(String(widths)) });
  });

  it("is widened to its depth where it is wide enough not to die", () => {
    expect(changed("wider", mlp("4-16x40-2"))).toEqual(mlp("4-40x40-2"));
  });

  it("keeps what a remedy does not concern", () => {
    const biased = mlp("4-3x6-2", { bias: "normal:0.1", init: "glorot-uniform", activation: "relu" });
    expect(changed("batch-norm", biased)).toEqual(mlp("4-3x6-2", { bias: "normal:0.1", init: "glorot-uniform", norm: "batch" }));
    expect(changed("residual", biased)).toEqual(mlp("4-3x6-2", { bias: "normal:0.1", init: "glorot-uniform", skip: "residual" }));
    expect(changed("sign-flip-layer", biased)).toEqual(
      mlp("4-3x6-2", { bias: "normal:0.1", init: "sign-flip-layer:glorot-uniform" }),
    );
    expect(changed("rai", biased)).toEqual(mlp("4-3x6-2", { init: "rai" }));
    expect(changed("he", biased)).toEqual(mlp("4-3x6-2"));
  });

  it("replaces one flip by the other, on the same base", () => {
    const flipped = mlp("4-3x6-2", { init: "sign-flip-layer:glorot-normal" });
    expect(changed("sign-flip-neuron", flipped)).toEqual(mlp("4-3x6-2", { init: "sign-flip-neuron:glorot-normal" }));
    expect(changed("sign-flip-layer", flipped)).toBeUndefined();
  });
});

describe("other architectures", () => {
  it("get what applies", () => {
    expect(applying(mlp("4-20x1-2", { activation: "tanh" }))).toEqual([
      "rescale",
      "he-bias",
      "pytorch",
      "glorot",
      "orthogonal",
      "lsuv",
      "gelu",
      "selu",
      "relu",
      "batch-norm",
      "layer-norm",
      "residual",
      "dense",
    ]);
    expect(changed("layer-norm", mlp("4-3x2-2", { norm: "batch" }))).toEqual(mlp("4-3x2-2", { norm: "layer" }));
    expect(changed("no-norm", mlp("4-3x2-2", { norm: "batch" }))).toEqual(mlp("4-3x2-2"));
    expect(applying(mlp("4-3x2-2", { norm: "batch" }))).not.toContain("batch-norm");
    expect(applying(mlp("4-2"))).not.toContain("batch-norm");
    expect(applying(mlp("4-3-5-2"))).not.toContain("residual");
  });

  it("are changed inside blocks too, and convolutions with them", () => {
    const architecture: Architecture = {
      input: [8, 2],
      layers: [
        { kind: "conv", channels: 2, kernel: [3] },
        {
          kind: "residual",
          body: [
            { kind: "activation", activation: "relu" },
            { kind: "conv", channels: 2, kernel: [3], bias: "normal:1" },
          ],
        },
        { kind: "flatten" },
        { kind: "dense", units: 1 },
      ],
    };
    const { layers } = changed("rai", architecture) ?? { layers: [] };
    expect(layers[0]).toEqual({ kind: "conv", channels: 2, kernel: [3], init: "rai" });
    expect(layers[1]).toMatchObject({ body: [{}, { kind: "conv", channels: 2, kernel: [3], init: "rai" }] });
    expect(JSON.stringify(changed("batch-norm", architecture))).toContain('{"kind":"norm","norm":"batch"},{"kind":"activation"');
    expect(changed("wider", architecture)).toBeUndefined();
  });

  it("are not connected densely where that would be too large", () => {
    expect(changed("dense", mlp("4-3x100000-2"))).toBeUndefined();
  });
});

describe("remedies in sizes", () => {
  it("widen from the next width to where angles hold, and make networks shallower layer by layer", () => {
    const narrow = mlp("4-3x6-2");
    const widths = named("wider").sizes?.(narrow);
    expect(widths?.at(0).architecture).toEqual(mlp("4-4x6-2"));
    expect(widths?.at(widths.count - 1).architecture).toEqual(mlp("4-32x6-2"));
    const depths = named("shallower").sizes?.(narrow);
    expect(depths?.count).toBe(5);
    expect(depths?.at(0).architecture).toEqual(mlp("4-3x5-2"));
    expect(depths?.at(4)).toEqual({
      change: "1 hidden layer instead of 6",
      architecture: mlp("4-3x1-2"),
      choices: { widths: [4, 3, 2] },
    });
  });

  it("have no size where the network is wide or shallow already", () => {
    expect(named("wider").sizes?.(mlp("4-2000x2-2"))?.count).toBe(0);
    expect(named("shallower").sizes?.(mlp("4-3-2"))?.count).toBe(0);
  });
});

it("the sign flips that a remedy adds keep half of the points alive in every layer", () => {
  const inputs = matrix(40, 4, normals(stream(2), new Float64Array(160)));
  for (const name of ["sign-flip-layer", "sign-flip-neuron"]) {
    const architecture = changed(name, mlp("4-2x5-1"));
    if (!architecture) throw new Error(name);
    for (let seed = 0; seed < 20; seed++) {
      const alive = new Array<boolean>(40).fill(true);
      forward(randomNetwork(architecture, stream(seed), { inputs }), inputs, {
        observe: ({ layer, activations }) => {
          for (let p = 0; p < 40; p++) alive[p] &&= row(activations, p).some((value) => value !== 0);
          expect(alive.filter(Boolean).length).toBeGreaterThanOrEqual(40 / 2 ** layer);
        },
      });
    }
  }
});

it("dense connections add the parameters that they say", () => {
  const architecture = changed("dense", mlp("1-2x9-1"));
  // Layer l sees the input and 2 (l - 1) earlier outputs; the output layer sees 19 values.
  const hidden = Array.from({ length: 9 }, (_, l) => 2 * (1 + 2 * l) + 2).reduce((sum, n) => sum + n);
  expect(architecture && parameterCount(architecture)).toBe(hidden + 19 + 1);
});

describe("the output", () => {
  const relu = { kind: "activation", activation: "relu" } as const;
  const { input, layers } = mlp("4-3x2-2");
  const ended: Architecture = { input, layers: [...layers, relu] };

  it("loses its activation, or gets another one, while those of hidden layers stay", () => {
    expect(changed("linear-output", ended)).toEqual({ input, layers });
    expect(changed("sigmoid-output", ended)).toEqual({
      input,
      layers: [...layers, { kind: "activation", activation: "sigmoid" }],
    });
    expect(applying({ input, layers: [...layers, { kind: "activation", activation: "tanh" }] })).not.toContain("sigmoid-output");
    expect(applying(mlp("4-3x2-2"))).not.toContain("linear-output");
  });

  it("keeps its activation where the hidden ones are exchanged, normalised, widened or skipped", () => {
    const tanh = mlp("4-3x2-2", { activation: "tanh", init: "glorot-normal" });
    expect(changed("tanh", ended)).toEqual({ input, layers: [...tanh.layers, relu] });
    expect(changed("batch-norm", ended)).toEqual({ input, layers: [...mlp("4-3x2-2", { norm: "batch" }).layers, relu] });
    expect(changed("wider", ended)).toEqual({ input, layers: [...mlp("4-8x2-2").layers, relu] });
    expect(changed("residual", ended)).toEqual({ input, layers: [...mlp("4-3x2-2", { skip: "residual" }).layers, relu] });
  });
});

describe("the weights' scale", () => {
  it.each([
    ["relu", 2],
    ["leaky-relu:0.5", 1.6],
    ["linear", 1],
    ["selu", 1],
    ["tanh", 1],
    ["erf", Math.PI / 4],
    ["gelu", 2.3517],
    ["elu", 1.5505],
  ])("that keeps the signal of %s is %d", (name, expected) => {
    expect(keepingVariance(activation(name))).toBeCloseTo(expected, 3);
  });

  it("of activations whose mean takes over is not known", () => {
    for (const name of ["sigmoid", "softplus"]) expect(keepingVariance(activation(name))).toBeUndefined();
  });

  it("is changed in all layers, and nothing else of them", () => {
    const given = { init: "uniform", weightVariance: 0.01, bias: "uniform:0.2" };
    expect(changed("rescale", mlp("4-3x2-2", given))).toEqual(mlp("4-3x2-2", { ...given, weightVariance: 2 }));
    expect(changed("rescale", mlp("4-3x2-2", { activation: "gelu" }))).toEqual(
      mlp("4-3x2-2", { activation: "gelu", init: "normal", weightVariance: 2.352 }),
    );
    expect(changed("rescale", mlp("4-3-2", { init: "normal:std=0.01" }))).toEqual(
      mlp("4-3-2", { init: "normal", weightVariance: 2 }),
    );
  });

  it("is not offered where it is right, where He's rule is the same, and where weights set their scale themselves", () => {
    for (const options of [
      { init: "normal", weightVariance: 2 },
      { init: "glorot-normal" },
      { init: "pytorch" },
      { init: "lsuv" },
      { init: "zeros" },
      { activation: "selu", init: "lecun-normal" },
      { activation: "sigmoid" },
    ])
      expect([options, applying(mlp("4-3-2", options)).includes("rescale")]).toEqual([options, false]);
  });
});

describe("standardised inputs", () => {
  const of = (mean: number, sd: number) => ({ data: matrixFromRows([[mean - sd], [mean + sd]]) });
  const offered = (inputs: Inputs, architecture = mlp("1-2-1")) =>
    named("standardise").change(architecture, inputs) !== undefined;

  it("are offered from a mean of a quarter of the standard deviation and a factor of four of the variance on", () => {
    expect([0.24, 0.26].map((mean) => offered(of(mean, 1)))).toEqual([false, true]);
    expect([0.49, 0.51].map((sd) => offered(of(0, sd)))).toEqual([true, false]);
    expect([1.99, 2.01].map((sd) => offered(of(0, sd)))).toEqual([false, true]);
  });

  it("are not offered for a constant column, a single point and the default interval", () => {
    expect(offered({ data: matrixFromRows([[5], [5]]) })).toBe(false);
    expect(offered({ data: matrixFromRows([[5]]) })).toBe(false);
    expect(offered({})).toBe(false);
  });

  it("have mean 0 and variance 1 in every channel, or lie in a box of that", () => {
    const image: Architecture = { input: [2, 1], layers: [{ kind: "flatten" }, { kind: "dense", units: 1 }] };
    const { data } = standardisedInputs(image, {
      data: matrixFromRows([
        [0, 2],
        [2, 0],
      ]),
    });
    expect(data?.data).toEqual(Float64Array.of(-1, 1, 1, -1));
    expect(offered({ domain: [0, 1] })).toBe(true);
    const side = Math.sqrt(3);
    expect(
      standardisedInputs(mlp("2-1"), {
        domain: [
          [0, 1],
          [5, 9],
        ],
      }).domain,
    ).toEqual([
      [-side, side],
      [-side, side],
    ]);
    expect(offered({ domain: [[-side, side]] })).toBe(false);
  });
});

describe("norms and residual units", () => {
  const norm = { kind: "norm", norm: "layer" } as const;
  const relu = { kind: "activation", activation: "relu" } as const;
  const dense = { kind: "dense", units: 4 } as const;

  it("has the norm before the activation, and at the start of the branch, instead of after them", () => {
    const architecture: Architecture = {
      input: [4],
      layers: [dense, relu, norm, { kind: "residual", body: [dense, relu] }, norm, dense],
    };
    expect(changed("norm-first", architecture)?.layers).toEqual([
      dense,
      norm,
      relu,
      { kind: "residual", body: [norm, dense, relu] },
      dense,
    ]);
    expect(applying(mlp("4-3x2-2", { norm: "batch" }))).not.toContain("norm-first");
  });

  it("scales branches by one over the root of their number, or by 0", () => {
    const units = mlp("4-4x4-2", { skip: "residual", block: 1 });
    const scales = (name: string) =>
      changed(name, units)?.layers.flatMap((layer) => (layer.kind === "residual" ? [layer.scale] : []));
    expect(scales("small-branches")).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(scales("zero-branches")).toEqual([0, 0, 0, 0]);
    expect(applying(mlp("4-4-2", { skip: "residual", block: 1 }))).not.toContain("small-branches");
  });
});
