import { ConfigError, DomainError, type Matrix, matrixFromRows, ShapeError, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { ambiguityOf, initialiser, initialiserForms, initialiserName, initialiserNames } from "../src/index.js";

const shape = { kernel: [], inputs: 2, outputs: 3 };
const context = {
  layerInput: matrixFromRows([
    [1, 2],
    [-1, 3],
  ]),
  respond: (z: Matrix) => ({ ...z, data: z.data.map((value) => Math.max(value, 0)) }),
};
const equal = ["zeros", "ones"];
const needsVariance = ["normal", "uniform", "truncated-normal"];
const named = (init: string) => initialiser({ init, weightVariance: needsVariance.includes(init) ? 1 : undefined });

it("initialiserNames lists every name once", () => {
  expect(initialiserNames).toEqual([...new Set(initialiserNames)]);
  expect(initialiserNames).toEqual(expect.arrayContaining(["he-normal", "orthogonal", "rai", "sign-flip-neuron"]));
});

it.each(initialiserNames)("%s draws finite parameters of the right shape, twice the same", (init) => {
  const { draw, name } = named(init);
  expect(name.startsWith(init)).toBe(true);
  const { weights, bias } = draw(stream(7), shape, context);
  expect([weights.rows, weights.cols, bias.length]).toEqual([2, 3, 3]);
  expect([...weights.data, ...bias].every(Number.isFinite)).toBe(true);
  expect(draw(stream(7), shape, context)).toEqual({ weights, bias });
  if (!equal.includes(init)) expect(draw(stream(8), shape, context).weights).not.toEqual(weights);
});

it("says which initialisers meet the premises of the bounds, and which need data", () => {
  const byUnits = ["orthogonal", "delta-orthogonal", "lsuv"];
  const neither = ["zeros", "ones", "rai", "sign-flip-layer", "sign-flip-neuron"];
  for (const init of initialiserNames) {
    expect(named(init).symmetry).toBe(byUnits.includes(init) ? "units" : neither.includes(init) ? "none" : "entries");
    expect(named(init).needsInput).toBe(["lsuv", "sign-flip-layer", "sign-flip-neuron"].includes(init));
  }
  // The scale of LSUV depends on the signs of its units, which a bias then feels.
  expect(initialiser({ init: "lsuv", bias: "normal:1" }).symmetry).toBe("none");
});

it("zeroBias says whether every bias drawn is 0", () => {
  for (const init of initialiserNames) {
    const { zeroBias, draw } = named(init);
    expect(draw(stream(3), shape, context).bias.every((value) => value === 0)).toBe(zeroBias);
  }
  for (const bias of ["zeros", "like-weights", "normal:0", "normal:1", "uniform:0", "uniform:1"]) {
    const { zeroBias, draw } = initialiser({ init: "orthogonal", bias });
    expect(draw(stream(3), shape).bias.every((value) => value === 0)).toBe(zeroBias);
  }
});

it("the default is he-normal with zero bias", () => {
  expect(initialiser()).toMatchObject({ name: "he-normal", symmetry: "entries", needsInput: false });
  expect(initialiser().draw(stream(0), shape)).toEqual(initialiser({ init: "he-normal", bias: "zeros" }).draw(stream(0), shape));
});

it("a sign flip takes a base and hands it the options", () => {
  const flip = initialiser({ init: "sign-flip-layer:uniform", weightVariance: 3, bias: "uniform:1" });
  expect(flip.name).toBe("sign-flip-layer:uniform");
  const base = initialiser({ init: "uniform", weightVariance: 3, bias: "uniform:1" });
  expect(flip.draw(stream(1), shape, context).bias.map(Math.abs)).toEqual(base.draw(stream(1), shape).bias.map(Math.abs));
});

describe("errors", () => {
  const names = initialiserForms.join(", ");

  it.each([
    ["he-nromal", `unknown initialiser "he-nromal", did you mean "he-normal"? the names are ${names}`],
    ["foo", `unknown initialiser "foo", the names are ${names}`],
    ["", `unknown initialiser "", the names are ${names}`],
    ["toString", `unknown initialiser "toString", the names are ${names}`],
    ["sign-flip-layer:", `unknown initialiser "", the names are ${names}`],
    ["sign-flip-layer:foo", `unknown initialiser "foo", the names are ${names}`],
    ["sign-flip-layers", `unknown initialiser "sign-flip-layers", did you mean "sign-flip-layer"? the names are ${names}`],
    [
      "sign-flip-layer:sign-flip-neuron",
      '"sign-flip-layer:sign-flip-neuron" flips signs twice: name another base, as in "sign-flip-layer:glorot-normal"',
    ],
  ])("name %j", (init, message) => {
    expect(() => initialiser({ init })).toThrow(new ConfigError(message));
  });

  it.each(["rai", "pytorch", "keras", "sign-flip-layer:rai"])("%s takes neither bias nor weight variance", (init) => {
    const name = init.replace(/.*:/, "");
    expect(() => initialiser({ init, bias: "zeros" })).toThrow(
      new ConfigError(`"${name}" sets weights and biases itself: leave out the bias, or choose another initialiser`),
    );
    expect(() => initialiser({ init, weightVariance: 1 })).toThrow(
      new ConfigError(`"${name}" sets weights and biases itself: leave out the weight variance, or choose another initialiser`),
    );
  });

  it("lsuv takes no weight variance", () => {
    expect(() => initialiser({ init: "lsuv", weightVariance: 1 })).toThrow(
      new ConfigError('"lsuv" scales the weights by the data: leave out the weight variance, or choose "orthogonal"'),
    );
  });

  it.each(needsVariance)("%s alone needs a weight variance", (init) => {
    expect(() => initialiser({ init })).toThrow(
      new ConfigError(
        `"${init}" has no variance of its own: give a weight variance, fix the standard deviation as in "${init}:std=0.01", or choose "he-${init}"`,
      ),
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("weight variance %d", (weightVariance) => {
    expect(() => initialiser({ weightVariance })).toThrow(
      new DomainError(`a weight variance is a number from 0, got ${weightVariance}`),
    );
  });

  it.each(["orthogonal", "delta-orthogonal"])("%s needs a squared gain above 0", (init) => {
    expect(() => initialiser({ init, weightVariance: 0 })).toThrow(
      new DomainError(`"${init}" needs a squared gain above 0, got 0: choose "zeros" if all weights are to be 0`),
    );
  });

  it.each([
    ["constant", '"constant" needs its value: write for example "constant:0.1"'],
    ["constant:", '"constant:" needs its value: write for example "constant:0.1"'],
    ["constant:0x1", '"constant:0x1" needs its value'],
    ["constant:1e999", '"constant:1e999" needs its value'],
    ["normal:std=-1", '"normal:std=-1" needs a standard deviation from 0: write for example "normal:std=0.01"'],
    ["uniform:std=", '"uniform:std=" needs a standard deviation from 0: write for example "uniform:std=0.01"'],
    ["normal:0.1", '"normal:0.1" needs a standard deviation from 0: write for example "normal:std=0.01"'],
    ["he-normal:std=1", 'unknown initialiser "he-normal:std=1"'],
    ["default", 'the "default" initialisation differs from program to program: choose "pytorch" or "keras"'],
    ["constants:1", 'unknown initialiser "constants:1"'],
  ])("%j", (init, message) => {
    expect(() => initialiser({ init })).toThrow(ConfigError);
    expect(() => initialiser({ init })).toThrow(message);
  });

  it.each(["zeros", "ones", "constant:2", "normal:std=0.1"])("%s takes no weight variance", (init) => {
    expect(() => initialiser({ init, weightVariance: 1 })).toThrow(
      new ConfigError(`"${init}" fixes the weights itself: leave out the weight variance, or choose another initialiser`),
    );
  });

  it("a layer without units", () => {
    expect(() => initialiser().draw(stream(0), { kernel: [3], inputs: 2, outputs: 0 })).toThrow(
      new ShapeError("a layer needs whole sizes of at least 1, got kernel [3], 2 inputs and 0 outputs"),
    );
  });
});

describe("the names of other programs", () => {
  it.each([
    ["kaiming_normal_", "he-normal"],
    ["kaiming_uniform", "he-uniform"],
    ["Kaiming", "he-normal"],
    ["xavier_uniform_", "glorot-uniform"],
    ["XavierNormal", "glorot-normal"],
    ["glorot_uniform", "glorot-uniform"],
    ["GlorotNormal", "glorot-truncated-normal"],
    ["he_normal", "he-truncated-normal"],
    ["HE-NORMAL", "he-truncated-normal"],
    ["he-normal", "he-normal"],
    ["lecun_uniform", "lecun-uniform"],
    ["trunc_normal_:std=0.02", "truncated-normal:std=0.02"],
    ["orthogonal_", "orthogonal"],
    ["Zeros", "zeros"],
    ["ones_", "ones"],
    ["constant_:0.50", "constant:0.5"],
    ["Sign_Flip_Layer:Xavier_Normal_", "sign-flip-layer:glorot-normal"],
    ["sign-flip-neuron", "sign-flip-neuron"],
  ])("%s is %s", (text, name) => {
    expect(initialiserName(text)).toBe(name);
  });

  it("say what they are taken for where they leave a choice", () => {
    expect(ambiguityOf("kaiming")).toBe('"kaiming" is read as he-normal; kaiming_uniform is he-uniform');
    expect(ambiguityOf("Xavier")).toBe('"Xavier" is read as glorot-uniform; xavier_normal is glorot-normal');
    for (const name of ["kaiming_normal_", "he-normal", "orthogonal", "constructor"]) expect(ambiguityOf(name)).toBeUndefined();
  });
});
