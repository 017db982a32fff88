import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "@sonde/formats";
import { describe, expect, it } from "vitest";
import { anglesShape, checkShape, deathShape, expectRecord, optionsOf, similarityShape, vniShape } from "./contract.js";
import { inProcess, patience, sonde, threadsStarted, useFolder } from "./sonde.js";

const folder = useFolder();

const small = ["--networks", "500", "--json"];

describe("--json prints one object of the contract's shape", { timeout: patience }, () => {
  it("for death, with P(born dead) between its bounds", async () => {
    const { code, stdout, stderr } = await sonde(["death", "1-2x9-1", ...small]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { result } = expectRecord(stdout, "death", deathShape);
    const { value, standardError, networks } = result.bornDead;
    expect(networks).toBe(500);
    expect(value).toBeGreaterThan(result.bounds.lower - 5 * standardError);
    expect(value).toBeLessThan(result.bounds.upper + 5 * standardError);
    expect(result.layers).toHaveLength(9);
  });

  it("for angles, null where every pair is degenerate, with a warning that says so", async () => {
    const { code, stdout } = await inProcess(["angles", "1-1x3-1", ...small]);
    expect(code).toBe(0);
    const { result, warnings } = expectRecord(stdout, "angles", anglesShape);
    expect(result.layers[0].logSin2.value).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(/degenerate from layer 1/)]);
  });

  it("for angles, with quantiles at the default probabilities or at those asked for", async () => {
    const { stdout } = await inProcess(["angles", "2-9x3-1", ...small]);
    const { result, settings } = expectRecord(stdout, "angles", anglesShape);
    const probabilities = result.layers[2].quantiles.map(({ probability }: { probability: number }) => probability);
    expect(probabilities).toEqual([0.05, 0.16, 0.5, 0.84, 0.95]);
    expect(settings.quantiles).toEqual(probabilities);
    const chosen = await inProcess(["angles", "2-9x3-1", "--quantiles", "0,1", ...small]);
    expect(JSON.parse(chosen.stdout).result.layers[0].quantiles).toHaveLength(2);
  });

  it("for angles --similarity, in the same pass", async () => {
    const args = [
      "angles",
      "64-16x2-10",
      "--data",
      "digits",
      "--points",
      "20",
      "--similarity",
      "debiased",
      "--networks",
      "20",
      "--json",
    ];
    const { stdout } = await inProcess(args);
    expectRecord(stdout, "angles", anglesShape);
    const { result } = expectRecord(stdout, "angles", similarityShape);
    expect(result.layers[1].gramRank.value).toBeLessThanOrEqual(16);
  });

  it("for angles that float64 activations cannot tell from 0", async () => {
    const { stdout } = await inProcess(["angles", "2-64x3-1", "--theta0", "1e-100", ...small]);
    const { result, warnings } = expectRecord(stdout, "angles", anglesShape);
    expect(result).toMatchObject({ executor: "law-pair", method: "law" });
    expect(result.layers[2].logSin2.value).toBeLessThan(-450);
    expect(warnings).toEqual([]);
  });

  it("for angles of recorded activations: those of all pairs, and how the points lie", async () => {
    const file = join(folder, "angles.npy");
    writeFileSync(file, writeNpy({ shape: [4, 2], data: Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0) }));
    const { code, stdout, stderr } = await inProcess(["angles", file, "--json", "--similarity", "biased", "--quantiles", "0.5"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { result, settings, architecture } = JSON.parse(stdout);
    expect(architecture).toBeNull();
    expect(settings).toEqual({ model: file, quantiles: [0.5], similarity: "biased", seed: 0, pairs: 6 });
    // Three pairs at pi/2, pi/4 and pi/4; three with the zero point.
    expect(result.layers[0]).toMatchObject({ layer: 1, shape: [4, 2], degenerate: 0.5, gramRank: 2, zeroPoints: 0.25 });
    expect(result.layers[0].angle).toMatchObject({ value: expect.closeTo(Math.PI / 3, 14), standardError: 0, networks: 1 });
    expect(result.layers[0].quantiles).toEqual([{ probability: 0.5, value: expect.closeTo(-Math.LN2, 14) }]);
    const report = await inProcess(["angles", file, "--similarity", "biased"]);
    expect(report.stdout).toMatch(/recorded activations · 1 layer · 6 pairs.*Gram rank/s);
    const refused = await inProcess(["angles", file, "--theta0", "1"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--theta0 is about random networks") });
  });

  it("for vni, with the formula beside the local one, null where there is none", async () => {
    const { code, stdout } = await inProcess(["vni", "8-8x3-1", "--points", "100", "--networks", "20", "--json"]);
    expect(code).toBe(0);
    const { result, settings, warnings } = expectRecord(stdout, "vni", vniShape);
    expect(settings).toMatchObject({ data: "gaussian", points: 100, where: "post", centring: "mean", samplingBias: "remove" });
    expect(result.layers.map(({ formula }: { formula: number }) => formula)).toEqual([0.375, 0.625, 0.875]);
    for (const { vni, effectiveNodes } of result.layers) expect(effectiveNodes).toBeCloseTo(1 / vni.value, 10);
    expect(warnings).toEqual([expect.stringMatching(/the formula exceeds 0\.35 from layer 1 on/)]);
    const batch = await inProcess(["vni", "8-8x2-1", "--norm", "batch", "--points", "50", "--networks", "4", "--json"]);
    expect(JSON.parse(batch.stdout).result.layers[0]).toMatchObject({ formula: null });
  });

  it("for vni of recorded activations, null where there is nothing to compare", async () => {
    const file = join(folder, "recorded.npy");
    const header = `${"{'descr': '|i1', 'fortran_order': False, 'shape': (6, 2), }".padEnd(117)}\n`;
    writeFileSync(
      file,
      Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0, ...Buffer.from(header), 1, 2, 2, 4, 3, 6, 1, 2, 0, 0, 5, 10]),
    );
    const { code, stdout, stderr } = await inProcess(["vni", file, "--json", "--positions", "units"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { result, settings, architecture } = JSON.parse(stdout);
    expect(architecture).toBeNull();
    expect(settings).toMatchObject({ positions: "units", centring: "mean" });
    expect(result.layers).toMatchObject([
      { layer: 1, shape: [6, 2], units: 2, points: 6, vni: { networks: 1 }, constantUnits: 0, formula: null },
    ]);
    expect(result.layers[0].vni.value).toBeCloseTo(1, 12);
  });

  it("for check, with exit code 1 for a degenerate model and the layers where it dies", async () => {
    const { code, stdout } = await inProcess(["check", "1-2x9-1", "--networks", "100", "--json"]);
    expect(code).toBe(1);
    const { result } = expectRecord(stdout, "check", checkShape);
    expect(result.verdict).toBe("degenerate");
    expect(result.findings[0]).toMatchObject({ pathology: "born-dead", severity: "degenerate" });
    expect(result.fixes.length).toBeGreaterThan(0);
  });

  it("for check, with exit code 0 for a healthy model on real data", async () => {
    const { code, stdout } = await inProcess([
      "check",
      "64-128x3-10",
      "--data",
      "digits",
      "--points",
      "64",
      "--networks",
      "16",
      "--json",
    ]);
    expect(code).toBe(0);
    const { result } = expectRecord(stdout, "check", checkShape);
    expect(result).toMatchObject({ verdict: "healthy", findings: [], fixes: [] });
  });

  it("for check, with exit code 0 for whatever is below --fail-on", async () => {
    const { code, stdout } = await inProcess(["check", "1-1x3-1", "--fail-on", "never", "--networks", "20", "--json"]);
    expect(code).toBe(0);
    expect(expectRecord(stdout, "check", checkShape).result.verdict).toBe("degenerate");
  });
});

describe("settings are complete", { timeout: patience }, () => {
  const architecture = join(folder, "net.json");
  writeFileSync(
    architecture,
    JSON.stringify({
      input: [2],
      layers: [
        { kind: "dense", units: 3 },
        { kind: "activation", activation: "relu" },
      ],
    }),
  );
  const points = join(folder, "points.csv");
  writeFileSync(points, Array.from({ length: 20 }, (_, i) => `${i % 7},${(i % 3) - 1}`).join("\n"));

  it.each([
    ["death", ["1-3x4-1", "--seed", "7"]],
    ["death", ["2-4x3-1", "--domain=-1,1;0,2", "--bias", "normal:0.1", "--points", "33", "--init", "he-uniform"]],
    ["death", ["1-2x2-1", "--rel-error", "0.1"]],
    ["death", [architecture, "--data", points, "--points", "9"]],
    ["angles", ["3-6x4-1", "--skip", "residual", "--norm", "layer", "--theta0", "0.3"]],
    ["angles", ["2-6x2-1", "--data", points, "--pairs", "17", "--activation", "tanh", "--weight-variance", "1.5"]],
    ["angles", ["3-4x9-1", "--quantiles", "0.1,0.9", "--theta0", "1e-14"]],
    ["angles", ["2-6x2-1", "--data", points, "--similarity", "biased"]],
    ["vni", ["4-6x3-1", "--points", "40", "--where", "pre", "--centring", "none", "--sampling-bias", "keep"]],
    ["vni", ["1-6x3-1", "--points", "30", "--activation", "tanh"]],
    ["vni", ["2-6x2-1", "--data", points, "--init", "orthogonal"]],
    ["check", ["4-3x3-1", "--points", "20"]],
  ])("given again they lead to the same result: %s %j", async (command, args) => {
    const first = await inProcess([command, ...args, "--networks", "80", "--json"]);
    const record = JSON.parse(first.stdout);
    const again = await inProcess([command, ...optionsOf(record), "--json"]);
    expect(again.stderr).toBe("");
    const { result, settings } = JSON.parse(again.stdout);
    expect(settings).toEqual(record.settings);
    expect(result).toEqual(record.result);
  });
});

describe("the number of threads does not show in the result", { timeout: patience }, () => {
  // Just enough networks to be worth threads: fewer run on the main thread.
  it.each([
    ["death", ["64-64x20-10", "--networks", "100"]],
    ["angles", ["16-64x10-10", "--networks", "150", "--method", "weights", "--init", "orthogonal"]],
    ["angles", ["16-8x100-10", "--networks", "1000"]],
    ["angles", ["64-32x4-10", "--data", "digits", "--points", "60", "--networks", "100", "--similarity", "debiased"]],
    ["check", ["16-32x4-4", "--networks", "400", "--rel-error", "0.05"]],
  ])("%s %j", async (command, args) => {
    const results = [];
    for (const threads of [1, 2]) {
      const before = threadsStarted();
      const { stdout } = await inProcess([command, ...args, "--threads", `${threads}`, "--json"]);
      expect(threadsStarted() - before).toBe(threads);
      results.push(JSON.stringify(JSON.parse(stdout).result));
    }
    expect(results[1]).toBe(results[0]);
  });
});

describe("--out", { timeout: patience }, () => {
  it("writes the file instead of standard output, and nothing beside it", async () => {
    const own = join(folder, "own");
    mkdirSync(own);
    const path = join(own, "x.json");
    writeFileSync(path, "what was there before");
    const { code, stdout } = await inProcess(["death", "1-2x2-1", ...small, "--out", path]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expectRecord(readFileSync(path, "utf8"), "death", deathShape);
    expect(readdirSync(own)).toEqual(["x.json"]);
  });

  it("writes through a link", async () => {
    const [target, link] = [join(folder, "target.txt"), join(folder, "link.txt")];
    writeFileSync(target, "");
    symlinkSync(target, link);
    await inProcess(["death", "1-2x2-1", "--networks", "10", "--out", link]);
    expect(readFileSync(target, "utf8")).toMatch(/P\(born dead\)/);
  });
});
