import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ConfigError } from "@sonde/core";
import { installedRuntime, onnxruntime } from "@sonde/onnxruntime";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { ended, inProcess, patience, start, useFolder } from "./sonde.js";

const folder = useFolder();
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../packages/formats/test/fixtures/foreign/${name}`, import.meta.url));

/** A module in the place of onnxruntime-node, which no test installs: `npm run verify -- onnxruntime` does. */
const runtime = join(folder, "runtime");
mkdirSync(runtime);
writeFileSync(join(runtime, "package.json"), '{ "name": "onnxruntime-node", "version": "1.99.0", "main": "index.js" }');
copyFileSync(fileURLToPath(new URL("stand-in-onnxruntime.cjs", import.meta.url)), join(runtime, "index.js"));

const before = process.env.SONDE_ONNXRUNTIME;
beforeEach(() => {
  process.env.SONDE_ONNXRUNTIME = runtime;
});
afterAll(() => {
  if (before === undefined) delete process.env.SONDE_ONNXRUNTIME;
  else process.env.SONDE_ONNXRUNTIME = before;
});

/** A model that the stand-in treats in another way. */
function behaving(how: "crash" | "hang" | "grow" | "refuse"): string {
  const path = join(folder, `${how}.onnx`);
  const bytes = readFileSync(fixture("branch.onnx")).toString("latin1");
  writeFileSync(path, Buffer.from(bytes.replace("sonde-verify", how.padEnd(12, "-")), "latin1"));
  return path;
}

const told = async (...args: string[]) => {
  const { code, stdout } = await inProcess([...args, "--json", "--quiet"]);
  return { code, ...JSON.parse(stdout) };
};

describe("a model with operators that Sonde does not run", () => {
  it("is checked by onnxruntime-node, with networks like it drawn in its bytes", async () => {
    const { code, result, settings, warnings } = await told("check", fixture("branch.onnx"), "--points", "24", "--networks", "3");
    expect(code).toBe(0);
    expect(settings).toMatchObject({ points: 24, networks: 3 });
    expect(result.program).toBe("onnxruntime-node 1.99.0");
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(["Relu_h0", "If_h1", "Relu_h2"]);
    expect(result.layers[0]).toMatchObject({ activation: "relu", units: 8, resolution: -27 });
    expect(warnings.join("\n")).toMatch(/1.99.0 ran it, in single precision, because of If\nof If the outputs are looked at/);
    // The stand-in multiplies by the first weight: other weights were in its place each time.
    const power = result.layers[0].signal.logMeanSquare.value;
    const { like } = result;
    expect(like).toMatchObject({ initialiser: "he-normal", recognised: true, networks: 3, points: 24 });
    expect(power).toBeGreaterThan(-20);
    const asked = result.unmeasured.map(({ question }: { question: string }) => question);
    expect(asked).not.toContain("slopes and saturation");
    expect(asked).toContain("gradients");
  });

  it("is told apart from others in the report, and answers the questions about one network", async () => {
    const { stdout, code } = await inProcess(["check", fixture("function.onnx"), "--points", "16", "--networks", "2"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/this network, in float32 by onnxruntime-node 1.99.0/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    const { result } = await told("angles", fixture("loop.onnx"), "--points", "8");
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(["Relu_h0", "again"]);
  });

  it("may have its weights beside it in its folder, and nowhere else", async () => {
    expect((await told("check", fixture("external.onnx"), "--points", "8")).result.program).toBeDefined();
    const home = join(folder, "inside");
    mkdirSync(home);
    copyFileSync(fixture("external.onnx"), join(home, "model.onnx"));
    copyFileSync(fixture("if-external.data"), join(folder, "if-external.data"));
    symlinkSync(join(folder, "if-external.data"), join(home, "if-external.data"));
    const { code, stderr } = await inProcess(["check", join(home, "model.onnx"), "--points", "8"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/not in the model's folder, so it is not opened\n$/),
    });
  });

  it.each([
    ["crash", /crashed on this model \(SIGSEGV\)/],
    ["refuse", /onnxruntime-node 1.99.0 does not run it: no such operator$/],
  ] as const)("ends with one sentence where it makes onnxruntime-node %s", async (how, why) => {
    const { code, stdout, stderr } = await inProcess(["check", behaving(how)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr.trim()).toMatch(why);
  });

  it.each([
    ["hang", { patience: 1000 }, /gave no answer for 1 s, and was ended/],
    ["grow", { memory: 2 ** 28 }, /took more memory than the 256 MiB/],
  ] as const)("may not %s for ever", async (how, limits, why) => {
    const program = onnxruntime(behaving(how), installedRuntime() as { folder: string; version: string }, limits);
    try {
      const { run, outputs } = await program.open(["h0"]);
      expect(outputs).toEqual(["y", "h0"]);
      const asked = run([{ name: "x", type: "float32", shape: [1, 8], data: new Float64Array(8) }], ["h0"]);
      await expect(asked).rejects.toThrow(why);
      await expect(asked).rejects.toThrow(ConfigError);
    } finally {
      program.close();
    }
  });

  it("is not run where onnxruntime-node is not there: one sentence says what to type", async () => {
    delete process.env.SONDE_ONNXRUNTIME;
    const { code, stdout, stderr } = await inProcess(["check", fixture("loop.onnx")]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /does not run Loop itself, and onnxruntime-node, which does, is not installed: npm install onnxruntime-node/,
    );
    process.env.SONDE_ONNXRUNTIME = folder;
    expect((await inProcess(["check", fixture("loop.onnx")])).stderr).toMatch(
      /SONDE_ONNXRUNTIME names .* which is no folder of onnxruntime-node/,
    );
  });

  it("is said by inspect to be run by onnxruntime-node, and whether that is there", async () => {
    expect((await told("inspect", fixture("function.onnx"))).result).toMatchObject({
      notRun: ["Block"],
      program: "onnxruntime-node 1.99.0",
      parameters: 3316,
    });
    expect((await inProcess(["inspect", fixture("branch.onnx")])).stdout).toMatch(
      / run by +onnxruntime-node 1.99.0, which is installed; Sonde does not run If itself\n/,
    );
    delete process.env.SONDE_ONNXRUNTIME;
    expect((await inProcess(["inspect", fixture("branch.onnx")])).stdout).toMatch(/not installed: npm install onnxruntime-node;/);
    expect((await told("inspect", fixture("branch.onnx"))).result.program).toBeUndefined();
    expect((await told("inspect", fixture("../models/lenet.onnx"))).result.notRun).toEqual([]);
  });

  it("ends at once with Ctrl-C, and so does its process, with nothing left behind", { timeout: patience }, async () => {
    const model = behaving("hang");
    const out = join(folder, "result.json");
    for (const wait of [1500, 6000, 20_000]) {
      const child = start(["check", model, "--json", "--out", out]);
      const result = ended(child);
      await sleep(wait);
      const own = processesOf(child.pid as number);
      const started = performance.now();
      child.kill("SIGINT");
      const { code, stdout } = await result;
      if (own.length === 0) continue;
      expect((performance.now() - started) / 1000).toBeLessThan(3);
      expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
      await sleep(500);
      expect(own.filter(runs)).toEqual([]);
      expect(readdirSync(folder).filter((name) => /result|tmp/.test(name))).toEqual([]);
      return;
    }
    throw new Error("it did not start in time");
  });

  it("leaves no process behind where the command is ended without a word", { timeout: patience }, async () => {
    const model = behaving("hang");
    for (const wait of [1500, 6000, 20_000]) {
      const child = start(["check", model]);
      const result = ended(child);
      await sleep(wait);
      const own = processesOf(child.pid as number);
      child.kill("SIGKILL");
      await result;
      if (own.length === 0) continue;
      for (let k = 0; k < 50 && own.some(runs); k++) await sleep(100);
      expect(own.filter(runs)).toEqual([]);
      return;
    }
    throw new Error("it did not start in time");
  });
});

/** The processes that a process started. */
function processesOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
