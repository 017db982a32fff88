import { type Matrix, matrix, matrixFromRows, normals, stream, uniforms } from "@sonde/core";
import { type Architecture, type Layer, type MlpOptions, mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../src/findings.js";
import { type MeasureOptions, measure, type PathologyName, verdictOf } from "../src/index.js";

const gaussian = (points: number, inputs: number, scale = 1) => {
  const data = normals(stream(3), new Float64Array(points * inputs));
  return matrix(
    points,
    inputs,
    data.map((value) => scale * value),
  );
};

async function examine(net: Architecture, options: MeasureOptions = {}) {
  const measurement = await measure(net, { networks: 64, ...options });
  const findings = findingsOf(measurement);
  const find = (name: PathologyName) => findings.find(({ pathology }) => pathology === name);
  return { measurement, findings, find, verdict: verdictOf(findings) };
}

const relu: Layer = { kind: "activation", activation: "relu" };

describe("the scale of the signal", () => {
  it.each([
    [0.02, ["vanishing-signal", "vanishing-gradients"]],
    [2, []],
    [100, ["exploding-signal", "overconfident-outputs", "exploding-gradients"]],
  ] as const)("tells weight variance %d", async (weightVariance, pathologies) => {
    const net = mlp("16-64x8-4", { init: "normal", weightVariance });
    const { findings, verdict, measurement } = await examine(net, { data: gaussian(64, 16) });
    expect(findings.map((finding) => finding.pathology)).toEqual(pathologies);
    expect(verdict).toBe(pathologies.length > 0 ? "degenerate" : "healthy");
    expect(measurement.gradients?.firstOverLast?.value).toBeCloseTo(7 * Math.log(weightVariance / 2), -1);
    const [layer] = measurement.scale?.layers.slice(-1) ?? [];
    const theory = measurement.scale?.predicted?.at(-1)?.logMeanSquare ?? Number.NaN;
    expect(Math.abs(layer.logMeanSquare.value - theory)).toBeLessThan(5 * layer.logMeanSquare.standardError + 0.7);
    expect(measurement.scale?.growth?.value).toBeCloseTo(Math.log(weightVariance / 2), 0);
  });

  it("is the norm's affair where there is one, and the inputs' scale with it", async () => {
    const { verdict } = await examine(mlp("16-64x4-4", { norm: "batch" }), { data: gaussian(64, 16, 1e4) });
    expect(verdict).toBe("healthy");
  });

  it("says where values overflow", async () => {
    const { find } = await examine(mlp("16-64x20-4", { weightVariance: 1e5 }), { data: gaussian(64, 16) });
    expect(find("exploding-signal")).toMatchObject({
      severity: "degenerate",
      evidence: expect.stringContaining("overflow float32"),
    });
  });
});

describe("saturation and linearity", () => {
  const tanh = (options: MlpOptions = {}) => mlp("1-50x3-1", { activation: "tanh", init: "glorot-uniform", ...options });

  it("are told of inputs that are too large, and not of inputs of size 1", async () => {
    const large = await examine(tanh(), { domain: [0, 100] });
    expect(large.find("saturation")).toMatchObject({ severity: "at-risk", layer: 1 });
    expect(large.find("input-scale")).toMatchObject({ layer: 0 });
    expect((await examine(tanh(), { domain: [0, 1] })).findings).toEqual([]);
    expect((await examine(tanh({ weightVariance: 1e5 }), { domain: [-1, 1] })).find("saturation")?.severity).toBe("degenerate");
  });

  it("a bounded activation that does not bend is a straight line; ten times larger weights bend it", async () => {
    const xor = matrixFromRows([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const net = (r: number) => mlp("2-2-1", { activation: "tanh", init: "uniform", weightVariance: (2 * r * r) / 3 });
    expect((await examine(net(0.05), { data: xor })).find("linear-layers")).toMatchObject({ severity: "at-risk", layer: 1 });
    expect((await examine(net(0.5), { data: xor })).verdict).toBe("healthy");
  });
});

describe("the outputs", () => {
  const withOutput = (widths: string, activation: string): Architecture => {
    const net = mlp(widths);
    return { ...net, layers: [...net.layers, { kind: "activation", activation }] };
  };

  it("an output with ReLU dies half of the time; with a sigmoid it is an ordinary classifier", async () => {
    const data = gaussian(64, 10);
    const dead = await examine(withOutput("10-64x2-1", "relu"), { data: gaussian(1, 10), networks: 200 });
    expect(dead.find("dead-outputs")).toMatchObject({ severity: "degenerate", layer: 3 });
    const share = dead.measurement.scale?.output.dead;
    expect(Math.abs((share?.value ?? 0) - 0.5)).toBeLessThan(4.5 * (share?.standardError ?? 0));
    expect((await examine(withOutput("10-64x2-1", "sigmoid"), { data })).findings).toEqual([]);
  });

  it("logits that are far apart are overconfident, those of inputs of size 1 are not", async () => {
    const pixels = uniforms(stream(5), new Float64Array(40 * 50));
    const images = (scale: number): Matrix<Float64Array> =>
      matrix(
        40,
        50,
        pixels.map((u) => scale * u),
      );
    const net = mlp("50-100-10");
    const raw = await examine(net, { data: images(255) });
    expect(raw.find("overconfident-outputs")).toMatchObject({ severity: "at-risk", layer: 2 });
    expect((await examine(net, { data: images(1) })).verdict).toBe("healthy");
    // One output is no class.
    expect((await examine(mlp("50-100-1"), { data: images(255) })).find("overconfident-outputs")).toBeUndefined();
  });
});

describe("the inputs", () => {
  it("a zero row, and points on one ray, are said of the inputs and condemn no network", async () => {
    const xor = matrixFromRows([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const { verdict, measurement } = await examine(mlp("2-64-1"), { data: xor });
    expect(verdict).toBe("healthy");
    expect(measurement.inputs).toMatchObject({ zeroPoints: 1, indistinguishablePairs: { leftOut: 3, pairs: 6 } });
  });

  it("an interval has the verdict of its points", async () => {
    const points = (low: number, high: number) =>
      matrix(
        101,
        1,
        Float64Array.from({ length: 101 }, (_, k) => low + ((high - low) * k) / 100),
      );
    for (const [low, high] of [
      [0, 1],
      [-1, 1],
    ] as const)
      for (const net of [mlp("1-64x2-1"), mlp("1-50x3-1", { activation: "tanh", init: "glorot-uniform" })]) {
        const names = async (options: MeasureOptions) => (await examine(net, options)).findings.map(({ pathology }) => pathology);
        expect(await names({ domain: [low, high] })).toEqual(await names({ data: points(low, high) }));
      }
  });

  it("columns of large numbers, and what follows from them, are told of layer 0", async () => {
    const data = gaussian(100, 4);
    for (let p = 0; p < 100; p++) data.data[4 * p] = 1e6 * (1 + 0.2 * data.data[4 * p]);
    const { findings } = await examine(mlp("4-32x2-1", { init: "keras" }), { data });
    expect(findings.map(({ layer }) => layer)).toEqual(findings.map(() => 0));
    expect(findings.map(({ pathology }) => pathology)).toEqual(expect.arrayContaining(["input-scale", "uneven-inputs"]));
    const even = await examine(mlp("4-32x2-1", { init: "keras" }), { data: gaussian(100, 4) });
    expect(even.findings).toEqual([]);
  });

  it.each([
    [19.9, undefined],
    [20.1, "input-scale"],
    [0.0101, undefined],
    [0.0099, "input-scale"],
  ] as const)("of root mean square %d", async (size, pathology) => {
    const data = gaussian(100, 3);
    const own = Math.sqrt(data.data.reduce((sum, x) => sum + x * x, 0) / data.data.length);
    const scaled = matrix(
      100,
      3,
      data.data.map((x) => (size * x) / own),
    );
    const { findings } = await examine(mlp("3-16-1"), { data: scaled });
    expect(findings.map((finding) => finding.pathology)).toEqual(pathology ? [pathology] : []);
  });
});

describe("the structure", () => {
  it("a layer norm over one feature leaves nothing, and the 2^-N sentence is not the reason", async () => {
    const { findings, find } = await examine(mlp("5-1-1", { norm: "layer" }), { data: gaussian(20, 5) });
    expect(findings[0]).toMatchObject({ pathology: "norm-over-one", severity: "degenerate", layer: 1 });
    expect(find("born-dead")?.explanation).not.toContain("2^-N");
    const plain = await examine(mlp("1-2x9-1"), {});
    expect(plain.find("born-dead")?.explanation).toContain("2^-N");
    expect((await examine(mlp("5-2-1", { norm: "layer" }), { data: gaussian(20, 5) })).find("norm-over-one")).toBeUndefined();
  });

  it("a batch norm of a batch of one leaves nothing; of two points it does", async () => {
    const norm = mlp("5-8-1", { norm: "batch" });
    expect((await examine(norm, { data: gaussian(1, 5) })).find("norm-over-one")).toMatchObject({ severity: "degenerate" });
    expect((await examine(norm, { data: gaussian(2, 5) })).find("norm-over-one")).toBeUndefined();
  });

  it("a layer of one unit is a bottleneck only between more inputs and more outputs, and no degenerate pair", async () => {
    const data = gaussian(20, 5);
    const found = async (widths: string, options: MlpOptions = { activation: "tanh", init: "lecun-normal" }) =>
      (await examine(mlp(widths, options), { data })).findings.map(({ pathology }) => pathology);
    expect(await found("5-8-1-8-3")).toContain("bottleneck");
    for (const widths of ["5-8-1-8-3", "5-8-1-8-1"]) expect(await found(widths)).not.toContain("degenerate-pairs");
    expect(await found("5-8-1-8-1")).not.toContain("bottleneck");
  });

  it("equal weights: zero before ReLU has no gradient ever, equal ones twice stay equal", async () => {
    const net = (layers: readonly Layer[]): Architecture => ({ input: [5], layers: [...layers, { kind: "dense", units: 1 }] });
    const zero: Layer = { kind: "dense", units: 8, init: "zeros" };
    const data = gaussian(20, 5);
    const frozen = await examine(net([zero, relu]), { data });
    expect(frozen.find("copied-units")).toMatchObject({ severity: "degenerate", layer: 1 });
    expect(frozen.find("copied-units")?.explanation).toContain("no gradient reaches");
    const tanh: Layer = { kind: "activation", activation: "tanh" };
    const constant: Layer = { kind: "dense", units: 8, init: "constant:0.1" };
    const copies = await examine({ input: [5], layers: [constant, tanh, { ...constant, units: 1 }] }, { data });
    expect(copies.find("copied-units")).toMatchObject({ severity: "degenerate" });
    expect((await examine(net([constant, tanh]), { data })).find("copied-units")).toMatchObject({ severity: "at-risk" });
    // A zero output layer is a common and harmless beginning.
    const output = mlp("5-8-1").layers.map((layer, k): Layer => (k === 2 ? { kind: "dense", units: 1, init: "zeros" } : layer));
    expect((await examine({ input: [5], layers: output }, { data })).find("copied-units")).toBeUndefined();
  });
});
