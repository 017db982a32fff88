import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inProcess, patience, useFolder } from "./sonde.js";

const folder = useFolder();

async function predicted(...args: string[]) {
  const { code, stdout, stderr } = await inProcess(["predict", ...args, "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("sonde predict", { timeout: patience }, () => {
  it("prints the fields of the contract, the same for every seed", async () => {
    const { result, settings, warnings, command } = await predicted("784-16x50-10");
    expect(command).toBe("predict");
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({ model: "784-16x50-10", theta0: Math.PI / 2, law: "tabulated", published: "full" });
    expect(result.layers).toHaveLength(50);
    const last = result.layers[49];
    expect(last.layer).toBe(50);
    expect(last.infiniteWidth.logSin2).toBeCloseTo(-3.72435005356614, 12);
    expect(Math.abs(last.finiteWidth.mean + 10.5002)).toBeLessThan(4 * 0.0108);
    expect(Math.abs(last.finiteWidth.sd - 4.8206)).toBeLessThan(4 * 0.0076);
    expect(last.finiteWidth.degenerate).toBeCloseTo(0.0076, 4);
    expect(last.published.mean).toBeCloseTo(-20.3374, 4);
    expect(last.published.sd).toBeGreaterThan(1);
    expect((await predicted("784-16x50-10", "--seed", "7")).result).toEqual(result);
  });

  it("gives the same result from its own settings, for data too", async () => {
    const points = join(folder, "points.csv");
    writeFileSync(points, Array.from({ length: 30 }, (_, i) => `${i % 7},${(i % 3) - 1},1`).join("\n"));
    const { result, settings } = await predicted("3-20x4-1", "--data", points, "--points", "20", "--pairs", "30", "--seed", "5");
    // Pairs on one ray are left out.
    expect(result.pairs).toBeGreaterThan(20);
    expect(settings.pairs).toBe(30);
    const { model, ...rest } = settings;
    const again = Object.entries(rest).map(
      ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`,
    );
    expect((await predicted(model, ...again)).result).toEqual(result);
  });

  it("reports three theories in a table, and draws them", async () => {
    const { code, stdout } = await inProcess(["predict", "10-32x30-1", "--theta0", "0.1", "--plot", "-"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/layer +units +finite width +sd +5 to 95 % +degenerate +published +infinite width/);
    expect(stdout).toContain("predicted without sampling for two inputs at 0.1 rad");
  });

  it("says null where no pair is left", async () => {
    const { result, warnings } = await predicted("3-8-1-8-1");
    expect(result.layers[1].finiteWidth).toMatchObject({ mean: null, sd: null, degenerate: 1 });
    expect(warnings).toEqual([expect.stringContaining("degenerate from layer 2 on")]);
  });

  it.each([
    [["10-8x2-1", "--theta0", "0"], /takes an angle in radians above 0/],
    [["10-8x2-1", "--activation", "tanh"], /predicted for relu, leaky-relu, linear and abs.*sonde angles/],
    [["10-8x2-1", "--bias", "normal:1"], /without bias.*--bias zeros/],
    [["10-8x2-1", "--init", "orthogonal"], /independent normal weights.*"orthogonal"/],
    [["10-8x2-1", "--theta0", "1", "--data", "gaussian"], /--theta0 and --data exclude each other/],
    [["10-8x2-1", "--pairs", "3"], /--pairs is for --data/],
    [["10-8x2-1", "--points", "30"], /--points is for --data/],
    [["10-8x2-1", "--law", "guess"], /--law is one of tabulated, matched/],
    [["10-20x2-1", "--activation", "abs", "--law", "tabulated"], /tabulated for slopes from 0 to 0.3/],
    [["10-8x2-1", "--networks", "10"], /there is no option "--networks" here/],
  ])("refuses %j with one sentence", async (args, message) => {
    const { code, stdout, stderr } = await inProcess(["predict", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
