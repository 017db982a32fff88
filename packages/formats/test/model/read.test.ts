import { describe, expect, it } from "vitest";
import { modelLayers, parseModel, recogniseInitialiser } from "../../src/index.js";
import { modelBytes, readModel } from "./models.js";

const kinds = async (name: string) =>
  modelLayers(await readModel(name)).map(({ kind, options }) =>
    kind === "activation" ? options.activation : kind === "norm" ? options.norm : kind,
  );

describe("what a model file says of itself", () => {
  it.each([
    ["mlp20.onnx", "onnx", "IR 7, opset 13", "pytorch 1.13.0", [["input", ["batch", 64]]]],
    [
      "acasxu-1-1.onnx",
      "onnx",
      "IR 3, opset 8",
      "MATLAB Deep Learning Toolbox Converter for ONNX Model Format 18.2.5",
      [["input", [1, 1, 1, 5]]],
    ],
    ["functional.keras", "keras", "Keras 3.16.0", "Keras 3.16.0", [["image", ["batch", 8, 8, 1]]]],
    ["functional.h5", "keras-h5", "Keras 3.16.0, HDF5", "Keras 3.16.0", [["image", ["batch", 8, 8, 1]]]],
    ["fc_2-2sigmoids-3.h5", "keras-h5", "Keras 2.2.4-tf, HDF5", "Keras 2.2.4-tf", [["input", ["batch", 2]]]],
    ["tfjs-mlp", "tfjs", "TensorFlow.js layers model", "TensorFlow.js tfjs-layers v4.22.0", [["input", ["batch", 64]]]],
    ["mlp.safetensors", "safetensors", "safetensors", "PyTorch", []],
    ["state.pt", "pytorch", "PyTorch zip", "PyTorch", []],
  ])("%s", async (name, format, version, producer, inputs) => {
    const model = await readModel(name);
    expect(model).toMatchObject({ format, version, producer });
    if (name !== "acasxu-1-1.onnx") expect(model.inputs.map((input) => [input.name, input.shape])).toEqual(inputs);
    else expect(model.inputs.map(({ shape }) => shape)).toEqual([inputs[0][1]]);
  });

  it("checkpoints are read where their state dict is, and what they hold beside it is told", async () => {
    const { notes, metadata, tensors } = await readModel("checkpoint.pt");
    expect(notes[0]).toMatch(/checkpoint.*"model_state_dict"/);
    expect(metadata.epoch).toBe("3");
    expect(tensors[0].name).toBe("0.weight");
  });

  it("a manifest of TensorFlow.js without topology has weights and no graph", async () => {
    const { weightsManifest } = JSON.parse(new TextDecoder().decode(modelBytes("tfjs-quantised/model.json")));
    const files = { "weights.bin": modelBytes("tfjs-quantised/weights.bin") };
    const model = await parseModel(new TextEncoder().encode(`\n ${JSON.stringify(weightsManifest)}`), { files });
    expect(modelLayers(model).map(({ name, kind }) => [name, kind])).toEqual([
      ["d", "dense"],
      ["e", "dense"],
    ]);
    expect(model.nodes).toBeNull();
  });

  it("a subclassed model has weights and no graph", async () => {
    const { nodes, notes, tensors } = await readModel("nested-container.keras");
    expect({ nodes, tensors: tensors.length }).toEqual({ nodes: null, tensors: 5 });
    expect(notes[0]).toMatch(/subclassed.*NestedDenseModel/);
  });
});

describe("ONNX graphs are folded", () => {
  it("Identity that shares tensors, in a residual network of named modules", async () => {
    const layers = modelLayers(await readModel("resnet.onnx"));
    expect(layers.map(({ name }) => name)).toContain("layer2.down.0");
    const bn = layers.find(({ name }) => name === "layer3.bn2");
    expect(Object.keys(bn?.weights ?? {})).toEqual(["scale", "shift", "mean", "variance"]);
    expect(layers.find(({ name }) => name === "layer2.conv1")).toMatchObject({
      kind: "conv",
      shape: ["batch", 16, 4, 4],
      options: { strides: [2, 2], pads: [1, 1, 1, 1] },
    });
  });

  it("shape computations, transposed weights and constants however large", async () => {
    const model = await readModel("folded.onnx");
    expect(model.nodes?.map(({ operator }) => operator)).toEqual(["Reshape", "MatMul", "MatMul", "Relu"]);
    expect(model.shapes.h).toEqual(["batch", 4]);
    const [weight, big] = modelLayers(model)
      .flatMap(({ weights }) => Object.values(weights))
      .map((name) => model.tensors.find((tensor) => tensor.name === name));
    expect(weight?.shape).toEqual([6, 4]);
    const original = (await readModel("folded.onnx")).tensors.length;
    expect(original).toBe(2);
    expect(big).toMatchObject({ shape: [4, 2 ** 30], constant: 0.5 });
    expect(() => big?.values()).toThrow(/16.0 GiB once decoded, more than the 512.0 MiB/);
    expect(big?.values(5, 2)).toEqual(Float32Array.of(0.5, 0.5));
  });

  it("a network whose weights come from ConstantOfShape takes no room", async () => {
    const model = await readModel("light-vgg19.onnx");
    const layers = modelLayers(model);
    expect(layers.filter(({ kind }) => kind === "conv")).toHaveLength(16);
    expect(recogniseInitialiser(model, layers)).toMatchObject({ initialiser: "constant", trained: null });
  });
});

describe("groups of operators that are one layer", () => {
  it("activations", async () => {
    expect(await kinds("activations.onnx")).toEqual([
      "gelu",
      "gelu-tanh",
      "silu",
      "mish",
      "hard-swish",
      "hard-swish",
      "softsign",
      "log-sigmoid",
      "relu6",
      "leaky-relu:0.2",
    ]);
  });

  it("norms, dense layers, batch norm taken apart", async () => {
    expect(await kinds("norms.onnx")).toEqual(["layer", "rms", "dense", "conv", "scale-shift", "group"]);
    const [layer] = modelLayers(await readModel("norms.onnx"));
    expect(layer).toMatchObject({ inputs: ["x"], weights: { scale: "g", shift: "b" }, options: { axes: [-1] } });
  });

  it("attention, with its scale, mask and heads", async () => {
    const layers = modelLayers(await readModel("attention.onnx"));
    expect(layers.at(-1)).toMatchObject({ kind: "attention", options: { scale: 0.5, masked: true, heads: 2 } });
    expect((await kinds("encoder.onnx")).filter((kind) => kind === "attention" || kind === "gelu" || kind === "layer")).toEqual([
      "layer",
      "attention",
      "layer",
      "gelu",
      "layer",
      "attention",
      "layer",
      "gelu",
    ]);
  });

  it("but none of which a part is used elsewhere", async () => {
    const model = await readModel("activations.onnx");
    const shared = { ...model, outputs: [...model.outputs, { name: "a3", shape: null, type: null }] };
    expect(modelLayers(shared)[0]).not.toMatchObject({ options: { activation: "gelu" } });
  });

  it("what is not known says why", async () => {
    const custom = modelLayers(await readModel("custom.onnx")).map(({ unsupported }) => unsupported);
    expect(custom).toEqual([expect.stringMatching(/domain com.microsoft/), expect.stringMatching(/Wrong is no layer/)]);
    expect(modelLayers(await readModel("if.onnx"))[0].unsupported).toMatch(/at run time/);
  });
});

describe("layers of Keras and of weights alone", () => {
  it("activations within layers follow them", async () => {
    for (const name of ["functional.keras", "functional.h5"])
      expect(await kinds(name)).toEqual([
        "conv",
        "relu",
        "conv",
        "batch",
        "add",
        "relu",
        "pool",
        "flatten",
        "dropout",
        "dense",
        "elu",
        "dense",
        "softmax",
      ]);
    expect(await kinds("tfjs-mlp")).toEqual(["dense", "relu", "dense", "leaky-relu:0.1", "dense", "tanh", "dense", "softmax"]);
    expect(await kinds("tfjs-embedding-gru")).toEqual(["embedding", "recurrent"]);
  });

  it("sums name what they add", async () => {
    const add = modelLayers(await readModel("functional.keras")).find(({ kind }) => kind === "add");
    expect(add?.inputs).toEqual(["conv1", "norm"]);
  });

  it("names and shapes tell kinds; what may be several is left open", async () => {
    expect(await kinds("mlp.safetensors")).toEqual(["dense", "dense", "dense", "dense"]);
    const state = modelLayers(await readModel("state.pt"));
    expect(state.map(({ name, kind }) => [name, kind])).toEqual([
      ["0", "dense"],
      ["1", "norm"],
      ["3", "dense"],
      ["extra", "other"],
    ]);
    expect(state[3].unsupported).toMatch(/may belong to several kinds/);
  });
});

describe("how the weights were drawn", () => {
  it.each([
    ["mlp20.onnx", "pytorch", false],
    ["dead-layer.onnx", null, true],
    ["lenet.onnx", null, true],
    ["resnet.onnx", "he-normal by fan-out, pytorch", false],
    ["encoder.onnx", "pytorch", false],
    ["mlp.safetensors", "he-normal", false],
    ["mlp-bf16.safetensors", "he-normal", false],
    ["mlp-f16.safetensors", "he-normal", false],
    ["functional.keras", "he-truncated-normal, glorot-uniform", false],
    ["functional.h5", "he-truncated-normal, glorot-uniform", false],
    ["tfjs-mlp", "glorot-truncated-normal, he-truncated-normal, glorot-uniform", false],
    ["acasxu-1-1.onnx", null, true],
    ["mnist2x10.onnx", null, true],
    ["fc_2-2sigmoids-3.h5", null, null],
  ])("%s: %s, trained %s", async (name, initialiser, trained) => {
    const model = await readModel(name);
    expect(recogniseInitialiser(model, modelLayers(model))).toMatchObject({ initialiser, trained });
  });
});

describe("weights that have shrunk", () => {
  /** A safetensors file of dense layers, uniform weights of a root mean square. */
  const network = (rms: number) => {
    const widths = [16, 100, 100, 100, 5];
    let at = 0;
    const shapes = widths.slice(1).map((out, k) => [out, widths[k]]);
    const entries = shapes.map(([out, ins], k) => {
      const begin = at;
      at += 4 * out * ins;
      return [`${k}.weight`, { dtype: "F32", shape: [out, ins], data_offsets: [begin, at] }];
    });
    const header = JSON.stringify(Object.fromEntries(entries));
    const values = Float32Array.from({ length: at / 4 }, (_, k) => rms * Math.sqrt(3) * (2 * ((k * 0.6180339887) % 1) - 1));
    const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
    return new Uint8Array([...length, ...new TextEncoder().encode(header), ...new Uint8Array(values.buffer)]);
  };

  it.each([
    [4e-7, true],
    [1e-2, false],
  ])("to a root mean square of %d are told: %s", async (rms, told) => {
    const model = await parseModel(network(rms));
    const { evidence } = recogniseInitialiser(model, modelLayers(model));
    expect(evidence.some((text) => text.includes("4 of 4 layers are next to nothing"))).toBe(told);
  });
});

describe("what is refused says why", () => {
  const text = (value: string) => new TextEncoder().encode(value);
  it.each<[string, () => Uint8Array, RegExp]>([
    ["nothing", () => new Uint8Array(0), /empty/],
    ["a pickled module", () => modelBytes("module.pt"), /Python object "torch.nn.modules.container.Sequential".*state_dict/],
    ["PyTorch before 1.6", () => modelBytes("legacy.pt"), /before 1.6.*save it again/],
    ["TorchScript", () => modelBytes("script.pt"), /TorchScript/],
    ["a program", () => text("import torch\nprint(1)\n"), /text, not a model/],
    [
      "a TensorFlow.js graph model",
      () => text('{"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []}'),
      /graph model.*tfjs_layers_model/,
    ],
    ["a list in JSON", () => text("[1, 2]"), /weightsManifest lacks paths/],
    ["a Keras configuration alone", () => text('{"class_name": "Sequential", "config": []}'), /without weights/],
    ["an architecture", () => text('{"input": [2], "layers": []}'), /architecture file.*sonde check/],
    ["HDF5 values in chunks", () => modelBytes("chunked.h5"), /"d\/kernel" is stored in chunks.*h5repack/],
    ["HDF5 values in another file", () => modelBytes("elsewhere.h5"), /"d\/kernel" keeps its values in another file/],
    ["a truncated HDF5 file", () => modelBytes("functional.h5").slice(0, 9000), /HDF5|truncated|missing/],
    ["a truncated safetensors file", () => modelBytes("mlp.safetensors").slice(0, -1), /truncated/],
    ["a truncated ONNX file", () => modelBytes("mlp20.onnx").slice(0, -100), /longer than what holds it/],
    ["a truncated PyTorch file", () => modelBytes("state.pt").slice(0, -1), /zip archive/],
  ])("%s", async (_name, bytes, says) => {
    await expect(parseModel(bytes())).rejects.toThrow(says);
  });

  it("values whose file is missing, when they are asked for", async () => {
    const model = await parseModel(modelBytes("external.onnx"));
    expect(modelLayers(model)).toHaveLength(1);
    expect(() => model.tensors[0].values()).toThrow(/"external.data" beside the model is missing/);
    await expect(parseModel(modelBytes("tfjs-mlp/model.json")).then(({ tensors }) => tensors[0].values())).rejects.toThrow(
      /group1-shard1of3.bin" beside the model is missing/,
    );
  });
});
