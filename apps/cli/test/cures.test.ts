import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type UsableFix, usableFixes } from "@sonde/checkup";
import { matrix, normals, stream } from "@sonde/core";
import {
  type Architecture,
  type Layer,
  type MlpOptions,
  mlp,
  parameterCount,
  randomNetwork,
  sameArchitecture,
} from "@sonde/nets";
import { type Change, changeBy, type Fix, remedies, type Vitals } from "@sonde/predictor";
import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { architectureText } from "../src/architecture-file.js";
import { loadModel } from "../src/model.js";
import { dataOptions, domainOption, modelOptions, type SharedOptions } from "../src/options.js";
import { inProcess, useFolder } from "./sonde.js";

const folder = useFolder();
const data = matrix(
  20,
  3,
  normals(stream(1), new Float64Array(60)).map((value) => 3 * value + 100),
);

/** A command line as the program parses it. */
function parsed(tokens: readonly string[]): { model: string; options: SharedOptions } {
  const command = new Command().argument("<MODEL>").exitOverride();
  for (const option of [...modelOptions(), ...dataOptions(""), domainOption()]) command.addOption(option);
  command.parse(tokens, { from: "user" });
  return { model: command.args[0], options: command.opts() };
}

/** The command line with what a fix says added to it; a model takes the place of the one there is. */
function withAdded(line: readonly string[], added: string): string[] {
  const tokens = added.split(" ").filter((token) => token !== "");
  return tokens[0] && !tokens[0].startsWith("--") ? [tokens[0], ...line.slice(1), ...tokens.slice(1)] : [...line, ...tokens];
}

/** All changes of an architecture, single and in pairs, as fixes. */
function changesOf(architecture: Architecture): Fix[] {
  const names = remedies.map(({ name }) => name);
  const sized = remedies.flatMap(({ name, sizes }) => {
    const all = sizes?.(architecture);
    return all && all.count > 0 ? [{ names: [name], change: all.at(all.count - 1) }] : [];
  });
  const chosen = [
    ...names.map((name) => [name]),
    ["he", "tanh"],
    ["standardise", "rescale"],
    ["glorot", "linear-output"],
    ["selu", "batch-norm"],
    ["sign-flip-layer", "residual"],
    ["leaky-relu", "wider"],
  ].flatMap((names): { names: string[]; change: Change }[] => {
    const change = changeBy(names, architecture, { data });
    return change ? [{ names, change }] : [];
  });
  const vitals = {} as Vitals;
  return [...chosen, ...sized].map(({ names, change }) => ({
    ...change,
    remedies: names,
    families: names.map((name) => remedies.find((remedy) => remedy.name === name)?.family ?? "init"),
    parameters: parameterCount(change.architecture),
    cost: "",
    leaves: "",
    before: vitals,
    after: vitals,
  }));
}

/** Expects that every printed option leads to the architecture of its fix, with the same weights. Returns the fixes. */
async function expectRoundTrip(line: readonly string[]): Promise<UsableFix[]> {
  const { model, options } = parsed(line);
  const { architecture, source } = await loadModel(model, options);
  const fixes = usableFixes(source, options, changesOf(architecture));
  for (const { options: added, change, architecture: measured, standardise = false, remedies: names } of fixes) {
    if (added === null) {
      expect(change).toContain(`(advise --save FILE --cure ${names.join("+")}`);
      continue;
    }
    expect(change.endsWith(` (${added})`)).toBe(true);
    const again = parsed(withAdded(line, added));
    const { architecture: built } = await loadModel(again.model, again.options);
    expect([names, added, sameArchitecture(built, measured)]).toEqual([names, added, true]);
    expect(again.options.standardize ?? false).toBe(standardise);
    expect(weights(built)).toEqual(weights(measured));
  }
  return fixes;
}

function weights(architecture: Architecture): unknown {
  const inputs = matrix(8, 3, normals(stream(2), new Float64Array(24)));
  return randomNetwork(architecture, stream(3), { inputs }).parameters;
}

const inits: fc.Arbitrary<Pick<MlpOptions, "init" | "weightVariance" | "bias">> = fc.oneof(
  fc.record(
    {
      init: fc.constantFrom(
        "he-normal",
        "glorot-uniform",
        "lecun-normal",
        "orthogonal",
        "sign-flip-layer",
        "he-truncated-normal",
      ),
      weightVariance: fc.constantFrom(0.02, 1, 2, 100),
      bias: fc.constantFrom("zeros", "like-weights", "uniform:0.2"),
    },
    { requiredKeys: [] },
  ),
  fc.record({ init: fc.constantFrom("normal", "uniform"), weightVariance: fc.constantFrom(0.01, 2, 30) }),
  fc.record({ init: fc.constantFrom("pytorch", "keras", "rai", "lsuv", "zeros", "constant:0.1", "normal:std=0.01") }),
);
const activations = fc.constantFrom("relu", "tanh", "sigmoid", "leaky-relu:0.01", "selu", "linear", "gelu");
const norms = fc.constantFrom("none", "batch", "layer", "rms");
const hidden = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 })).map(([width, depth]) => Array(depth).fill(width)),
  fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 0, maxLength: 4 }),
);
const runs = { numRuns: 30, seed: 1 };

describe("every printed option leads to the architecture that was measured", () => {
  it("from a notation with any choices", async () => {
    const options = fc.record(
      { activation: activations, norm: norms, skip: fc.constantFrom("none", "dense") },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(hidden, options, inits, async (widths, chosen, init) => {
        const given = Object.entries({ ...chosen, ...init }).flatMap(([name, value]) => [
          `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
          `${value}`,
        ]);
        const fixes = await expectRoundTrip([[3, ...widths, 2].join("-"), ...given]);
        // Whatever the notation can say is said by it.
        for (const { options: added, remedies: names } of fixes) expect([names, added]).not.toEqual([names, null]);
      }),
      runs,
    );
  });

  it("from a file, and options that take the place of what it says", async () => {
    const dense = fc
      .tuple(fc.integer({ min: 1, max: 5 }), inits)
      .map(([units, init]): Layer => ({ kind: "dense", units, ...init }));
    const activation = activations.map((name): Layer => ({ kind: "activation", activation: name }));
    const norm = fc.constantFrom<Layer>({ kind: "norm", norm: "batch" }, { kind: "norm", norm: "layer", epsilon: 0.1 });
    const block = fc
      .tuple(activation, fc.array(norm, { maxLength: 1 }))
      .map(([phi, normed]): Layer => ({ kind: "concat", body: [...normed, phi, { kind: "dense", units: 2 }] }));
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(dense, activation) },
      fc.tuple(dense, norm, activation),
      fc.tuple(block),
    );
    const output = fc.array(activation, { maxLength: 1 });
    let file = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 3 }),
        dense,
        output,
        inits,
        async (steps, last, after, given) => {
          const path = join(folder, `${++file}.json`);
          writeFileSync(path, architectureText({ input: [3], layers: [...steps.flat(), last, ...after] }));
          await expectRoundTrip([path]);
          const { init, bias } = given;
          if (init !== undefined && bias === undefined && given.weightVariance === undefined)
            await expectRoundTrip([path, "--init", init]);
        },
      ),
      runs,
    );
  });

  it("from an interval and a box, with what stands for standardised inputs", () => {
    const fix = changesOf(mlp("3-2-1")).filter(({ remedies: [name] }) => name === "standardise");
    const texts = (options: object) => usableFixes("3-2-1", options as SharedOptions, fix).map((own) => own.options);
    const side = Math.sqrt(3);
    expect(texts({ data: "a.csv" })).toEqual(["--standardize"]);
    expect(texts({ domain: [[0, 100]] })).toEqual([`--domain=-${side},${side}`]);
    expect(
      texts({
        domain: [
          [0, 1],
          [5, 9],
        ],
      }),
    ).toEqual([`--domain='-${side},${side};-${side},${side}'`]);
  });
});

describe("sonde advise --save", () => {
  const cheap = ["--networks", "100", "--points", "16", "--quiet"];

  it("writes the smallest cure, which check reads and finds healthy", async () => {
    const file = join(folder, "cured.json");
    const { code, stdout } = await inProcess(["advise", "1-2x9-1", ...cheap, "--save", file, "--json"]);
    expect(code).toBe(0);
    const { result } = JSON.parse(stdout);
    expect(result.saved).toMatchObject({ file, with: "" });
    expect(result.smallest.change.startsWith(result.saved.change)).toBe(true);
    const checked = JSON.parse((await inProcess(["check", file, ...cheap, "--json"])).stdout);
    expect(checked.result.verdict).toBe("healthy");
  });

  it("writes what --cure names, alone or joined", async () => {
    const model = join(folder, "relu-output.json");
    const relu = { kind: "activation", activation: "relu" } as const;
    const { input, layers } = mlp("2-3-1");
    writeFileSync(model, architectureText({ input, layers: [...layers, relu] }));
    const file = join(folder, "linear.json");
    const line = ["advise", model, "--data", "xor", "--networks", "10", "--quiet", "--save", file];
    expect((await inProcess([...line, "--cure", "linear-output"])).code).toBe(0);
    expect((await loadModel(file, {} as SharedOptions)).architecture).toEqual({ input, layers });
    expect((await inProcess([...line, "--cure", "tanh+linear-output"])).code).toBe(0);
    expect((await loadModel(file, {} as SharedOptions)).architecture).toEqual(
      mlp("2-3-1", { activation: "tanh", init: "glorot-normal" }),
    );
  });

  it.each([
    [["--cure", "he"], /--cure says which change --save writes/],
    [["--save", "x.json", "--cure", "tahn"], /did you mean tanh\?/],
    [["--save", "x.json", "--cure", "he+glorot"], /different families/],
    [["--save", "x.json", "--cure", "linear-output"], /changes nothing of this model/],
    [["--save", "no/such/folder/x.json"], /--save/],
  ])("refuses %j in one sentence", async (more, says) => {
    const { code, stderr } = await inProcess(["advise", "1-2-1", ...cheap, ...more]);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  it("says so with exit code 1 where there is nothing to save", async () => {
    const file = join(folder, "none.json");
    const line = ["advise", "8-32x2-1", "--networks", "16", "--points", "64", "--save", file];
    const { code, stderr } = await inProcess(line);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing was saved: the model is healthy as it is/);
  });
});
