import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inProcess, patience, sonde, useFolder } from "./sonde.js";

const folder = useFolder();

describe("the largest and the smallest models", { timeout: patience }, () => {
  it("100000 layers are measured in sane memory, dead in an early one", async () => {
    const { code, stdout, peakMiB } = await sonde(["death", "1-2x100000-1", "--networks", "2", "--json"]);
    expect(code).toBe(0);
    const { result } = JSON.parse(stdout);
    // A sum over the layers.
    expect(result.bornDead.value).toBeCloseTo(1, 12);
    expect(result.layers).toHaveLength(100_000);
    expect(peakMiB).toBeLessThan(1500);
  });

  it("a thousand layers fit on a page", async () => {
    const { stdout } = await inProcess(["death", "1-2x1000-1", "--networks", "2"]);
    expect(stdout).toMatch(/\n +1000 /);
    expect(stdout.split("\n").length).toBeLessThan(50);
  });

  it("a million units are measured", async () => {
    const { code, stdout, peakMiB } = await sonde(["check", "1-1000000-1", "--networks", "4", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).result.verdict).toBe("healthy");
    expect(peakMiB).toBeLessThan(1500);
  });

  it.each(["check", "death", "angles", "predict", "kernel", "vni", "moments", "advise"])(
    "no layers at all: %s",
    async (command) => {
      const model = join(folder, "empty.json");
      writeFileSync(model, JSON.stringify({ input: [2], layers: [] }));
      const networks = command === "predict" ? [] : ["--networks", "4"];
      const { code, stderr } = await inProcess([command, model, ...networks]);
      expect(code).toBe(0);
      expect(stderr).toMatch(/no hidden layer/);
    },
  );

  it("one network is an estimate with a wide interval", async () => {
    const { code, stdout } = await inProcess(["death", "1-2x3-1", "--networks", "1", "--json"]);
    expect(code).toBe(0);
    const { low, high, networks } = JSON.parse(stdout).result.bornDead;
    expect(networks).toBe(1);
    expect(high - low).toBeGreaterThan(0.5);
  });

  it.each(["check", "death", "kernel", "advise"])("one input: %s", async (command) => {
    const { code, stdout } = await inProcess([command, "2-8x3-1", "--points", "1", "--networks", "50", "--json"]);
    expect(code).toBeLessThan(2);
    const { settings } = JSON.parse(stdout);
    expect(settings).toMatchObject({ data: "gaussian", points: 1 });
  });

  it.each(["check", "death", "angles"])("layers of one unit: %s", async (command) => {
    const { code, stdout } = await inProcess([command, "1-1x3-1", "--networks", "20"]);
    expect(code).toBe(command === "check" ? 1 : 0);
    expect(stdout).not.toMatch(/NaN|undefined/);
  });

  it.each(["check", "death", "angles"])("no hidden layer, of which there is nothing to tell: %s", async (command) => {
    const { code, stdout, stderr } = await inProcess([command, "10-10", "--networks", "20"]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/NaN|undefined|P\(born dead\)/);
    expect(stderr).toMatch(/no hidden layer/);
    const { result, warnings } = JSON.parse((await inProcess([command, "10-10", "--networks", "20", "--json"])).stdout);
    expect(result.layers).toEqual([]);
    if (command !== "angles") expect(result.bornDead.value).toBe(0);
    expect(warnings).toEqual([expect.stringMatching(/no hidden layer/)]);
  });

  it("inputs on one ray have no angle, which check leaves out", async () => {
    const { code, stdout } = await inProcess(["check", "1-3x3-1", "--domain=0,1", "--networks", "20"]);
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/NaN|undefined|angle/);
  });
});
