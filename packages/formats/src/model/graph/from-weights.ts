import { ConfigError, quote } from "@sonde/core";
import type { ModelLayer } from "../layers/layer.js";
import { tensorsByName } from "../layers/layer.js";
import { weightsLayers } from "../layers/weights-layers.js";
import type { ModelFile } from "../model-file.js";
import { type ArchitectureFields, architectureGraph } from "./from-architecture.js";
import { graphBuilder } from "./graph-builder.js";
import { knownArchitecture } from "./known-architectures.js";
import { type ModelGraph, notRun } from "./model-graph.js";

export interface WeightsGraphOptions {
  /** The activation between layers of a file of weights alone, which does not say: `relu`, `gelu` and so on. */
  readonly activation?: string;
  readonly points?: number;
  /** What a file of weights alone is the weights of: a parsed architecture file. */
  readonly architecture?: ArchitectureFields;
}

/**
 * The network of a file of weights alone: that of the architecture where one is given; else where names and shapes leave no doubt, one of torchvision's families, or dense layers one after the other, each taking as many values as the one before gives, with batch norm between them; after every one but the last the activation that was asked for.
 *
 * Throws `FormatError` for anything else, `ConfigError` without the activation.
 */
export function weightsGraph(model: ModelFile, { activation, points = 1, architecture }: WeightsGraphOptions): ModelGraph {
  if (architecture) return architectureGraph(model, architecture, { points });
  const known = activation === undefined ? knownArchitecture(model) : undefined;
  if (known)
    return architectureGraph(model, known.architecture, {
      points,
      note: `the file holds weights alone: by their names and shapes it is ${known.name}, whose strides, paddings and pools were taken`,
    });
  const layers = weightsLayers(model);
  const tensors = tensorsByName(model);
  const doubt = layers.find(({ kind }) => kind !== "dense" && kind !== "norm");
  if (layers.length === 0) throw notRun("it holds no weights");
  const subclassed = model.notes.find((note) => note.includes("subclassed"));
  if (subclassed) throw notRun(`${subclassed}: export it to ONNX`);
  if (doubt)
    throw notRun(
      `it holds weights alone, which do not say how they are connected, and ${reasonOf(doubt)}: export the model to ONNX, or give an architecture file by --architecture`,
    );
  const builder = graphBuilder(model);
  const tensor = (layer: ModelLayer, role: string) => {
    const found = tensors.get(layer.weights[role]);
    return found && { tensor: found };
  };
  const sizes = layers
    .filter(({ kind }) => kind === "dense")
    .map((layer) => sizesOf(layer, tensor(layer, "weight")?.tensor.shape));
  const apart = sizes.findIndex(({ inputs }, k) => k > 0 && inputs !== sizes[k - 1].units);
  if (sizes.length === 0) throw notRun("it holds weights alone, and no dense layer among them");
  if (apart > 0)
    throw notRun(
      `it holds weights alone, and ${quote(sizes[apart].name)} takes ${sizes[apart].inputs} values where ${quote(sizes[apart - 1].name)} gives ${sizes[apart - 1].units}, so one does not follow the other: export the model to ONNX`,
    );
  if (sizes.length > 1 && activation === undefined)
    throw new ConfigError(
      "it holds weights alone, which do not say what is between the layers: add --activation relu, gelu or whatever it is",
    );
  let value = "input";
  let dense = 0;
  const pending: (() => void)[] = [];
  for (const layer of layers) {
    if (layer.kind === "dense") {
      for (const flush of pending.splice(0)) flush();
      const { units, unitsFirst } = sizes[dense];
      const bias = tensor(layer, "bias");
      value = builder.add(
        {
          name: builder.fresh(layer.name || "dense"),
          inputs: [value],
          kind: "dense",
          units,
          ...(unitsFirst && { unitsFirst }),
          ...(!bias && { without: ["bias"] }),
        },
        { weight: tensor(layer, "weight"), bias },
      );
      if (++dense < sizes.length)
        pending.push(() => {
          value = builder.add({
            name: builder.fresh(nextName(layer.name)),
            inputs: [value],
            kind: "activation",
            activation: String(activation),
          });
        });
      continue;
    }
    const statistics = layer.options.norm === "batch" ? "running" : undefined;
    if (!statistics)
      throw notRun(`it holds weights alone, and ${quote(layer.name)} may be a norm of several kinds: export the model to ONNX`);
    value = builder.add(
      {
        name: builder.fresh(layer.name),
        inputs: [value],
        kind: "norm",
        norm: "batch",
        statistics,
        epsilon: model.format === "pytorch" || model.format === "safetensors" ? 1e-5 : 1e-3,
      },
      Object.fromEntries(["scale", "shift", "mean", "variance"].map((role) => [role, tensor(layer, role)])),
    );
  }
  return builder.finish({
    inputs: [{ name: "input", shape: [points, sizes[0].inputs] }],
    inputAxes: { input: 0 },
    outputs: [value],
    points,
    fixedPoints: false,
    channelsFirst: false,
    notes: [
      `the file holds weights alone: its layers were taken one after the other${sizes.length > 1 ? `, with ${activation} between them` : ""}`,
    ],
  });
}

function sizesOf({ name, options }: ModelLayer, shape: readonly number[] = [0, 0]) {
  const unitsFirst = options.rows === "units";
  return { name, unitsFirst, units: shape[unitsFirst ? 0 : 1], inputs: shape[unitsFirst ? 1 : 0] };
}

function reasonOf({ name, kind, unsupported }: ModelLayer): string {
  if (unsupported !== undefined) return `of ${quote(name)} ${unsupported}`;
  if (kind === "conv" || kind === "conv-transpose")
    return `${quote(name)} is a convolution, whose padding, stride and pooling are not in the file`;
  return `${quote(name)} is ${/^[aeo]/.test(kind) ? "an" : "a"} ${kind} layer, whose place is not in the file`;
}

/** PyTorch numbers the modules of a list: what follows 0 is 1. */
function nextName(name: string): string {
  const [, stem = "", digits] = /^(.*?)(\d+)$/.exec(name) ?? [];
  return digits === undefined ? `${name}.activation` : `${stem}${Number(digits) + 1}`;
}
