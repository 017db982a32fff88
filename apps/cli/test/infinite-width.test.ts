import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inProcess, patience, useFolder } from "./sonde.js";

const folder = useFolder();

/** The record that a command prints. */
async function record(...args: string[]) {
  const { code, stdout, stderr } = await inProcess([...args, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^[^\n]+\n$/);
  return JSON.parse(stdout);
}

describe("kernel", { timeout: patience }, () => {
  it("prints both kernels of the points, symmetric, in closed form on the diagonal", async () => {
    const { result, settings, architecture } = await record("kernel", "2-8x3-1", "--points", "5");
    expect(result.points).toBe(5);
    expect(result.nngp).toHaveLength(25);
    for (let i = 0; i < 5; i++) {
      expect(Math.abs(result.ntk[6 * i] / result.nngp[6 * i] - 4)).toBeLessThan(1e-12);
      for (let j = 0; j < i; j++) expect(result.nngp[5 * i + j]).toBe(result.nngp[5 * j + i]);
    }
    expect(result.nngpCondition.condition).toBeGreaterThan(1);
    expect(settings).toMatchObject({ model: "2-8x3-1", data: "gaussian", points: 5, kernels: "both", memory: 64, seed: 0 });
    expect(architecture.input).toEqual([2]);
  });

  it("measures random networks beside it where asked to", async () => {
    const { result, settings } = await record("kernel", "64-32x2-10", "--data", "digits", "--points", "6", "--networks", "100");
    expect(result.measured.nngp).toHaveLength(36);
    expect(result.measured.networks).toBe(100);
    expect(result.measured.largestZ).toBeLessThan(5);
    expect(settings.networks).toBe(100);
  });

  it("gives the same numbers again from its settings, for any memory and number of threads", async () => {
    const first = await record("kernel", "3-8x2-1", "--activation", "tanh", "--points", "4", "--networks", "50");
    const again = await record(
      ...["kernel", "3-8x2-1", "--activation", "tanh", "--points", "4", "--networks", "50"],
      ...["--threads", "1", "--memory", "0.0001"],
    );
    expect(again.result).toEqual(first.result);
  });

  it("leaves out what is not wanted, and takes points of [-1, 1] for one input", async () => {
    const { result } = await record("kernel", "1-8-1", "--points", "3", "--kernels", "ntk");
    expect(result.nngp).toBeUndefined();
    expect(result.ntk).toHaveLength(9);
    expect(result.ntk[4]).toBe(0);
  });

  it("knows dropout, which leaves points with one another as they are after one layer", async () => {
    const args = ["kernel", "2-8-1", "--points", "3"];
    const [plain, dropped] = [await record(...args), await record(...args, "--dropout", "0.2")];
    expect(dropped.settings.dropout).toBe(0.2);
    plain.result.nngp.forEach((value: number, k: number) => {
      expect(dropped.result.nngp[k] / value).toBeCloseTo(k % 4 === 0 ? 1.25 : 1, 14);
    });
  });

  it("reads convolutions from an architecture file", async () => {
    const file = join(folder, "conv.json");
    const layers = [
      { kind: "conv", channels: 4, kernel: [3, 3] },
      { kind: "activation", activation: "relu" },
      { kind: "pool", pool: "average", window: "global" },
      { kind: "dense", units: 2 },
    ];
    writeFileSync(file, JSON.stringify({ input: [8, 8, 1], layers }));
    const { result } = await record("kernel", file, "--data", "digits", "--points", "3");
    expect(result.ntk.every((value: number) => value > 0)).toBe(true);
  });
});

describe("phase", { timeout: patience }, () => {
  it("prints the fixed points and depth scales of one activation", async () => {
    const { result, settings, architecture } = await record("phase", "--weight-variance", "2.5", "--bias-variance", "0.05");
    expect(architecture).toBeNull();
    expect(settings).toEqual({ activation: "tanh", weightVariance: 2.5, biasVariance: 0.05 });
    expect(result.qStar).toBeCloseTo(1.063958377417, 10);
    expect(result.chi1).toBeCloseTo(1.133515698704, 10);
    expect(result.cStar).toBeCloseTo(0.446804232344, 10);
    expect(result).toMatchObject({ phase: "chaotic" });
  });

  it("prints null and a reason where the variance is unbounded", async () => {
    const { result, warnings } = await record("phase", "--activation", "gelu", "--weight-variance", "3");
    expect(result).toMatchObject({ qStar: null, chi1: null, phase: "unbounded" });
    expect(warnings[0]).toContain("the variance grows without bound");
    for (const field of ["qStar", "cStar", "chi1", "xiC", "xiQ"]) expect(warnings.join()).toContain(field);
  });

  it("prints a diagram for ranges, with its critical line, and draws it", async () => {
    const plot = join(folder, "phase.svg");
    const { result, settings } = await record(
      ...["phase", "--activation", "erf", "--weight-variance", "0.5..3", "--grid", "6", "--plot", plot],
    );
    expect(settings).toEqual({ activation: "erf", weightVariance: "0.5..3", biasVariance: "0..0.5", grid: 6 });
    expect(result.weightVariances).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
    expect(result.xiC).toHaveLength(36);
    expect(result.phase.slice(0, 2)).toEqual(["ordered", "chaotic"]);
    expect(result.criticalLine[0].weightVariance).toBeCloseTo(Math.PI / 4, 12);
  });

  it("says what each phase means, for people", async () => {
    const { stdout } = await inProcess(["phase", "--activation", "relu", "--weight-variance", "2"]);
    expect(stdout).toContain("critical  at the edge of chaos");
    expect(stdout).toContain("∞ (algebraic)");
  });
});

describe("wrong usage of kernel and phase is one sentence and exit code 2", () => {
  it.each([
    [["kernel", "4-8-1", "--norm", "batch"], /layers\[1\] has no infinite-width form: batch norm/],
    [["kernel", "4-8-1", "--points", "5000"], /--points of kernel takes a whole number up to 2048, got 5000/],
    [["kernel", "4-8-1", "--kernels", "nntk"], /--kernels is one of nngp, ntk, both, got "nntk"/],
    [["kernel", "4-8-1", "--dropout", "1"], /--dropout takes a number above 0 and below 1, got "1"/],
    [
      ["kernel", "4-8-1", "--dropout", "0.1", "--networks", "9"],
      /random networks are drawn without dropout: leave out --dropout/,
    ],
    [["kernel", "4-8-1", "--memory", "0"], /--memory takes a number above 0/],
    [["kernel", "4-8-1", "--init", "rai"], /rai gives every unit one large positive weight/],
    [["kernel"], /the model is missing/],
    [["phase", "1-2-1"], /phase takes no model, got "1-2-1"/],
    [["phase", "--weight-variance", "0"], /--weight-variance takes a number above 0, or two as LOW..HIGH/],
    [["phase", "--bias-variance", "1..0"], /--bias-variance takes a number from 0 on, or two as LOW..HIGH with LOW below HIGH/],
    [["phase", "--grid", "5"], /--grid is for a diagram: give a range too/],
    [["phase", "--plot", "x.svg"], /--plot draws a diagram: give ranges/],
    [["phase", "--activation", "tanhh"], /unknown activation "tanhh": did you mean tanh/],
  ] as const)("%j", async (args, message) => {
    const { code, stderr, stdout } = await inProcess([...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim()).not.toContain("\n");
  });
});
