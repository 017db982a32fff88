import { readdirSync } from "node:fs";
import { SondeError } from "@sonde/core";
import { describe, expect, it } from "vitest";
// @ts-expect-error: a script
import { generator, mutatedFile } from "../../scripts/mutate.mjs";
import { modelGraph, modelLayers, parseModel, recogniseInitialiser } from "../../src/index.js";
import { modelBytes, modelPath } from "./models.js";

/** A protobuf field of bytes. */
function field(number: number, ...content: (Uint8Array | string | number)[]): Uint8Array {
  const bytes = Buffer.concat(content.map((part) => (typeof part === "number" ? Buffer.from(varint(part)) : Buffer.from(part))));
  return Buffer.concat([Buffer.from(varint(number * 8 + 2)), Buffer.from(varint(bytes.length)), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

const whole = (number: number, value: number) => Buffer.from([...varint(number * 8), ...varint(value)]);
const onnx = (...graph: Uint8Array[]) => new Uint8Array(Buffer.concat([whole(1, 7), field(7, ...graph), field(8, whole(2, 13))]));
const repeated = (part: Uint8Array, times: number) => Buffer.concat(Array(times).fill(part));
const call = (name: string, output = "y") =>
  field(1, field(1, "x"), field(2, output), field(3, output), field(4, name), field(7, "own"));
const defined = (name: string, ...nodes: Uint8Array[]) =>
  field(
    25,
    field(1, name),
    field(10, "own"),
    field(4, "x"),
    field(5, "y"),
    ...nodes.map((node) => Buffer.concat([Buffer.from([0x3a]), node.subarray(1)])),
  );
/** A graph of one call of the first function, and functions. */
const calling = (...functions: Uint8Array[]) =>
  new Uint8Array(Buffer.concat([onnx(call("f0"), field(11, field(1, "x")), field(12, field(1, "y"))), ...functions]));
const tensor = (...fields: Uint8Array[]) => field(5, field(8, "t"), ...fields);
const abs = (from: string, to: string) => field(1, field(1, from), field(2, to), field(4, "Abs"));
/** An `If` that is always true, and its branch, which puts out `o` as `z`. */
const branching = (...branch: Uint8Array[]) =>
  Buffer.concat([
    tensor(whole(2, 9), field(9, Buffer.of(1))),
    field(
      1,
      field(1, "t"),
      field(2, "z"),
      field(4, "If"),
      field(5, field(1, "then_branch"), field(6, ...branch, field(12, field(1, "o")))),
    ),
  ]);

/** What reading the bytes, with the layers and all values, is refused with. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const started = performance.now();
  const message = await parseModel(bytes)
    .then(
      (model) => {
        recogniseInitialiser(model, modelLayers(model));
        for (const { values } of model.tensors) values();
        return "";
      },
      (error: Error) => error.message,
    )
    .catch((error: Error) => {
      expect(error).toBeInstanceOf(SondeError);
      return error.message;
    });
  expect(performance.now() - started).toBeLessThan(10_000);
  return message;
}

describe("files that lie are refused before they take time or memory", () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ["millions of empty operators", () => onnx(repeated(field(1), 5_000_000)), /operator has no kind/],
    ["a million operators", () => onnx(repeated(field(1, field(4, "A")), 1_000_000)), /more than 131072 operators/],
    [
      "ten million numbers in a list",
      () => onnx(field(1, field(4, "A"), field(5, field(8, repeated(Buffer.of(1), 10_000_000))))),
      /more than 65536 values/,
    ],
    ["axes without end", () => onnx(tensor(field(1, repeated(Buffer.of(1), 1_000_000)))), /more than the 64/],
    [
      "a tensor larger than the file",
      () => onnx(tensor(whole(1, 2 ** 40), whole(2, 1), field(9, "abcd"))),
      /takes 4398046511104 bytes, but the file holds 4/,
    ],
    ["a tensor beyond counting", () => onnx(tensor(whole(1, 2 ** 40), whole(1, 2 ** 40), whole(2, 1))), /impossible shape/],
    ["a length beyond the file", () => Uint8Array.from([8, 7, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f]), /longer than what holds it/],
    ["a number of eleven bytes", () => Uint8Array.from([8, ...Array(11).fill(0x80), 1]), /more than ten bytes/],
    [
      "values of another kind",
      () => onnx(tensor(whole(1, 2), whole(2, 7), field(4, "abcdefgh"))),
      /of int64 holds its values as float32/,
    ],
    [
      "numbers fewer than promised",
      () => onnx(tensor(whole(1, 3), whole(2, 1), field(4, "abcdefgh"))),
      /has 3 elements, but the file holds 2/,
    ],
    [
      "a branch that takes what is made of it",
      () => onnx(branching(abs("w", "o")), abs("z", "w"), field(12, field(1, "w"))),
      /If takes "w" before it is made/,
    ],
    ["a branch in no order", () => onnx(branching(abs("a", "o"), abs("o", "a"))), /Abs takes "If_0\/a" before it is made/],
    ["a branch that makes a value twice", () => onnx(branching(abs("t", "o"), abs("t", "o"))), /two operators of it make "z"/],
    [
      "a value made of itself",
      () => onnx(call("Relu"), field(1, field(1, "z"), field(2, "z"), field(4, "Abs"))),
      /Abs takes "z" before it is made/,
    ],
    ["a value that two operators make", () => onnx(call("Relu"), call("Abs")), /two operators of it make "y", the second a Abs/],
    ["a function that calls itself", () => calling(defined("f0", call("f0"))), /call each other more than 32 deep, "f0"/],
    [
      "functions that call each other twice, thirty deep",
      () => calling(...Array.from({ length: 31 }, (_, k) => defined(`f${k}`, call(`f${k + 1}`, "a"), call(`f${k + 1}`, "b")))),
      /more than 131072 operators|calls functions more than 32768 times/,
    ],
    [
      "functions of nothing that are called without end",
      () =>
        calling(
          ...Array.from({ length: 30 }, (_, k) => defined(`f${k}`, call(`f${k + 1}`, "a"), call(`f${k + 1}`, "b"))),
          defined("f30"),
        ),
      /calls functions more than 32768 times/,
    ],
    [
      "calls of one name, tens of thousands of them",
      () => {
        const calls = Array.from({ length: 32_769 }, (_, k) =>
          field(1, field(1, "x"), field(2, `y${k}`), field(3, "n"), field(4, "f0"), field(7, "own")),
        );
        const inner = field(1, field(1, "x"), field(2, "t"), field(4, "Abs"));
        const graph = onnx(...calls, field(11, field(1, "x")), field(12, field(1, "y0")));
        return new Uint8Array(Buffer.concat([graph, defined("f0", inner)]));
      },
      /calls functions more than 32768 times/,
    ],
    [
      "long names within functions within functions",
      () => {
        const long = "n".repeat(60_000);
        return calling(
          ...Array.from({ length: 12 }, (_, k) => defined(`f${k}`, call(`f${k + 1}`, long), call(`f${k + 1}`, `${long}2`))),
        );
      },
      /names within its functions take more than 67108864 bytes/,
    ],
    [
      "an operator set of the future",
      () => new Uint8Array(Buffer.concat([whole(1, 7), field(7), field(8, whole(2, 99))])),
      /operator set 99/,
    ],
  ])("%s", async (_name, bytes, says) => {
    expect(await refusal(bytes())).toMatch(says);
  });

  it("an attribute that refers to that of a function, outside of one", async () => {
    const refers = field(5, field(1, "alpha"), field(21, "a"), whole(20, 1));
    const model = await parseModel(onnx(field(1, field(1, "x"), field(2, "y"), field(4, "LeakyRelu"), refers)));
    expect(model.nodes?.[0].attributes).toEqual({});
  });

  it("a constant whose value is a list, where a tensor belongs", async () => {
    const value = field(5, field(1, "value"), whole(8, 1), whole(8, 2), whole(20, 7));
    expect(await refusal(onnx(field(1, field(4, "Constant"), field(2, "c"), value), field(12, field(1, "c"))))).toBe("");
  });

  it("shards that hold less than the manifest says, each time that values are asked for", async () => {
    const manifest = [{ paths: ["weights.bin"], weights: [{ name: "d/kernel", shape: [4, 12_000_000], dtype: "float32" }] }];
    const json = new TextEncoder().encode(JSON.stringify({ format: "layers-model", weightsManifest: manifest }));
    const { tensors } = await parseModel(json, { files: { "weights.bin": new Uint8Array(48) } });
    for (let k = 0; k < 2; k++)
      expect(() => tensors[0].values()).toThrow(/take 192000000 bytes, but the shards hold 48: some are missing/);
  });

  it("an operator whose input is missing", async () => {
    const value = (name: string) => field(1, name);
    const shape = field(2, field(1, whole(1, 1), field(2, field(1, whole(1, 1)), field(1, whole(1, 2)))));
    const graph = onnx(
      field(1, field(4, "Relu"), field(2, "y"), field(3, "relu")),
      field(11, value("x"), shape),
      field(12, value("y"), shape),
    );
    const model = await parseModel(graph);
    expect(() => modelGraph(model)).toThrow(/lacks its input 1|takes no input/);
  });

  it("graphs within graphs, forty deep", async () => {
    let graph = Buffer.from(field(2, "inner"));
    for (let k = 0; k < 40; k++) graph = Buffer.from(field(1, field(4, "If"), field(5, field(1, "b"), field(6, graph))));
    expect(await refusal(onnx(graph))).toMatch(/more than 32 deep/);
  });

  it.each([
    ["a gap", { a: { dtype: "F32", shape: [1], data_offsets: [4, 8] } }, 8, /does not begin where/],
    ["too few bytes", { a: { dtype: "F32", shape: [2], data_offsets: [0, 4] } }, 4, /takes 8 bytes, but its offsets give it 4/],
    ["negative offsets", { a: { dtype: "F32", shape: [1], data_offsets: [-4, 0] } }, 4, /impossible offsets/],
    ["a fractional shape", { a: { dtype: "F32", shape: [0.5], data_offsets: [0, 2] } }, 2, /impossible shape/],
  ])("safetensors with %s", async (_name, header, size, says) => {
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeUInt32LE(json.length);
    expect(await refusal(new Uint8Array(Buffer.concat([length, json, Buffer.alloc(size)])))).toMatch(says);
  });

  it("JSON within JSON", async () => {
    const deep = `{"modelTopology": ${"[".repeat(1e6)}`;
    expect(await refusal(new TextEncoder().encode(deep))).toMatch(/more than 200 deep/);
  });

  it("more names than any model has", async () => {
    const node = field(1, field(4, "A"), ...Array(100).fill(field(1, "n".repeat(60_000))));
    expect(await refusal(onnx(repeated(node, 12)))).toMatch(/bytes of names and texts/);
  });

  it("weights in folders that the model has no business in", async () => {
    for (const location of ["../secret", "/etc/hostname", "C:\\secret", "a/../../b", ""]) {
      const entry = (key: string, value: string) => field(13, field(1, key), field(2, value));
      const bytes = onnx(tensor(whole(1, 1), whole(2, 1), whole(14, 1), entry("location", location)), field(12, field(1, "t")));
      expect(await refusal(bytes)).toMatch(/missing/);
    }
  });
});

describe("mutated files", () => {
  it("are read, or refused with one sentence: 1200 of all formats", { timeout: 120_000 }, async () => {
    const names = readdirSync(modelPath("")).filter((name) => /\.(onnx|pt|keras|h5|safetensors)$/.test(name));
    names.push("tfjs-mlp/model.json", "tfjs-quantised/model.json");
    const outcomes = { read: 0, refused: 0 };
    for (let k = 0; k < 1200; k++) {
      const bytes: Uint8Array = mutatedFile(modelBytes(names[k % names.length]), generator(k));
      try {
        const model = await parseModel(bytes);
        recogniseInitialiser(model, modelLayers(model));
        outcomes.read++;
      } catch (error) {
        expect(error).toBeInstanceOf(SondeError);
        const { message } = error as Error;
        expect([...message].every((character) => character >= " ")).toBe(true);
        expect(message.length).toBeLessThan(1000);
        outcomes.refused++;
      }
    }
    expect(outcomes.read).toBeGreaterThan(40);
    expect(outcomes.refused).toBeGreaterThan(400);
  });
});
