import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { normals, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { inProcess, useFolder } from "./sonde.js";

const folder = useFolder();
const model = (name: string) => fileURLToPath(new URL(`../../../packages/formats/test/fixtures/models/${name}`, import.meta.url));
const told = async (...args: string[]) => {
  const { code, stdout } = await inProcess([...args, "--json", "--quiet"]);
  return { code, ...JSON.parse(stdout) };
};

/** A safetensors file of normal weights. */
function safetensors(tensors: readonly { readonly name: string; readonly shape: readonly number[]; readonly sd: number }[]) {
  let at = 0;
  const entries = tensors.map(({ name, shape, sd }, k) => {
    const values = normals(stream(k), new Float64Array(shape.reduce((product, n) => product * n, 1)));
    const data = new Uint8Array(Float32Array.from(values, (value) => sd * value).buffer);
    const entry = [name, { dtype: "F32", shape, data_offsets: [at, at + data.length] }];
    at += data.length;
    return { data, entry };
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries.map(({ entry }) => entry))));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...entries.map(({ data }) => data)]);
}

describe("sonde check on a model file", () => {
  it("a deep narrow network of PyTorch is degenerate, as all of its kind", async () => {
    const { code, result, settings } = await told(
      "check",
      model("mlp20.onnx"),
      "--data",
      "digits",
      "--points",
      "48",
      "--networks",
      "4",
    );
    expect(code).toBe(1);
    expect(settings).toMatchObject({ data: "digits", points: 48, networks: 4, seed: 0 });
    expect(result).toMatchObject({
      verdict: "degenerate",
      weights: { initialiser: "pytorch", trained: false },
      like: { initialiser: "pytorch", recognised: true, networks: 4, verdicts: { degenerate: 4 }, worse: false },
    });
    // The doctor of lists on random networks of its layers, in the kernels.
    const { ensemble } = result.like;
    expect(ensemble).toMatchObject({ verdict: "degenerate", points: 48 });
    expect(ensemble.failure.low).toBeGreaterThan(0.5);
    const [angles] = result.findings.filter(({ pathology }: { pathology: string }) => pathology === "vanishing-angles");
    expect(result.layers[angles.layer - 1].name).toBe(angles.name);
    // float32 holds nothing below -27.
    expect(result.layers[19].logSin2.value).toBeLessThan(-27);
    expect(result.layers[19].rounding).toBe(false);
  });

  it("a trained network whose layer fell silent is worse than its kind", async () => {
    const { code, stdout } = await inProcess(["check", model("dead-layer.onnx"), "--points", "64", "--networks", "5", "--quiet"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ degenerate: dead layer \(layer 3: 5\)/);
    expect(stdout).toMatch(/trained weights/);
    expect(stdout).toMatch(/5 networks of the same graph, by pytorch, which was assumed/);
    expect(stdout).toMatch(/worse than its kind/);
    expect(stdout).toMatch(/share of points alive at the last hidden layer +0 +1 ± 0 +– worse/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it.each([
    [4e-7, true],
    [0.1, false],
  ])(
    "a network 16-100x5-5 whose weights have a standard deviation of %d: weights of nothing are the cause, %s",
    async (sd, shrunk) => {
      const widths = [16, 100, 100, 100, 100, 100, 5];
      const tensors = widths.slice(1).flatMap((units, k) => [
        { name: `${2 * k}.weight`, shape: [units, widths[k]], sd },
        { name: `${2 * k}.bias`, shape: [units], sd: 0.05 },
      ]);
      const file = join(folder, `shrunk-${sd}.safetensors`);
      writeFileSync(file, safetensors(tensors));
      const { code, result, warnings } = await told(
        "check",
        file,
        ...["--activation", "relu", "--points", "48", "--networks", "2"],
      );
      const cause = /the weights of 6 of 6 layers are next to nothing .*hardly anything but the biases goes on/;
      expect(cause.test(warnings.join("\n"))).toBe(shrunk);
      expect(code).toBe(shrunk ? 1 : 0);
      if (!shrunk) return;
      expect(result.verdict).toBe("degenerate");
      expect(result.findings[0]).toMatchObject({ pathology: "constant-layer", severity: "degenerate" });
      expect(result.suggestions[0].change).toMatch(/less weight decay/);
      expect(result.like).toMatchObject({ verdicts: { healthy: 2 }, worse: true });
    },
  );

  it("layers beside the main path are said to be there", async () => {
    const { code, result, warnings } = await told("check", model("resnet.onnx"), "--points", "12", "--networks", "2");
    expect(code).toBe(0);
    expect(
      result.layers.map(({ name, beside = false }: { name: string; beside?: boolean }) => [name, beside]).slice(0, 3),
    ).toEqual([
      ["relu", false],
      ["layer1.relu1", true],
      ["layer1.relu2", false],
    ]);
    expect(warnings.join()).toMatch(/batch norm .* mean 0 and variance 1, and so changes nothing here/);
    expect(result.layers.every(({ gradient }: { gradient?: object }) => gradient)).toBe(true);
  });

  it.each(["death", "angles", "vni", "moments"])("sonde %s takes a model file too", async (command) => {
    const { code, result, settings } = await told(
      command,
      model("lenet.onnx"),
      command === "moments" ? "--batch" : "--points",
      "16",
    );
    expect(code).toBe(0);
    expect(settings.points).toBe(16);
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(["act1", "act2", "act3"]);
  });

  it("the theory takes the layers of a model file, drawn as its weights were", async () => {
    const [own, list] = [
      await told("kernel", model("mlp20.onnx"), "--points", "3"),
      await told("kernel", "64-10x20-10", "--init", "pytorch", "--points", "3"),
    ];
    expect(own.result).toEqual(list.result);
    expect(own.warnings.join()).toMatch(/mlp20.onnx": its layers as a list, drawn by pytorch/);
    const { stderr, code: refused } = await inProcess(["kernel", model("encoder.onnx")]);
    expect(refused).toBe(2);
    expect(stderr).toMatch(/^sonde: .*encoder.onnx": layer "layers.\d.\w+" \(\w+\) \w+/);
  });

  it("weights alone ask for the activation, and then answer", async () => {
    const { code, stderr } = await inProcess(["check", model("mlp.safetensors")]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^sonde: .*weights alone.*add --activation relu, gelu/),
    });
    const { result } = await told("check", model("mlp.safetensors"), "--activation", "gelu", "--points", "16", "--networks", "2");
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(["1", "3", "5"]);
  });

  it.each([
    [
      "an operator that is not run",
      [model("custom.onnx")],
      /does not run FusedConv and Wrong itself, and onnxruntime-node, which does, is not installed: npm install onnxruntime-node/,
    ],
    [
      "an option about widths",
      [model("lenet.onnx"), "--norm", "batch"],
      /--norm is about random networks, but .* is a model file: leave it out/,
    ],
    ["data of another size", [model("lenet.onnx"), "--data", "xor"], /each point has 2 values, but the model has 64 inputs/],
  ])("%s is refused with one sentence", async (_name, args, why) => {
    const { code, stdout, stderr } = await inProcess(["check", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(why);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("the same seed gives the same numbers", async () => {
    const ask = () => told("check", model("lenet.onnx"), "--points", "8", "--networks", "2", "--seed", "3");
    const [first, second] = [await ask(), await ask()];
    expect(second.result).toEqual(first.result);
  });

  it("takes convolutions in weights alone with the architecture that they are the weights of", async () => {
    const tensors = [
      { name: "conv1.weight", shape: [4, 1, 3, 3], sd: 0.4 },
      { name: "conv1.bias", shape: [4], sd: 0 },
      { name: "fc.weight", shape: [3, 64], sd: 0.1 },
      { name: "fc.bias", shape: [3], sd: 0 },
    ];
    writeFileSync(join(folder, "conv.safetensors"), safetensors(tensors));
    writeFileSync(
      join(folder, "conv.yaml"),
      "input: [8, 8, 1]\nlayers: [{kind: conv, channels: 4, kernel: [3, 3]}, {kind: tanh}, {kind: MaxPool2d, kernel_size: 2}, {kind: flatten}, {kind: dense, units: 3}]",
    );
    const { code, result, settings } = await told(
      "check",
      join(folder, "conv.safetensors"),
      "--architecture",
      join(folder, "conv.yaml"),
      "--points",
      "16",
    );
    expect(code).toBe(0);
    expect(settings.architecture).toBe(join(folder, "conv.yaml"));
    expect(result.layers).toMatchObject([{ activation: "tanh", units: 4 }]);
    expect(
      (await told("angles", join(folder, "conv.safetensors"), "--architecture", join(folder, "conv.yaml"), "--points", "8"))
        .result.layers,
    ).toHaveLength(1);
    for (const [args, why] of [
      [["check", join(folder, "conv.safetensors"), "--activation", "relu"], /give an architecture file by --architecture/],
      [["check", "1-2-1", "--architecture", join(folder, "conv.yaml")], /--architecture is for a MODEL that holds weights alone/],
      [
        ["check", model("lenet.onnx"), "--architecture", join(folder, "conv.yaml")],
        /it says itself how its layers are connected/,
      ],
      [["check", join(folder, "conv.safetensors"), "--architecture", join(folder, "none.yaml")], /none.yaml/],
    ] as const) {
      const { code: ended, stderr } = await inProcess([...args]);
      expect(ended).toBe(2);
      expect(stderr).toMatch(why);
    }
  });
});
