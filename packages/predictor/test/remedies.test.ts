import { matrix, normals, row, stream } from "@sonde/core";
import { type Architecture, forward, mlp, parameterCount, parseNotation, randomNetwork } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { type Remedy, remedies } from "../src/index.js";

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
    const without = ["standardise", "rescale", "he", "linear-output", "sigmoid-output", "relu", "no-norm", "norm-first"];
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
