import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectRecord, momentsShape, optionsOf } from "./contract.js";
import { inProcess, patience, useFolder } from "./sonde.js";

const folder = useFolder();

/** A pipe that nobody writes to. */
function pipe(): string {
  const path = join(folder, "pipe");
  if (!existsSync(path)) execFileSync("mkfifo", [path]);
  return path;
}

/** 64 KiB that are no text. */
function noise(): string {
  const path = join(folder, "noise");
  writeFileSync(
    path,
    Uint8Array.from({ length: 2 ** 16 }, (_, k) => (k * k * 31 + 7 * k) >> 3),
  );
  return path;
}

/** 3 GiB that take no room. */
function huge(): string {
  const path = join(folder, "huge");
  writeFileSync(path, "");
  truncateSync(path, 3 * 2 ** 30);
  return path;
}

const small = ["--batch", "16", "--networks", "12", "--json"];
const result = async (args: readonly string[]) => {
  const { code, stdout, stderr } = await inProcess(["moments", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return expectRecord(stdout, "moments", momentsShape);
};

describe("sonde moments", { timeout: patience }, () => {
  it("prints one object of the contract's shape, theory beside each layer", async () => {
    const { result: normed } = await result(["6-8x4-1", "--norm", "batch", ...small]);
    expect(normed.layers).toHaveLength(4);
    expect(normed.layers[0].theory.deltaChi).toBeCloseTo(1.2112, 4);
    expect(normed.layers[0].locations.map(({ kind }: { kind: string }) => kind)).toEqual(["dense", "norm", "activation"]);
    const { result: units } = await result(["6-8x4-1", "--norm", "batch", "--skip", "residual", ...small]);
    expect(units.layers).toHaveLength(2);
    expect(units.layers[0].locations).toHaveLength(7);
  });

  it("leaves out what a layer does not have, and says why something has no value", async () => {
    const { result: plain } = await result(["6-8x2-1", ...small]);
    const ofNorm = ["deltaChiNorm", "deltaChiActivation", "kurtosis", "meanAbsZ", "deltaChiActivationPredicted"];
    for (const name of [...ofNorm, "deltaChiBranch"]) expect(plain.layers[0]).not.toHaveProperty(name);
    expect(plain.layers[0]).toHaveProperty("deltaChiPredicted");
    expect(plain.layers[0].locations[0]).not.toHaveProperty("effectiveRank");
    const { result: normed } = await result(["6-8x2-1", "--norm", "batch", "--ranks", "everywhere", ...small]);
    for (const name of ofNorm) expect(normed.layers[0][name].networks).toBeGreaterThan(0);
    expect(normed.layers[0].locations[0].effectiveRank.networks).toBeGreaterThan(0);
    const single = await result(["2-3x2-1", "--batch", "1", "--no-standardize", "--networks", "20", "--json"]);
    expect(single.result.layers[1].logChi.mean).toBeNull();
    expect(single.warnings.join()).toMatch(/all points are the same/);
    const { warnings } = await result(["64-8x2-1", "--data", "digits", ...small]);
    expect(warnings.join()).toMatch(/of 64 features of the input are constant over the batch/);
  });

  it.each([
    ["norm", ["6-8x4-1", "--norm", "batch", "--jacobian", "full", "--seed", "3"]],
    ["data", ["64-8x2-1", "--data", "digits", "--ranks", "everywhere"]],
    ["one input", ["1-4x2-1"]],
  ])("has settings that give the same result again: %s", async (_name, args) => {
    const first = await result([...args, ...small]);
    const again = await result([...optionsOf(first), "--json"]);
    expect(again.settings).toEqual(first.settings);
    expect(again.result).toEqual(first.result);
  });

  it("gives the same result for any number of threads", async () => {
    const args = ["32-64x20-10", "--norm", "batch", "--batch", "64", "--networks", "24", "--json", "--threads"];
    const [one, two] = [await result([...args, "1"]), await result([...args, "2"])];
    expect(two.result).toEqual(one.result);
  });

  it("goes on from a checkpoint, and refuses that of another run", async () => {
    const file = join(folder, "run.json");
    const args = ["6-8x4-1", "--norm", "batch", "--batch", "16", "--checkpoint", file, "--json"];
    const first = await result([...args, "--networks", "8"]);
    expect(existsSync(file)).toBe(true);
    const more = await result([...args, "--networks", "40"]);
    expect([first.result.networks, more.result.networks]).toEqual([8, 40]);
    const { result: whole } = await result([
      ...args.filter((word) => word !== "--checkpoint" && word !== file),
      "--networks",
      "40",
    ]);
    const means = (record: typeof whole) => record.layers.map(({ logChi }: { logChi: { mean: number } }) => logChi.mean);
    means(whole).forEach((mean: number, l: number) => {
      expect(means(more.result)[l]).toBeCloseTo(mean, 12);
    });
    const other = await inProcess(["moments", "6-8x4-1", "--batch", "16", "--checkpoint", file]);
    expect(other).toMatchObject({ code: 2, stdout: "" });
    expect(other.stderr).toMatch(/^sonde: the checkpoint .* is of a run with norm "batch", this one has "none": [^\n]*\n$/);
    const damaged = join(folder, "damaged.json");
    writeFileSync(damaged, readFileSync(file, "utf8").replace(/"networks":\d+/, '"networks":-1'));
    expect(await inProcess(["moments", ...args.map((word) => (word === file ? damaged : word))])).toMatchObject({
      code: 2,
      stdout: "",
    });
  });

  it("measures recorded activations, with positions and without", async () => {
    const file = join(folder, "layer.npy");
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 2), }".padEnd(117, " ");
    const bytes = Buffer.concat([Buffer.from("\x93NUMPY\x01\x00v\x00", "latin1"), Buffer.from(`${header}\n`, "latin1")]);
    writeFileSync(file, Buffer.concat([bytes, Buffer.from(Float32Array.of(1, 5, -1, 5, 1, 5, -1, 5).buffer)]));
    const { code, stdout } = await inProcess(["moments", file, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).result.layers).toMatchObject([
      { layer: 1, shape: [2, 2, 2], nu1: 3, nu2: 13, mu2: 0.5, effectiveRank: expect.closeTo(1, 12), constantChannels: 0.5 },
    ]);
    expect((await inProcess(["moments", file])).stdout).toMatch(/2 x 2 x 2/);
    expect(await inProcess(["moments", file, "--batch", "8"])).toMatchObject({ code: 2, stdout: "" });
  });

  it.each<[string, readonly string[], RegExp]>([
    ["one point to be standardised", ["2-3x2-1", "--batch", "1"], /at least 2 points/],
    ["no points", ["2-3x2-1", "--batch", "0"], /--batch/],
    ["an unknown Jacobian", ["2-3x2-1", "--jacobian", "half"], /frozen, full/],
    ["unknown ranks", ["2-3x2-1", "--ranks", "all"], /reported, everywhere/],
    ["--points, which is --batch here", ["2-3x2-1", "--points", "8"], /--points/],
    [
      "a checkpoint in a folder that is not there",
      ["2-3x2-1", "--checkpoint", join(folder, "no", "x.json")],
      /cannot be written/,
    ],
    ["a checkpoint that is a folder", ["2-3x2-1", "--checkpoint", folder], /it is a directory, not a file: name a checkpoint/],
    ["a checkpoint without an end", ["2-3x2-1", "--checkpoint", "/dev/zero"], /it is a device, not a file/],
    ["a checkpoint that nobody writes", ["2-3x2-1", "--checkpoint", pipe()], /it is a pipe, not a file/],
    ["a checkpoint that is none", ["2-3x2-1", "--checkpoint", noise()], /is no checkpoint of sonde/],
    ["a checkpoint that is too large", ["2-3x2-1", "--checkpoint", huge()], /it has 3.0 GiB, more than the 256.0 MiB/],
    ["survivors", ["2-3x2-1", "--method", "conditional"], /conditional/],
  ])("refuses %s", async (_name, args, says) => {
    const { code, stdout, stderr } = await inProcess(["moments", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
