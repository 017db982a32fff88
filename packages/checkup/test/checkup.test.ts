import { readFileSync } from "node:fs";
import { matrix } from "@sonde/core";
import { parseModel } from "@sonde/formats";
import { permuted, sameArchitecture, validateArchitecture } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { architectureOf, networksSetting, runRecord, settingsOf } from "../src/asked/index.js";
import { ensembleLike } from "../src/files/ensemble-like.js";
import { checkModelFile, checkRecording } from "../src/files/index.js";
import { checkArchitecture, inputsFor } from "../src/index.js";

const asked = { seed: 0, method: "auto", networks: 200 } as const;
const noData = () => Promise.reject(new Error("no data"));

describe("checkArchitecture", () => {
  it("says what is wrong, and with which options it is not", async () => {
    const source = "1-2x9-1";
    const architecture = architectureOf(source, {});
    const inputs = await inputsFor(architecture, asked, noData);
    const { result, settings, interrupted } = await checkArchitecture(architecture, { source, asked, inputs, run: asked });
    expect(result.verdict).toBe("degenerate");
    expect(result.layers).toHaveLength(9);
    expect(settings).toEqual({ domain: "-1,1", points: 512, networks: 200 });
    expect(interrupted).toBe(false);
    expect(result.fixes[0].options).toMatch(/^(--|1-)/);
    expect(result.fixes[0]).not.toHaveProperty("architecture");
  });

  it("takes the architecture of a file as it takes its widths", () => {
    const tanh = architectureOf("3-8x2-1", { activation: "tanh" });
    expect(sameArchitecture(architectureOf(architectureOf("3-8x2-1", {}), { activation: "tanh" }), tanh)).toBe(true);
    expect(sameArchitecture(architectureOf("3-8x2-1", { activation: "tanh", weightVariance: "default" }), tanh)).toBe(true);
  });
});

describe("inputsFor", () => {
  it("asks for a data set by its name, and takes labels that are classes", async () => {
    const names: string[] = [];
    const set = {
      name: "mine",
      points: matrix(3, 2, Float64Array.of(0, 1, 2, 3, 4, 5)),
      pointShape: [2],
      available: 3,
      source: "mine.csv",
      labels: Float64Array.of(0, 1, 1),
    };
    const read = (name: string) => {
      names.push(name);
      return Promise.resolve(set);
    };
    const inputs = await inputsFor(architectureOf("2-4-2", {}), { seed: 0, data: "mine.csv", standardize: true }, read);
    expect(names).toEqual(["mine.csv"]);
    expect(inputs.settings).toEqual({ data: "mine.csv", points: 512, standardize: true });
    expect([...(inputs.targets?.data ?? [])]).toEqual([1, 0, 0, 1, 0, 1]);
    expect([...(inputs.data?.data ?? [])].reduce((sum, value) => sum + value)).toBeCloseTo(0, 12);
  });

  it("refuses a domain beside data", async () => {
    const both = { seed: 0, data: "digits", domain: [[0, 1]] as const };
    await expect(inputsFor(architectureOf("1-2-1", {}), both, noData)).rejects.toThrow("exclude each other");
  });
});

describe("files", () => {
  it("runs a model file at points, beside networks like it", async () => {
    const bytes = readFileSync(new URL("../../formats/test/fixtures/models/dead-layer.onnx", import.meta.url));
    const options = { model: "dead-layer.onnx", seed: 0, points: 32, networks: 4 };
    const found = await checkModelFile(await parseModel(bytes), options, { readData: noData });
    expect(found.result.verdict).toBe("degenerate");
    expect(found.result.findings.map(({ pathology }) => pathology)).toContain("dead-layer");
    expect(found.result.like).toMatchObject({ networks: 4 });
    expect(found.settings).toEqual({ data: "gaussian", points: 32, networks: 4 });
  });

  it("asks the doctor of lists about random networks of a model's layers, wherever its channels are", async () => {
    const layers = [
      { kind: "conv", channels: 3, kernel: [3, 3] },
      { kind: "activation", activation: "relu" },
      { kind: "flatten" },
      { kind: "dense", units: 2 },
    ] as const;
    const list = validateArchitecture({ input: [4, 4, 2], layers });
    const last = { name: "input", shape: [20, 4, 4, 2], data: Float64Array.from({ length: 640 }, (_, k) => Math.sin(k * k)) };
    const { data } = permuted(last, [0, 3, 1, 2]);
    const [a, b] = [
      await ensembleLike(list, last, { seed: 1 }),
      await ensembleLike(list, { ...last, shape: [20, 2, 4, 4], data }, { seed: 1 }),
    ];
    expect(a).toMatchObject({ verdict: "healthy", networks: 50, points: 20 });
    expect(b).toEqual(a);
    expect(await ensembleLike(list, { ...last, shape: [20, 32] }, { seed: 1 })).toBeUndefined();
    expect(await ensembleLike(list, undefined, { seed: 1 })).toBeUndefined();
  });

  it("warns of recorded images with channels first, and refuses layers that are too wide", () => {
    const image = {
      name: "conv",
      shape: [2, 3, 4, 4],
      type: "float64" as const,
      data: Float64Array.from({ length: 96 }, (_, k) => k % 7),
    };
    expect(checkRecording([image], { model: "a.npz", seed: 0 }).warnings.join()).toContain("channels-first");
    const wide = { name: "fc", shape: [1, 2 ** 21], type: "float64" as const, data: new Float64Array(0) };
    expect(() => checkRecording([wide], { model: "a.npz", seed: 0 })).toThrow('in "a.npz", "fc" has 2097152 units');
  });
});

describe("runRecord", () => {
  const run = { sonde: "0.0.0", command: "check", architecture: null, settings: {}, warnings: ["first"], elapsedMs: 1 };

  it("adds a warning for every number that does not exist", () => {
    const { warnings } = runRecord({ ...run, result: { layers: [{ chi: { mean: Number.NaN } }] } });
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toMatch(/^chi is null/);
    expect(runRecord({ ...run, result: {} })).not.toHaveProperty("interrupted");
  });

  it("keeps the settings that lead to the same run", () => {
    expect(settingsOf("net.json", { ...asked, activation: "tanh" })).toMatchObject({ model: "net.json", activation: "tanh" });
    expect(settingsOf("net.json", asked).init).toBeUndefined();
    expect(settingsOf("2-4x2-1", { ...asked, skip: "residual" })).toMatchObject({ init: "he-normal", block: 2 });
    expect(networksSetting({}, { networks: 7, interrupted: false })).toBe(7);
    expect(networksSetting({ networks: 100 }, { networks: 7, interrupted: true })).toBe(7);
    expect(networksSetting({ relError: 0.1 }, { networks: 7, interrupted: false })).toBe(1e7);
  });
});
