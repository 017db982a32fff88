import { activation, SondeError } from "@sonde/core";
import { type ChosenPlace, choosePlaces, type WiredLayer } from "../graph/wiring.js";
import type { LayerParts } from "../layers/layer.js";
import { moduleName } from "../layers/module-name.js";
import { type Matched, onnxGraph } from "../layers/onnx-graph.js";
import { onnxGroups } from "../layers/onnx-layers.js";
import type { ModelFile, ModelNode } from "../model-file.js";
import { capturedValues } from "../onnx/captured.js";

/** A place of a model that another program runs. */
export interface ForeignPlace {
  /** The name of the value in the file. */
  readonly value: string;
  /** The name that people know it by. */
  readonly module: string;
  /** Whether all that reaches the output passes it. */
  readonly main: boolean;
  /** The activation by Sonde's name, and the value that goes into it, where it is one that Sonde knows. */
  readonly activation?: { readonly name: string; readonly before: string };
}

/** The places of an ONNX graph that are looked at, and where the channels of its values are. */
export interface ForeignPlaces {
  /** Sums of branches, where no norm keeps them to scale; else 0. */
  readonly sums: number;
  readonly places: readonly ForeignPlace[];
  /** The axis of the channels of a value: from the front, or -1 for the last. */
  readonly channelAxis: (value: string) => number;
}

/** Kinds of layers that have weights which learn. */
const weighted: ReadonlySet<string> = new Set(["dense", "conv", "conv-transpose", "embedding", "recurrent", "other"]);

/** Functions that are told as activations of a layer but stand between layers too, or work on all units together. */
const noActivations: ReadonlySet<string> = new Set(["softmax", "log-softmax", "erf", "abs", "sin"]);

/** How many of an operator's first inputs decide what it does: they are no way for a signal. */
const deciding: Readonly<Record<string, number>> = { If: 1, Loop: 2 };

/** Operators that give back what was made whole numbers. */
const rounding: ReadonlySet<string> = new Set(["DequantizeLinear", "QuantizeLinear", "DynamicQuantizeLinear"]);

/**
 * Where to look in an ONNX graph that another program runs: the activations, recurrent layers and sums that are looked at in those that Sonde runs itself, and what operators put out that it does not know. The insides of `If`, `Loop` and functions are not seen.
 */
export function foreignPlaces(model: ModelFile): ForeignPlaces {
  const view = onnxGraph(model);
  const groups = onnxGroups(view);
  const given = new Set(model.inputs.map(({ name }) => name));
  const fed = new Set(given);
  const layers: (WiredLayer & { readonly group: Matched })[] = [];
  const channels = new Map(model.inputs.map(({ name, shape }) => [name, (shape?.length ?? 0) > 3 ? 1 : -1]));
  const looked = new Set<string>();
  for (const group of groups) {
    const { parts, nodes } = group;
    const last = nodes[nodes.length - 1];
    const decisions = last.domain === "" ? last.inputs.slice(0, deciding[last.operator] ?? 0) : [];
    const taken = (parts.inputs ?? last.inputs).filter((name) => name !== "" && !view.tensor(name) && !decisions.includes(name));
    const inputs = [...new Set([...taken, ...nodes.flatMap(capturedValues)])];
    const values = inputs.filter((name) => fed.has(name));
    // A sum with the input itself is not told apart from a shift of it.
    const branches = values.filter((name) => !given.has(name)).length;
    const module = moduleName(nodes, parts.weights?.weight ?? parts.weights?.scale);
    const heldProduct = ["MatMul", "Gemm", "Conv", "ConvTranspose"].includes(last.operator) && values.length < last.inputs.length;
    // Of several outputs each is a layer; those behind the first of a recurrent layer say less of the same.
    last.outputs.forEach((name, k) => {
      if (name === "") return;
      const role =
        values.length === 0 ? "constant" : k > 1 && parts.kind === "recurrent" ? "other" : roleOf(group, branches, looked);
      layers.push({ name, module, inputs, role, weighted: weighted.has(parts.kind) || heldProduct, group });
      if (values.length > 0) fed.add(name);
      if (role === "activation" || role === "sum" || (rounding.has(last.operator) && looked.has(last.inputs[0])))
        looked.add(name);
      channels.set(name, channelAxisOf(parts, last, channels.get(values[0] ?? "") ?? -1));
    });
  }
  const wiring = {
    inputs: model.inputs.map(({ name }) => name),
    layers: neededLayers(model, layers),
    outputs: model.outputs.map(({ name }) => name),
  };
  const normed = groups.some(({ parts }) => parts.kind === "norm");
  return {
    sums: normed ? 0 : wiring.layers.filter(({ role }) => role === "sum").length,
    places: choosePlaces(wiring).map((chosen) => placeOf(chosen, layers)),
    channelAxis: (value) => channels.get(value) ?? -1,
  };
}

/** The layers that the outputs depend on. */
function neededLayers<Layer extends WiredLayer>({ outputs }: ModelFile, layers: readonly Layer[]): Layer[] {
  const wanted = new Set(outputs.map(({ name }) => name));
  const kept = [...layers].reverse().filter(({ name, inputs }) => {
    if (!wanted.has(name)) return false;
    for (const from of inputs) wanted.add(from);
    return true;
  });
  return kept.reverse();
}

function placeOf(
  { layer, main }: ChosenPlace,
  layers: readonly { readonly name: string; readonly group: Matched }[],
): ForeignPlace {
  const { parts } = (layers.find(({ name }) => name === layer.name) as { group: Matched }).group;
  const known = layer.role === "activation" ? knownActivation(parts) : undefined;
  const before = parts.inputs?.[0];
  return {
    value: layer.name,
    module: layer.module,
    main,
    ...(known !== undefined && before !== undefined && { activation: { name: known, before } }),
  };
}

function roleOf({ parts, nodes }: Matched, branches: number, looked: ReadonlySet<string>): WiredLayer["role"] {
  const last = nodes[nodes.length - 1];
  switch (parts.kind) {
    case "activation":
      return noActivations.has(String(parts.options?.activation)) ? "other" : "activation";
    case "recurrent":
      return "recurrent";
    case "add":
      return branches > 1 ? "sum" : "other";
    case "other":
      // What was rounded after it had been looked at is not looked at again.
      return rounding.has(last.operator) && (last.operator !== "DequantizeLinear" || looked.has(last.inputs[0]))
        ? "other"
        : "unknown";
    default:
      return "other";
  }
}

/** The name of an activation whose slope Sonde knows. */
function knownActivation({ options = {}, weights = {} }: LayerParts): string | undefined {
  const { activation: name, ...rest } = options;
  if (typeof name !== "string" || Object.keys(rest).length > 0 || weights.slope !== undefined) return undefined;
  try {
    return activation(name).name;
  } catch (error) {
    if (error instanceof SondeError) return undefined;
    throw error;
  }
}

/** Where channels are behind a layer that has them on the axis `before`. */
function channelAxisOf({ kind, options = {} }: LayerParts, { operator, attributes }: ModelNode, before: number): number {
  switch (kind) {
    case "conv":
    case "conv-transpose":
    case "pool":
      return 1;
    case "norm":
      return options.norm === "layer" || options.norm === "rms" ? before : 1;
    case "dense":
    case "attention":
    case "recurrent":
    case "embedding":
    case "flatten":
    case "reshape":
    case "reduce":
    case "select":
      return kind === "select" && operator !== "Gather" ? before : -1;
    case "transpose": {
      const order = attributes.perm;
      if (!Array.isArray(order)) return before === 1 ? -1 : before;
      return order.indexOf(before < 0 ? order.length - 1 : before);
    }
    case "arithmetic":
      return operator === "MatMul" || operator === "Gemm" ? -1 : before;
    default:
      return before;
  }
}
