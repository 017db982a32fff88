import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inProcess, patience, useFolder } from "./sonde.js";

const folder = useFolder();
let stores = 0;
const fresh = () => join(folder, `store-${++stores}`);

/** A sweep of next to nothing. */
const small = ["sweep", "death", "--grid", "width=2..4", "depth=1,2", "init=he-normal,rai", "--networks", "16", "--threads", "1"];

const table = (store: string, name = "cells.csv") => readFileSync(join(store, name), "utf8").trimEnd().split("\r\n");
const status = async (store: string) => JSON.parse((await inProcess(["sweep", "status", "--store", store, "--json"])).stdout);

describe("sonde sweep", { timeout: patience }, () => {
  it("does all cells of a grid, does nothing the second time, tells its status and merges", async () => {
    const store = fresh();
    const first = await inProcess([...small, "--store", store]);
    expect(first).toMatchObject({ code: 0, stderr: "sonde: 0 of 12 cells done before, 12 to do\n" });
    expect(first.stdout).toMatch(/^12 of 12 cells are done, 12 of them now\. Tables/);
    const again = await inProcess([...small, "--store", store]);
    expect(again).toMatchObject({ code: 0, stderr: "sonde: 12 of 12 cells done before, 0 to do\n" });
    expect(again.stdout).toMatch(/: there was nothing to do\./);
    expect(await status(store)).toMatchObject({ cells: 12, done: 12, failed: 0, left: 0, duplicates: 0 });
    const merged = await inProcess(["sweep", "merge", "--store", store, "--plot", join(store, "map.svg")]);
    expect(merged).toMatchObject({ code: 0, stderr: "" });
    expect(table(store)).toHaveLength(13);
    expect(table(store, "layers.csv")).toHaveLength(1 + 3 * 2 * (1 + 2));
    const svg = readFileSync(join(store, "map.svg"), "utf8");
    expect(svg).toContain("init rai");
    expect(svg).toContain("P(born dead)");
  });

  it("takes claims of the papers for cells, so that full runs are a plan like any other", async () => {
    const store = fresh();
    const words = ["sweep", "reproduce", "--grid", "model=neuron-death/single-layer"];
    expect(await inProcess([...words, "--scale", "quick", "--store", store, "--quiet"])).toMatchObject({ code: 0 });
    expect(await status(store)).toMatchObject({ cells: 1, done: 1, failed: 0 });
    expect((await inProcess([...words, "--scale", "full", "--store", fresh(), "--dry-run"])).stdout).toMatch(/1 cell/);
  });

  it("keeps of a cell what the command itself gives", async () => {
    const store = fresh();
    await inProcess([
      "sweep",
      "death",
      "--grid",
      "width=3",
      "depth=2",
      "--networks",
      "40",
      "--seed",
      "7",
      "--store",
      store,
      "--quiet",
    ]);
    const [name] = readdirSync(join(store, "records"));
    const { settings, result, warnings } = JSON.parse(readFileSync(join(store, "records", name), "utf8"));
    const alone = JSON.parse((await inProcess(["death", "1-3x2-1", "--networks", "40", "--seed", "7", "--json"])).stdout);
    expect({ settings, result, warnings }).toEqual({ settings: alone.settings, result: alone.result, warnings: alone.warnings });
  });

  it.each([
    ["train", ["1-4x2-1", "--target", "abs", "--runs", "4", "--steps", "20", "--points", "50"], ["learning-rate=0.001,0.01"]],
    ["check", ["2-4x2-1", "--networks", "8", "--points", "16"], ["norm=none,layer"]],
    ["phase", [], ["weight-variance=1.0..2.0:lin2", "activation=tanh,erf"]],
    ["moments", ["3-4x2-1", "--networks", "8", "--batch", "16"], ["standardize=on,off"]],
    ["predict", ["3-4x2-1"], ["theta0=0.1,1"]],
    ["kernel", ["3-4x2-1", "--points", "4"], ["kernels=nngp,ntk"]],
  ])("sweeps %s", async (command, options, grid) => {
    const store = fresh();
    const { code, stdout } = await inProcess([
      "sweep",
      command,
      ...options,
      "--grid",
      ...grid,
      "--store",
      store,
      "--quiet",
      "--threads",
      "1",
    ]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/are done, \d of them now/) });
    expect((await inProcess(["sweep", "merge", "--store", store])).code).toBe(0);
    expect(table(store).length).toBeGreaterThan(2);
  });

  it("takes a plan file, several grids in it, and goes on from the store alone", async () => {
    const store = fresh();
    const plan = join(folder, "plan.json");
    const grids = [
      { width: "2..3", depth: [1] },
      { width: [3, 4], depth: "1" },
    ];
    writeFileSync(plan, JSON.stringify({ command: "death", options: { networks: 16 }, grids }));
    expect((await inProcess(["sweep", plan, "--store", store, "--shard", "1/2", "--quiet", "--threads", "1"])).stdout).toMatch(
      /^2 of 2 cells/,
    );
    expect(await status(store)).toMatchObject({ cells: 3, done: 2, left: 1 });
    const rest = await inProcess(["sweep", "--store", store, "--quiet", "--threads", "1"]);
    expect(rest.stdout).toMatch(/^3 of 3 cells are done, 1 of them now/);
  });

  it("lists what failed with the command that repeats it, in status too, and exits with 3", async () => {
    const store = fresh();
    const grid = ["--grid", "block=2,3", "--skip", "residual", "--networks", "8", "--store", store];
    const { code, stdout, stderr } = await inProcess(["sweep", "moments", "3-4x4-1", ...grid, "--threads", "1"]);
    expect({ code, stdout }).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^1 of 2 cells are done, 1 of them now; 1 failed/),
    });
    expect(stderr).toMatch(
      /failed: 4 hidden layers cannot be grouped.*\n {2}sonde moments 3-4x4-1 --skip=residual --networks=8 --block=3\n/,
    );
    const told = await inProcess(["sweep", "status", "--store", store]);
    expect(told).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("sonde moments 3-4x4-1 --skip=residual --networks=8 --block=3"),
    });
    const merged = await inProcess(["sweep", "merge", "--store", store]);
    expect(merged).toMatchObject({ code: 0, stderr: expect.stringMatching(/1 cells failed and 0 are left/) });
  });

  it("--dry-run says what would be done and does nothing, --fresh forgets", async () => {
    const store = fresh();
    const dry = await inProcess([...small, "--store", store, "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/^12 cells, 0 done, 12 to do/) });
    expect(dry.stdout).toMatch(/dearest first:\n {2}sonde death 1-4x2-1/);
    expect(existsSync(store)).toBe(false);
    await inProcess([...small, "--store", store, "--quiet"]);
    const other = [
      "sweep",
      "death",
      "--grid",
      "width=2",
      "depth=1",
      "--networks",
      "16",
      "--store",
      store,
      "--quiet",
      "--threads",
      "1",
    ];
    expect(await inProcess(other)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^sonde: the store .* is of another plan \(its width is "2,3,4", not "2"\)/),
    });
    expect((await status(store)).done).toBe(12);
    expect((await inProcess([...other, "--fresh"])).stdout).toMatch(/^1 of 1 cells/);
  });

  it("names data by what is in it: a file that changed makes another plan", async () => {
    const store = fresh();
    const data = join(folder, "points.csv");
    writeFileSync(data, "1,2\n3,4\n5,6\n");
    const args = [
      "sweep",
      "death",
      "2-3x1-1",
      "--data",
      data,
      "--grid",
      "seed=0,1",
      "--networks",
      "8",
      "--store",
      store,
      "--quiet",
      "--threads",
      "1",
    ];
    expect((await inProcess(args)).code).toBe(0);
    appendFileSync(data, "7,8\n");
    expect(await inProcess(args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/a file that it names has other contents/),
    });
  });

  it("prints what hands its shards to clusters, with the store's own path in it", async () => {
    const store = fresh();
    const slurm = await inProcess([...small, "--store", store, "--emit", "slurm", "--parallel", "2"]);
    expect(slurm).toMatchObject({ code: 0, stderr: "" });
    expect(slurm.stdout).toMatch(/#SBATCH --array=1-12%2\n/);
    expect(slurm.stdout).toContain(` sweep --store ${store} --shard "$SLURM_ARRAY_TASK_ID/12"`);
    const pods = ["--emit", "kubernetes", "--shards", "5"];
    expect(await inProcess([...small, "--store", store, ...pods])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/needs --image/),
    });
    expect((await inProcess([...small, "--store", store, ...pods, "--image", "i"])).stdout).toContain("completions: 5\n");
  });

  it.each([
    [["death"], /--grid says what is varied/],
    [[], /holds no sweep to go on with/],
    [["nope", "--grid", "width=2"], /there is no command "nope"/],
    [["death", "--grid", "wdth=2", "depth=1"], /"wdth" is no axis: did you mean width\?|a model needs a width/],
    [["death", "--grid", "width=2"], /a model needs a depth/],
    [["death", "--grid", "width=9..2", "depth=1"], /which falls/],
    [["death", "--grid", "width=2", "width=3", "depth=1"], /is given twice/],
    [["death", "--grid", "width=2", "depth=1", "networks=0"], /--networks takes a whole number/],
    [["death", "--grid", "width=2", "depth=1", "init=foo"], /unknown initialiser "foo"/],
    [["death", "--grid", "width=2", "depth=1", "threads=2"], /changes no numbers/],
    [["death", "--out", "x", "--grid", "width=2", "depth=1"], /--out is for a single run/],
    [["death", "--netwrks", "1", "--grid", "width=2", "depth=1"], /did you mean --networks/],
    [["death", "--grid", "width=2", "depth=1", "--shard", "3/2"], /--shard takes I\/N/],
    [["death", "--grid", "width=1..100000", "depth=1..1000"], /more than the 5000000/],
    [["death", "--grid", "width=2", "depth=1", "--queue", "ftp://x"], /the address of Redis is not understood/],
    [
      ["death", "--grid", "width=2", "depth=1", "--queue", "redis://a:secret@127.0.0.1:1"],
      /Redis at 127\.0\.0\.1:1 cannot be reached/,
    ],
    [["phase", "--grid", "width=2", "depth=1"], /takes no model/],
    [["status"], /holds no sweep/],
    [["merge"], /holds no sweep/],
    [["merge", "--x", "width"], /--x is for the map/],
  ])("refuses %j with exit code 2 and one sentence", async (words, sentence) => {
    const { code, stdout, stderr } = await inProcess(["sweep", ...words, "--store", fresh()]);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(sentence) });
    expect(stderr.split("\n")).toHaveLength(2);
    expect(stderr).not.toContain("secret");
  });

  it("refuses folders that cannot be written and plans that are damaged", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(await inProcess([...small, "--store", join(file, "x")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot be written \(ENOTDIR\)/),
    });
    const damaged = fresh();
    mkdirSync(damaged);
    writeFileSync(join(damaged, "plan.json"), "{");
    expect(await inProcess([...small, "--store", damaged])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is damaged/),
    });
    for (const text of [
      "",
      "[]",
      "{}",
      '{"command":"death"}',
      '{"command":"death","grids":[3]}',
      '{"command":"death","grids":[{"width":[null]}]}',
    ]) {
      writeFileSync(join(folder, "bad.json"), text);
      expect(await inProcess(["sweep", join(folder, "bad.json"), "--store", fresh()])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^sonde: the plan file .*: a plan looks like.*\n$/),
      });
    }
    expect(await inProcess(["worker", "--store", fresh(), "--redis", "redis://127.0.0.1:1"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/holds no sweep/),
    });
  });
});
