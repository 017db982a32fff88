import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inProcess, useFolder } from "./sonde.js";

const folder = useFolder();
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const json = (name: string, value: unknown) => file(name, JSON.stringify(value));
const few = ["--networks", "4", "--points", "6", "--json"];

/** Asked of a quick command: all of them read models and options alike. */
async function understood(...args: string[]) {
  const { code, stdout, stderr } = await inProcess(["death", ...args, ...few]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

const dense = (units: number, more = {}) => ({ kind: "dense", units, ...more });
const relu = { kind: "activation", activation: "relu" };
const net = json("net.json", {
  input: [3],
  layers: [
    dense(4, { init: "uniform", weightVariance: 0.1, bias: "uniform:0.2" }),
    relu,
    { kind: "residual", body: [{ kind: "norm", norm: "batch", gamma: 0 }, relu, dense(4)] },
    dense(2),
    { kind: "activation", activation: "sigmoid" },
  ],
});

describe("the options work on architecture files", () => {
  it("take the place of what the file says, the output's activation aside, with a note", async () => {
    const options = ["--activation", "Tanh", "--init", "kaiming", "--norm", "LayerNorm"];
    const { architecture, settings, warnings } = await understood(net, ...options);
    const tanh = { kind: "activation", activation: "tanh" };
    const he = (units: number) => dense(units, { init: "he-normal" });
    expect(architecture.layers).toEqual([
      he(4),
      tanh,
      { kind: "residual", body: [{ kind: "norm", norm: "layer", gamma: 0 }, tanh, he(4)] },
      he(2),
      { kind: "activation", activation: "sigmoid" },
    ]);
    expect(settings).toMatchObject({ model: net, activation: "tanh", init: "he-normal", norm: "layer" });
    expect(settings).not.toHaveProperty("bias");
    expect(warnings.slice(0, 2)).toEqual([
      '"kaiming" is read as he-normal; kaiming_uniform is he-uniform',
      `--activation, --init, --norm take the place of what "${net}" says, in all its layers`,
    ]);
  });

  it("change the variance or the bias alone where no initialisation is named", async () => {
    const { architecture } = await understood(net, "--weight-variance", "2");
    expect(architecture.layers[0]).toEqual(dense(4, { init: "uniform", weightVariance: 2, bias: "uniform:0.2" }));
    expect((await understood(net, "--bias", "zeros")).architecture.layers[3]).toEqual(dense(2, { bias: "zeros" }));
  });

  it("put a norm before every activation where there is none, and take all away", async () => {
    const plain = json("plain.json", { input: [3], layers: [dense(4), relu, dense(1), relu] });
    const norm = { kind: "norm", norm: "batch" };
    expect((await understood(plain, "--norm", "batch")).architecture.layers).toEqual([dense(4), norm, relu, dense(1), relu]);
    expect((await understood(net, "--norm", "none")).architecture.layers[2].body).toEqual([relu, dense(4)]);
    expect((await understood(plain, "--norm", "none")).architecture.layers).toEqual([dense(4), relu, dense(1), relu]);
  });

  it("build skip connections into a chain", async () => {
    const chain = json("chain.json", { input: [4], layers: [dense(4), relu, dense(4), relu, dense(1)] });
    const { architecture, settings } = await understood(chain, "--skip", "residual", "--block", "1");
    expect(architecture.layers.map(({ kind }: { kind: string }) => kind)).toEqual(["residual", "residual", "dense"]);
    expect(settings).toMatchObject({ skip: "residual", block: 1 });
  });

  it("give the same numbers when the settings are given again", async () => {
    const { settings, result } = await understood(net, "--activation", "prelu", "--weight-variance", "0.5");
    const options = ["--activation", settings.activation, "--weight-variance", String(settings.weightVariance)];
    const again = await understood(net, ...options);
    expect(again.result).toEqual(result);
    expect(again.settings).toEqual(settings);
  });
});

describe("--standardize", () => {
  const raw = file("raw.csv", "1000,5,0\n3000,5,1\n1000,5,1\n3000,5,0\n");
  const plain = file("plain.csv", "-1,0,-1\n1,0,1\n-1,0,1\n1,0,-1\n");

  it("brings every column to mean 0 and variance 1, and is a setting", async () => {
    const { result, settings } = await understood("3-4-1", "--data", raw, "--standardize");
    const same = await understood("3-4-1", "--data", plain);
    expect(result.layers).toEqual(same.result.layers);
    expect(settings.standardize).toBe(true);
    expect(same.settings).not.toHaveProperty("standardize");
    const { stdout } = await inProcess(["death", "3-4-1", "--data", raw, "--standardize", "--networks", "4"]);
    expect(stdout).toMatch(/standardised\s+\(1\s+feature\s+without\s+spread: 0\)/);
  });

  it.each(["death", "angles", "vni", "advise", "kernel", "predict"])("is understood by %s", async (command) => {
    const model = command === "predict" ? "3-20-1" : "3-4-1";
    const more = command === "predict" || command === "kernel" ? [] : ["--networks", "4"];
    const { code, stdout } = await inProcess([command, model, "--data", raw, "--standardize", ...more, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).settings.standardize).toBe(true);
  });

  it("is understood by train", async () => {
    const table = file("train.csv", `${Array.from({ length: 20 }, (_, i) => `${1000 + i},${i % 3},${i % 2}`).join("\n")}\n`);
    const args = ["train", "2-4-2", "--data", table, "--target", "labels", "--steps", "2", "--runs", "2", "--json"];
    const [plain, same] = [await inProcess(args), await inProcess([...args, "--standardize"])];
    expect([plain.code, same.code]).toEqual([0, 0]);
    expect(JSON.parse(same.stdout).settings.standardize).toBe(true);
    expect(JSON.parse(same.stdout).result).not.toEqual(JSON.parse(plain.stdout).result);
  });

  it("is what moments does anyway", async () => {
    const run = async (...more: string[]) => {
      const args = ["moments", "3-4-1", "--data", raw, "--batch", "4", "--networks", "4", "--json", ...more];
      return JSON.parse((await inProcess(args)).stdout);
    };
    const [usual, said, off] = [await run(), await run("--standardize"), await run("--no-standardize")];
    expect(said.result).toEqual(usual.result);
    expect(said.settings).toEqual(usual.settings);
    expect(off.settings.noStandardize).toBe(true);
    expect(off.result).not.toEqual(usual.result);
  });
});

describe("files in the words of other programs", () => {
  it("run, and say how they were understood", async () => {
    const path = json("keras-like.json", {
      input: 6,
      layers: [
        { type: "Dense", units: 4, activation: "ReLU", kernel_initializer: "glorot_uniform" },
        { type: "Dropout", rate: 0.5 },
        { type: "Dense", units: 2, activation: "softmax" },
      ],
    });
    const { architecture, warnings, result } = await understood(path);
    expect(architecture).toEqual({
      input: [6],
      layers: [dense(4, { init: "glorot-uniform" }), relu, dense(2), { kind: "softmax" }],
    });
    expect(warnings.slice(0, 2)).toEqual([
      'layers[0], layers[1], layers[2]: "type" is read as "kind"',
      "layers[1]: Dropout does nothing at initialisation and is left out",
    ]);
    expect(result.layers).toHaveLength(1);
  });

  it.each(["zeros", "constant:0.1"])("weights that are all equal are seen as such: %s", async (init) => {
    const { result, architecture } = await understood("3-4x2-1", "--init", init);
    expect(architecture.layers[0].init).toBe(init);
    expect(result.bornDead.value).toBe(init === "zeros" ? 1 : 0);
  });
});
