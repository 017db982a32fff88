import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { expectRecord, optionsOf } from "./contract.js";
import { ended, inProcess, patience, start } from "./sonde.js";

const isText = (value: unknown) => typeof value === "string" && value.length > 0;
const isEstimate = (value: unknown) => Number.isFinite((value as { standardError?: number } | undefined)?.standardError);
const isVitals = (value: unknown) => {
  const { verdict, bornDead, livingRatio } = value as Record<string, unknown>;
  return isText(verdict) && isEstimate(bornDead) && isEstimate(livingRatio);
};
const isFix = (value: unknown) => {
  const { change, remedies, families, parameters, cost, leaves, before, after } = value as Record<string, unknown>;
  const named = [remedies, families].every((list) => Array.isArray(list) && list.length > 0);
  return named && [change, cost, leaves].every(isText) && Number.isInteger(parameters) && [before, after].every(isVitals);
};
const areFixes = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isFix);
const adviseShape = { verdict: isText, vitals: isVitals, parameters: Number.isInteger, cures: areFixes, compared: areFixes };

describe("sonde advise", { timeout: patience }, () => {
  it("prints the smallest change that cures, and all remedies with standard errors; its settings lead to the same again", async () => {
    const { code, stdout, stderr } = await inProcess(["advise", "1-2x9-1", "--networks", "40", "--points", "16", "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const record = expectRecord(stdout, "advise", adviseShape);
    expect(record.result.verdict).toBe("degenerate");
    expect(record.result.smallest).toEqual(record.result.cures[0]);
    expect(record.result.smallest.change).toBe("ELU instead of ReLU (--activation elu)");
    const again = await inProcess(["advise", ...optionsOf(record), "--threads", "1", "--json"]);
    expect(JSON.parse(again.stdout).result).toEqual(record.result);
  });

  it("says the same in a report of at most 100 characters a line, with the options to try", async () => {
    const { code, stdout } = await inProcess(["advise", "1-2x9-1", "--networks", "100", "--points", "16"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/The smallest change that makes it healthy\n {4}ELU instead of ReLU \(--activation elu\)/);
    expect(stdout).toMatch(/\n {2}sign-flip-neuron +same +0\.00? ± /);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("takes null for a smallest change where none is needed", async () => {
    const { code, stdout } = await inProcess([
      "advise",
      "64-32x2-10",
      "--data",
      "digits",
      "--points",
      "16",
      "--networks",
      "16",
      "--json",
    ]);
    expect(code).toBe(0);
    const { result } = JSON.parse(stdout);
    expect(result).toMatchObject({ verdict: "healthy", smallest: null, cures: [] });
    expect(result.compared.length).toBeGreaterThan(10);
  });

  it("ends at once with Ctrl-C, with what is finished", async () => {
    const child = start(["advise", "1-2x9-1", "--networks", "1000000000", "--threads", "1", "--json"]);
    const result = ended(child);
    await sleep(3000);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await result;
    expect(code).toBe(130);
    if (stdout === "") expect(stderr).toMatch(/before anything was finished/);
    else expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, result: { compared: [], cures: [] } });
  });

  it.each([
    [["advise"], /model is missing/],
    [["advise", "1-2x9"], /ends? with a plain width|repeats its output/],
    [["advise", "1-2-1", "--method", "conditional"], /conditional/],
    [["advise", "1-2-1", "--networks", "0"], /--networks takes a whole number from 1/],
    [["advise", "1-2-1", "--fail-on", "never"], /fail-on/],
  ])("refuses %j in one sentence", async (args, says) => {
    const { code, stdout, stderr } = await inProcess(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  });

  it("reads weights alone with the activation that it is told, to the end", async () => {
    const weights = fileURLToPath(new URL("../../../packages/formats/test/fixtures/models/mlp.safetensors", import.meta.url));
    const { code, stdout } = await inProcess(["advise", weights, "--activation", "relu", "--networks", "4", "--points", "8"]);
    expect(code).toBe(0);
    expect(stdout).toContain("3 hidden layers of width 48");
  });
});
