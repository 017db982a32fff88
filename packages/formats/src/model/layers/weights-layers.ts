import { quote } from "@sonde/core";
import type { ModelFile, ModelTensor } from "../model-file.js";
import { fansOfColumns, fansOfRows, type LayerParts, type ModelLayer } from "./layer.js";

/** Tensors of one module: those whose names differ in the last part. */
interface Module {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, ModelTensor>;
}

/**
 * The layers that tensors belong to, by their names and shapes, in the file's order: which layer follows which, and what lies between them, a file of weights does not say. What may be several things is `other`, with the reason.
 */
export function weightsLayers(model: ModelFile): ModelLayer[] {
  const columns = model.format === "keras" || model.format === "keras-h5" || model.format === "tfjs";
  return modulesOf(model.tensors, columns ? "/" : ".").map(({ name, tensors }) => {
    const { kind, weights = {}, options = {}, fans, unsupported } = columns ? kerasModule(tensors) : torchModule(name, tensors);
    return {
      name,
      kind,
      inputs: [],
      outputs: [],
      weights,
      ...(fans && { fans }),
      options,
      shape: null,
      operators: [],
      ...(unsupported !== undefined && { unsupported }),
    };
  });
}

function modulesOf(tensors: readonly ModelTensor[], separator: string): Module[] {
  const modules = new Map<string, Map<string, ModelTensor>>();
  for (const tensor of tensors) {
    const at = tensor.name.lastIndexOf(separator);
    const name = tensor.name.slice(0, Math.max(0, at));
    const known = modules.get(name) ?? new Map<string, ModelTensor>();
    modules.set(name, known.set(tensor.name.slice(at + 1), tensor));
  }
  return [...modules].map(([name, own]) => ({ name, tensors: own }));
}

function rolesOf(tensors: ReadonlyMap<string, ModelTensor>, roles: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([suffix, role]) => {
      const tensor = tensors.get(suffix);
      return tensor ? [[role, tensor.name]] : [];
    }),
  );
}

const torchRoles = { weight: "weight", bias: "bias" };
const normRoles = { weight: "scale", bias: "shift", running_mean: "mean", running_var: "variance" };

function torchModule(name: string, tensors: ReadonlyMap<string, ModelTensor>): LayerParts {
  const shape = (suffix: string) => tensors.get(suffix)?.shape;
  const weight = shape("weight");
  if (tensors.has("running_mean"))
    return { kind: "norm", weights: rolesOf(tensors, normRoles), options: { norm: "batch", units: shape("running_mean")?.[0] } };
  const gates = shape("weight_ih_l0");
  const state = shape("weight_hh_l0");
  if (gates?.length === 2 && state?.length === 2) {
    const cell = ({ 4: "lstm", 3: "gru", 1: "rnn" } as Record<number, string>)[gates[0] / state[1]];
    return cell
      ? {
          kind: "recurrent",
          weights: rolesOf(tensors, { weight_ih_l0: "weight", weight_hh_l0: "recurrentWeight", bias_ih_l0: "bias" }),
          fans: { in: gates[1], out: state[1] },
          options: { cell, units: state[1] },
        }
      : unclear(tensors);
  }
  const projections = shape("in_proj_weight");
  if (projections?.length === 2)
    return {
      kind: "attention",
      weights: rolesOf(tensors, { in_proj_weight: "weight", in_proj_bias: "bias" }),
      fans: { in: projections[1], out: projections[0] },
      options: { units: projections[1] },
    };
  if (!weight) return unclear(tensors);
  const bias = shape("bias");
  const others = [...tensors.keys()].filter((suffix) => suffix !== "weight" && suffix !== "bias");
  if (others.length > 0) return unclear(tensors);
  if (weight.length === 1)
    return bias
      ? { kind: "norm", weights: rolesOf(tensors, normRoles), options: { norm: "layer or group", units: weight[0] } }
      : /norm|rms|ln/i.test(name)
        ? { kind: "norm", weights: rolesOf(tensors, normRoles), options: { norm: "rms or layer", units: weight[0] } }
        : unclear(tensors);
  if (weight.length === 2) {
    if (bias && bias[0] !== weight[0]) {
      // Rows of inputs, as some programs other than PyTorch write them.
      return bias[0] === weight[1]
        ? {
            kind: "dense",
            weights: rolesOf(tensors, torchRoles),
            fans: fansOfColumns(weight),
            options: { units: weight[1], rows: "inputs" },
          }
        : unclear(tensors);
    }
    if (!bias && /emb|wte|wpe/i.test(name))
      return { kind: "embedding", weights: rolesOf(tensors, torchRoles), options: { entries: weight[0], units: weight[1] } };
    return {
      kind: "dense",
      weights: rolesOf(tensors, torchRoles),
      fans: fansOfRows(weight),
      options: { units: weight[0], rows: "units" },
    };
  }
  if (weight.length >= 3 && weight.length <= 5) {
    const transposed = bias && bias[0] !== weight[0] && bias[0] % weight[1] === 0;
    const kernel = weight.slice(2);
    if (bias && bias[0] !== weight[0] && !transposed) return unclear(tensors);
    const field = kernel.reduce((product, size) => product * size, 1);
    return transposed
      ? {
          kind: "conv-transpose",
          weights: rolesOf(tensors, torchRoles),
          fans: { in: weight[1] * field, out: weight[0] * field },
          options: { channels: bias[0], kernel },
        }
      : {
          kind: "conv",
          weights: rolesOf(tensors, torchRoles),
          fans: fansOfRows(weight),
          options: { channels: weight[0], kernel },
        };
  }
  return unclear(tensors);
}

function kerasModule(tensors: ReadonlyMap<string, ModelTensor>): LayerParts {
  const shape = (suffix: string) => tensors.get(suffix)?.shape;
  const kernel = shape("kernel");
  const weights = rolesOf(tensors, { kernel: "weight", bias: "bias", recurrent_kernel: "recurrentWeight" });
  if (kernel && shape("recurrent_kernel"))
    return { kind: "recurrent", weights, fans: fansOfColumns(kernel), options: { units: shape("recurrent_kernel")?.[0] } };
  if (tensors.has("moving_mean") || tensors.has("gamma") || tensors.has("beta"))
    return {
      kind: "norm",
      weights: rolesOf(tensors, { gamma: "scale", beta: "shift", moving_mean: "mean", moving_variance: "variance" }),
      options: { norm: tensors.has("moving_mean") ? "batch" : "layer or group" },
    };
  if (kernel?.length === 2)
    return { kind: "dense", weights, fans: fansOfColumns(kernel), options: { units: kernel[1], rows: "inputs" } };
  if (kernel && kernel.length >= 3 && kernel.length <= 5)
    return {
      kind: "conv",
      weights,
      fans: fansOfColumns(kernel),
      options: { channels: kernel[kernel.length - 1], kernel: kernel.slice(0, -2) },
    };
  const table = shape("embeddings");
  if (table)
    return {
      kind: "embedding",
      weights: rolesOf(tensors, { embeddings: "weight" }),
      options: { entries: table[0], units: table[1] },
    };
  return unclear(tensors);
}

function unclear(tensors: ReadonlyMap<string, ModelTensor>): LayerParts {
  const shown = [...tensors].slice(0, 4).map(([suffix, { shape }]) => `${quote(suffix).slice(1, -1)} [${shape.join(", ")}]`);
  const names = shown.join(", ") + (tensors.size > 4 ? " and more" : "");
  return {
    kind: "other",
    weights: Object.fromEntries([...tensors].map(([suffix, { name }]) => [suffix, name])),
    unsupported: `its tensors (${names}) may belong to several kinds of layers`,
  };
}
