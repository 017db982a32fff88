import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "@sonde/formats";
import { beforeAll, describe, expect, it } from "vitest";
import { deathShape, expectRecord } from "./contract.js";
import { inProcess, patience, useFolder } from "./sonde.js";

const folder = useFolder();
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const resultOf = async (...args: string[]) => JSON.parse((await inProcess(["death", ...args, "--json"])).stdout);

describe("death", { timeout: patience }, () => {
  it("reaches 1e-18 within 10 s to 10 %, and rare deaths of wide networks, within bounds that contain them", async () => {
    const { result, elapsedMs } = await resultOf("1-64x100-1", "--rel-error", "0.1");
    const { value, standardError } = result.bornDead;
    expect(value).toBeGreaterThan(1.1e-18);
    expect(value).toBeLessThan(1.4e-18);
    expect(standardError).toBeLessThan(0.1 * value);
    expect(result.bounds.lower).toBeLessThan(value);
    expect(result.bounds.upper).toBeGreaterThan(value);
    expect(elapsedMs).toBeLessThan(10_000);
  });

  it.each([
    [["1-3x3-1"], "rays", "exact"],
    [["1-3x3-1", "--bias", "normal:1"], "interval", "exact"],
    [["1-3x3-1", "--bias", "normal:1", "--points", "40"], "grid", "grid"],
    [["1-3x3-1", "--sampling", "random"], "sample", "random"],
    [["2-3x3-1", "--domain=-1,1;0,1", "--sampling", "grid", "--points", "50"], "grid", "grid"],
    [["2-3x3-1", "--domain=-1,1;0,1"], "sample", "random"],
  ])("says how it looks at a domain, and can be asked: %j", async (args, kind, sampling) => {
    const { result, settings } = await resultOf(...args, "--networks", "50");
    expect(result.domain.kind).toBe(kind);
    expect(settings.sampling).toBe(sampling);
    if (args.includes("50")) expect(result.domain.points).toBe(49);
    const options = Object.entries(settings).flatMap(([name, value]) => (name === "model" ? [] : [`--${name}=${value}`]));
    expect((await resultOf(settings.model, ...options)).result).toEqual(result);
  });

  it.each([
    [["1-10x3-1"], 10],
    [["2-10x3-1", "--init", "orthogonal"], 10],
    [["2-10x3-1", "--norm", "layer"], undefined],
    [["2-10x3-1", "--init", "sign-flip-layer"], undefined],
    [["1-10-9-1"], undefined],
  ])("gives safe depths where the single-point bound holds: %j", async (args, hiddenLayers) => {
    const { result } = await resultOf(...args, "--networks", "50");
    expect(result.safeDepth?.[0].hiddenLayers).toBe(hiddenLayers);
  });

  it("counts dead units by layer with --dead-units", async () => {
    const { stdout } = await inProcess(["death", "1-3x3-1", "--dead-units", "--networks", "400", "--json"]);
    const { result } = expectRecord(stdout, "death", deathShape);
    expect(result.layers[0].deadUnits).toMatchObject({ value: 0, networks: 400 });
    const total = result.layers[2].deadUnitDistribution.reduce(
      (sum: number, { probability }: { probability: { value: number } }) => sum + probability.value,
      0,
    );
    expect(total).toBeCloseTo(1, 10);
    expect((await inProcess(["death", "1-3x3-1", "--dead-units", "--networks", "40"])).stdout).toMatch(/dead units/);
  });
});

describe("death --safe-region", { timeout: patience }, () => {
  const args = ["1-2-1", "--safe-region", "--widths", "4,6..7", "--depths", "1..25"];
  let mapped: Promise<Awaited<ReturnType<typeof resultOf>>>;
  beforeAll(() => {
    mapped = resultOf(...args, "--threads", "2");
    return mapped;
  }, patience);

  it("maps widths and depths, with safe depths by estimate and by bound", async () => {
    const { result, settings } = await mapped;
    expect(result.widths).toEqual([4, 6, 7]);
    expect(result.rows[1].bornDead).toHaveLength(25);
    // Science note "collapse and death".
    expect(result.contours[1].estimated.map(({ hiddenLayers }: { hiddenLayers: number }) => hiddenLayers)).toEqual([4, 12, 21]);
    expect(settings).toMatchObject({ safeRegion: true, widths: "4,6..7", depths: "1..25", levels: "0.01,0.1" });
  });

  it("draws it in characters", async () => {
    const { stdout } = await inProcess(["death", ...args, "--levels", "0.1"]);
    expect(stdout).toMatch(/width +safe for 10\.0 % +guaranteed/);
    expect(stdout).toMatch(/^ {7}7 {2}·{21}█{3,4}$/m);
    expect(stdout).toMatch(/hidden layers\n\n {2}P\(born dead\): · up to 10\.0 %, █ more/);
  });

  it("does not depend on threads", async () => {
    expect((await resultOf(...args, "--threads", "1")).result).toEqual((await mapped).result);
  });
});

describe("death on recorded activations", { timeout: patience }, () => {
  const recorded = file("layer.npy", writeNpy({ shape: [4, 3], data: Float32Array.of(0, 1, 0, 0, 0, 0, 0, 0, 5, 0, 2, 0) }));

  it("tells dead and dormant units from sparse ones", async () => {
    const { result, settings, architecture } = await resultOf(recorded, "--tau", "0.1");
    expect(architecture).toBeNull();
    expect(settings).toEqual({ model: recorded, tau: 0.1 });
    expect(result).toMatchObject({ dead: false, noLivingPoint: false, points: 4, deadLayers: [] });
    expect(result.layers[0]).toMatchObject({
      name: "layer",
      shape: [4, 3],
      livingRatio: 0.75,
      deadUnits: { dead: [0], zeroEntries: 0.75, deadPoints: 0.25, firingRate: [0, 0.5, 0.25] },
      dormantUnits: { dormant: [0] },
    });
    expect((await inProcess(["death", recorded])).stdout).toMatch(/alive: 75\.0 % of the recorded points/);
  });

  it("draws them", async () => {
    const { code, stdout } = await inProcess(["death", recorded, "--plot", "-"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Dead and dormant, as recorded");
  });
});

describe("death refuses in one sentence", () => {
  it.each<[string[], RegExp]>([
    [["1-2-1", "--widths", "2..4"], /--widths is for the map of --safe-region/],
    [["1-2-1", "--safe-region", "--widths", "4..2"], /--widths takes whole numbers from 1 to 10000.*"4\.\.2"/],
    [["1-2-1", "--safe-region", "--depths", "1..2..3"], /--depths takes whole numbers/],
    [["1-2-1", "--safe-region", "--levels", "0.1,1"], /--levels takes probabilities above 0 and below 1/],
    [["1-2-1", "--safe-region", "--widths", "1..10000", "--depths", "1..1000"], /more than 1000000 pairs/],
    [["1-2-1", "--safe-region", "--dead-units"], /leave out --safe-region/],
    [["1-1", "--safe-region"], /the model has none: add one/],
    [["1-2-1", "--tau", "0.1"], /--tau is for recorded activations/],
    [["1-2-1", "--sampling", "all"], /--sampling is one of exact, grid, random/],
    [["2-2-1", "--sampling", "grid"], /--sampling says how a domain is looked at/],
    [["2-2-1", "--domain=-1,1;-1,1", "--sampling", "exact"], /cannot be treated exactly: it takes a single input/],
    [
      ["20-2-1", `--domain=${new Array(20).fill("-1,1").join(";")}`, "--sampling", "grid"],
      /a grid of 20 inputs has at least 2\^20 points/,
    ],
    [["nosuch.npz"], /"nosuch.npz": there is no such file: name the path of an npz, npy or safetensors file/],
    [[file("text.npz", "hello")], /it is neither an npz nor an npy file/],
    [
      [file("vector.npy", writeNpy({ shape: [3], data: Float64Array.of(1, 2, 3) }))],
      /vector.npy": activations have the shape \[points, units\]/,
    ],
    [[file("a.npy", writeNpy({ shape: [1, 1], data: Float64Array.of(1) })), "--init", "rai"], /--init is about random networks/],
  ])("%j", async (args, says) => {
    const { code, stdout, stderr } = await inProcess(["death", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  });
});
