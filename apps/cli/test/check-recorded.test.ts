import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { normals, stream } from "@sonde/core";
import { type NumericArray, writeNpy } from "@sonde/formats";
import { describe, expect, it } from "vitest";
import { npz } from "./npz.js";
import { inProcess, patience, useFolder } from "./sonde.js";

const folder = useFolder();
const file = (name: string, content: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const noise = (seed: number, ...shape: number[]) => ({
  shape,
  data: normals(stream(seed), new Float64Array(shape.reduce((a, b) => a * b, 1))) as NumericArray,
});
const rectified = (seed: number, ...shape: number[]) => {
  const { data } = noise(seed, ...shape);
  return { shape, data: Float32Array.from(data as Float64Array, (value) => Math.max(0, value)) };
};
const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });

const healthy = file(
  "healthy.npz",
  npz({ input: noise(1, 64, 12), conv: rectified(2, 64, 4, 3, 8), fc: rectified(3, 64, 16), logits: noise(4, 64, 3) }),
);
const dead = file("dead.npz", npz({ fc1: rectified(1, 64, 8), "encoder.fc2": zeros(64, 8), fc3: rectified(2, 64, 8) }));
const sized = file(
  "sized.npz",
  npz({
    fc1: noise(1, 64, 8),
    fc2: { shape: [64, 8], data: (noise(2, 64, 8).data as Float64Array).map((value) => 20 * value) },
  }),
);

/** Numbers in JSON that are null, by their paths. */
function nulls(value: unknown, path = ""): string[] {
  if (value === null) return [path];
  return typeof value === "object" ? Object.entries(value as object).flatMap(([key, own]) => nulls(own, `${path}.${key}`)) : [];
}

describe("check on recorded activations", { timeout: patience }, () => {
  it("gives the numbers of every layer under its array's name, and no fixes", async () => {
    const { code, stdout } = await inProcess(["check", healthy, "--json"]);
    expect(code).toBe(0);
    const { architecture, settings, result, warnings } = JSON.parse(stdout);
    expect(architecture).toBeNull();
    expect(settings).toEqual({ model: healthy, seed: 0, failOn: "degenerate" });
    expect(result).toMatchObject({ verdict: "healthy", findings: [], fixes: [], suggestions: [], points: 64, pairs: 2016 });
    expect(result.failure).toBeUndefined();
    expect(result.unmeasured.map(({ question }: { question: string }) => question)).toEqual([
      "probability of failing to train",
      "probability of being born dead",
      "slopes and saturation",
      "gradients",
      "theory, and cures with their computed effect",
    ]);
    expect(result.inputs).toMatchObject({ name: "input", columns: 12, indistinguishablePairs: { leftOut: 0, pairs: 2016 } });
    expect(result.outputs).toMatchObject({ name: "logits", layer: 3, units: 3 });
    expect(result.layers).toMatchObject([
      { layer: 1, name: "conv", shape: [64, 4, 3, 8], units: 8, livingRatio: { value: 1 }, degenerate: 0 },
      { layer: 2, name: "fc", resolution: -27, rounding: false },
    ]);
    for (const { vni, effectiveNodes, units } of result.layers)
      expect(effectiveNodes).toBeCloseTo(Math.min(units, 1 / vni.value), 12);
    expect({ warnings, nulls: nulls(result) }).toEqual({ warnings: [], nulls: [] });
    const options = Object.entries(settings).flatMap(([name, value]) =>
      name === "model" ? [] : [`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}=${value}`],
    );
    expect(JSON.parse((await inProcess(["check", healthy, ...options, "--json"])).stdout).result).toEqual(result);
  });

  it("finds the dead layer by number and name, with exit code 1, and says why numbers are null", async () => {
    const report = await inProcess(["check", dead]);
    expect(report.code).toBe(1);
    expect(report.stdout).toMatch(/✗ degenerate: dead layer \(layer 2: encoder\.fc2\)/);
    expect(report.stdout).toMatch(
      /What usually helps.*\s+dead layer: wider layers[\s\S]*probability of failing to train: it is calibrated for random/,
    );
    const { result, warnings } = JSON.parse((await inProcess(["check", dead, "--json"])).stdout);
    expect(result.findings[0]).toMatchObject({ pathology: "dead-layer", layer: 2, name: "encoder.fc2" });
    expect(result.layers[1].deadUnits).toMatchObject({ value: 1, dead: [0, 1, 2, 3, 4, 5, 6, 7] });
    expect(nulls(result)).not.toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^logMeanSquare, logVariance, logLargest are null in layer 2: the values are all 0 there/),
      expect.stringMatching(/^growth is null .*: a layer without signal/),
      expect.stringMatching(/^logSin2, angle are null from layer 2 on: every pair of points is degenerate/),
    ]);
  });

  it.each([
    ["degenerate", 0],
    ["at-risk", 1],
    ["never", 0],
  ])("obeys --fail-on %s", async (failOn, expected) => {
    const { code, stdout } = await inProcess(["check", sized, "--fail-on", failOn]);
    expect(stdout).toMatch(/! at-risk: exploding signal \(layer 2: fc2\)/);
    expect(code).toBe(expected);
    if (failOn === "never") expect((await inProcess(["check", dead, "--fail-on", failOn])).code).toBe(0);
  });

  it("marks angles that are rounding", async () => {
    const tiny = (noise(1, 40, 4).data as Float64Array).map((value) => 1 + 1e-7 * value);
    const path = file("tiny.npy", writeNpy({ shape: [40, 4], data: Float32Array.from(tiny) }));
    const { stdout, stderr } = await inProcess(["check", path]);
    expect(stdout).toMatch(/1 {2}tiny .*< -27 \(rounding\)/);
    expect(stdout).toMatch(/vanishing angles \(layer 1: tiny\)/);
    expect(stderr).toMatch(/record them in float64/);
  });

  it.each([
    [[4, 3, 28, 28], true],
    [[4, 32, 8, 8], true],
    [[4, 7, 9, 9], true],
    [[4, 7, 5, 5], false],
    [[4, 28, 28, 3], false],
    [[4, 8, 8, 8], false],
    [[4, 32, 32, 32], false],
    [[4, 1, 5], false],
  ])("warns of the shape %j: %s", async (shape, expected) => {
    const path = file("shape.npy", writeNpy({ ...rectified(1, ...shape) }));
    const { stderr } = await inProcess(["check", path]);
    expect(stderr.includes("looks channels-first")).toBe(expected);
    if (shape[1] === 3)
      for (const command of ["death", "vni", "moments"])
        expect((await inProcess([command, path])).stderr).toMatch(/looks channels-first/);
  });

  it("draws what it found", async () => {
    const { code, stdout } = await inProcess(["check", healthy, "--plot", "-"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Check-up of a recording, layer by layer");
  });

  it.each([
    [[dead, "--networks", "10"], /--networks is about random networks/],
    [[dead, "--data", "digits"], /--data is about random networks/],
    [[dead, "--init", "rai"], /--init is about random networks/],
    [["nosuch.npz"], /there is no such file/],
    [
      [file("uneven.npz", npz({ a: noise(1, 4, 2), b: noise(1, 5, 2) }))],
      /uneven.npz": every array needs the same points, but "a" has 4 and "b" has 5/,
    ],
    [[file("nan.npz", npz({ a: { shape: [1, 2], data: Float64Array.of(1, Number.NaN) } }))], /nan.npz": "a": /],
  ])("refuses %#", async (args, says) => {
    const { code, stdout, stderr } = await inProcess(["check", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
    expect(stderr).toMatch(says);
  });

  it("is what commands that need an architecture point to", async () => {
    expect((await inProcess(["predict", dead])).stderr).toMatch(/holds recorded activations, which check, .* read/);
  });

  it("takes pre-activations and gradients beside a layer, and its activation by --activation", async () => {
    const z = noise(5, 64, 8);
    const wide = (z.data as Float64Array).map((value) => 6 * value);
    const path = file(
      "beside.npz",
      npz({
        fc1: { shape: [64, 8], data: wide.map(Math.tanh) },
        "fc1.pre": { shape: [64, 8], data: wide },
        "fc1.grad": noise(6, 64, 8),
        "fc1.weight_grad": noise(7, 3, 8),
      }),
    );
    const { stdout } = await inProcess(["check", path, "--activation", "tanh", "--json"]);
    const { result, settings } = JSON.parse(stdout);
    expect(settings.activation).toBe("tanh");
    expect(result.layers).toHaveLength(1);
    expect(result.findings).toMatchObject([{ pathology: "saturation", severity: "at-risk", layer: 1, name: "fc1" }]);
    expect(result.suggestions).toMatchObject([{ pathology: "saturation", layer: 1, name: "fc1" }]);
    expect((await inProcess(["vni", path])).stdout).not.toMatch(/fc1\.pre/);
  });

  it("reads recordings in safetensors, whose tensors it puts in order, and tells them from weights", async () => {
    const tensors = (arrays: Record<string, number[]>) => {
      let at = 0;
      const entries = Object.entries(arrays).map(([name, shape]) => {
        const begin = at;
        at += 4 * shape.reduce((a, b) => a * b);
        return [name, { dtype: "F32", shape, data_offsets: [begin, at] }] as const;
      });
      const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
      const head = Buffer.alloc(8);
      head.writeBigUInt64LE(BigInt(header.length));
      const { data } = rectified(8, at / 4);
      return Buffer.concat([head, header, Buffer.from((data as Float32Array).buffer)]);
    };
    const recorded = file("recorded.safetensors", tensors({ fc10: [40, 6], fc9: [40, 6], input: [40, 5], logits: [40, 2] }));
    const { result } = JSON.parse((await inProcess(["check", recorded, "--json"])).stdout);
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(["fc9", "fc10"]);
    expect(result).toMatchObject({ inputs: { name: "input" }, outputs: { name: "logits" } });
    expect((await inProcess(["vni", recorded])).code).toBe(0);
    const weights = file("weights.safetensors", tensors({ "fc.weight": [40, 6], "fc.bias": [40], "out.weight": [2, 40] }));
    const { code, stderr } = await inProcess(["check", weights]);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/weights alone.*--activation/) });
  });
});

describe("sonde kernel and sonde inspect on recorded activations", () => {
  const told = async (...args: string[]) => JSON.parse((await inProcess([...args, "--json"])).stdout);

  it("give the kernel of every layer, and the last one's matrix", async () => {
    const { result, architecture } = await told("kernel", healthy);
    expect(architecture).toBeNull();
    expect(result).toMatchObject({
      points: 64,
      layers: [{ name: "input" }, { name: "conv" }, { name: "fc" }, { name: "logits" }],
    });
    const { data } = noise(4, 64, 3);
    const h = (p: number) => [0, 1, 2].map((k) => Number(data[3 * p + k]));
    const expected = h(2).reduce((sum, value, k) => sum + (value * h(5)[k]) / 3, 0);
    expect(result.kernel[2 * 64 + 5]).toBeCloseTo(expected, 12);
    expect(result.layers[3].condition).toMatchObject({ condition: null });
    const { code, stdout, stderr } = await inProcess(["kernel", healthy, "--networks", "5"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/--networks is about random networks/);
  });

  it("say what each array is taken for, and what is wrong with it", async () => {
    const arrays = {
      x: noise(1, 8, 4),
      fc: rectified(2, 8, 3),
      "fc.grad": noise(3, 8, 3),
      out: { shape: [8, 1], data: new Float32Array(8).fill(Number.NaN) },
    };
    const { result, warnings } = await told("inspect", file("told.npz", npz(arrays)));
    expect(result).toMatchObject({
      points: 8,
      layers: 2,
      arrays: [
        { name: "x", role: "input", shape: [8, 4], type: "float64", notFinite: 0 },
        { name: "fc", role: "layer", low: 0 },
        { name: "fc.grad", role: "gradients" },
        { name: "out", role: "layer", notFinite: 8 },
      ],
    });
    expect(warnings.join()).toMatch(/"out" has 8 values that are NaN or infinite/);
    // Beside an input the only other array is a layer, whatever its name, as the doctor has it.
    const two = await told("inspect", file("two.npz", npz({ input: noise(1, 8, 4), logits: noise(2, 8, 3) })));
    expect(two.result.arrays.map(({ role }: { role: string }) => role)).toEqual(["input", "layer"]);
    expect((await inProcess(["inspect", healthy])).stdout).toMatch(
      /recorded activations · 2 hidden layers · 64 points\D.*values\n/,
    );
  });
});
