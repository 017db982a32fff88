import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { stored } from "./mutate.mjs";

const fixtures = join(dirname(fileURLToPath(import.meta.url)), "..", "test", "fixtures");

/** What is mutated: models of every format with the files beside them, recorded activations, data sets, architecture files. `bytes` are read anew each time: they are changed in place. */
export async function seedsOf(more) {
  const { writeCsv, writeIdx, writeNpy } = await import("../dist/index.js");
  const models = [...inFolder(join(fixtures, "models")), ...inFolder(join(fixtures, "exported")), ...more].sort().map(model);
  const own = (name, kind, bytes) => ({ name, kind, bytes: () => Uint8Array.from(bytes) });
  const values = Float32Array.from({ length: 60 }, (_, k) => Math.sin(k));
  const points = { shape: [4, 15], data: values };
  const images = { shape: [4, 3, 5], data: values };
  const npy = writeNpy(points);
  const layers = [
    { name: "1 relu", bytes: writeNpy(images) },
    { name: "1 relu.grad", bytes: writeNpy(images) },
    { name: "2 relu", bytes: npy },
  ];
  return [
    ...models,
    own("recording.npy", "arrays", npy),
    own("recording.npz", "arrays", stored(layers.map(({ name, bytes }) => ({ name: `${name}.npy`, bytes })))),
    own("points.npy", "data", npy),
    own("points.csv", "data", Buffer.from(writeCsv(points))),
    own("points.csv.gz", "data", gzipSync(writeCsv(points))),
    own("images-idx3-ubyte", "data", writeIdx({ shape: [4, 3, 5], data: Uint8Array.from(values, (v) => 100 * v) })),
    ...architectures.map((value, k) => own(`architecture-${k}.json`, "architecture", Buffer.from(JSON.stringify(value)))),
    ...architectures.map((value, k) => own(`architecture-${k}.yaml`, "architecture", Buffer.from(stringify(value)))),
    own("aliases.yaml", "architecture", Buffer.from(aliases)),
  ];
}

function inFolder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? entry.name.startsWith("tfjs")
        ? [join(folder, entry.name, "model.json")]
        : []
      : /\.(md|data)$/.test(entry.name)
        ? []
        : [join(folder, entry.name)],
  );
}

function model(path) {
  const text = readFileSync(path).toString("latin1");
  const beside = readdirSync(dirname(path), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(bin|data)$/.test(entry.name) && text.includes(entry.name))
    .map(({ name }) => [name, join(dirname(path), name)]);
  return {
    name: basename(path),
    kind: "model",
    beside: Object.fromEntries(beside),
    bytes: () => new Uint8Array(readFileSync(path)),
  };
}

/** One layer that others repeat by its name. */
const aliases = `input: 4
layers:
  - &wide { kind: dense, units: 8, activation: relu }
  - *wide
  - &block { kind: residual, body: [*wide, *wide] }
  - { kind: concat, branches: [[*block], [*block, *wide]] }
`;

const architectures = [
  {
    input: [8, 8, 3],
    layers: [
      { kind: "conv", channels: 4, kernel: [3, 3], stride: 2, padding: "periodic" },
      { kind: "norm", norm: "batch" },
      { kind: "activation", activation: "relu" },
      { kind: "residual", body: [{ kind: "conv", channels: 4, kernel: [3, 3] }], scale: 0.5 },
      { kind: "concat", branches: [[], [{ kind: "conv", channels: 2, kernel: [1, 1] }]] },
      { kind: "pool", pool: "max", window: 2 },
      { kind: "flatten" },
      { kind: "dense", units: 10, init: "orthogonal", weightVariance: 1.5, bias: "normal:0.1" },
      { kind: "softmax" },
    ],
  },
  {
    input: 10,
    layers: [
      { name: "in", kind: "Linear", out_features: 8, activation: "ReLU" },
      { name: "gate", kind: "dense", units: 8, inputs: ["in"] },
      { name: "sum", kind: "add", inputs: ["in", "gate"], factors: [1, 0.5] },
      { name: "both", kind: "concat", inputs: ["sum", "input"] },
      { name: "end", kind: "dense", units: 2 },
    ],
    output: "end",
  },
  {
    input: [6, 8],
    layers: [
      { name: "n", kind: "norm", norm: "layer", axis: -1 },
      { name: "att", kind: "attention", heads: 2, mask: "causal" },
      { name: "sum", kind: "add", inputs: ["input", "att"], factors: [1, 0.5] },
      { name: "gate", kind: "dense", units: 8, activation: "sigmoid", inputs: "n" },
      { name: "gated", kind: "multiply", inputs: ["sum", "gate"] },
      { name: "conv", kind: "conv", channels: 8, kernel: [3], strides: [2], dilations: [1], pads: [1, 1], groups: 4 },
      { name: "pool", kind: "pool", pool: "max", window: [2], strides: [1], pads: [0, 1] },
      { name: "up", kind: "upsample", scale: 2, mode: "linear" },
      { name: "back", kind: "conv-transpose", channels: 4, kernel: [2], strides: [2] },
      { name: "group", kind: "norm", norm: "group", groups: 2, epsilon: 1e-5 },
      { name: "lstm", kind: "recurrent", cell: "lstm", units: 3, direction: "both" },
      { name: "turned", kind: "transpose", order: [1, 0] },
      { name: "row", kind: "reshape", shape: [6, 12] },
      { name: "mean", kind: "mean", axes: [0] },
      { name: "end", kind: "dense", units: 2 },
    ],
  },
];
