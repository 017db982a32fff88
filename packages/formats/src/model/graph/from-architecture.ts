import { FormatError, quote } from "@sonde/core";
import {
  type Architecture,
  type DescribedGraph,
  type Graph,
  type GraphNode,
  graphShapes,
  isGraphForm,
  readArchitecture,
  readGraph,
} from "@sonde/nets";
import { zerosOf } from "../../element-type.js";
import type { ModelLayer } from "../layers/layer.js";
import { tensorsByName } from "../layers/layer.js";
import { weightsLayers } from "../layers/weights-layers.js";
import type { ModelFile, ModelTensor } from "../model-file.js";
import { transposed } from "../onnx/tensor-views.js";
import { lazyTensor } from "../tensor.js";
import { graphBuilder, type Held } from "./graph-builder.js";
import { type ModelGraph, notRun } from "./model-graph.js";

/** What an architecture file says, parsed. */
export type ArchitectureFields = Readonly<Record<string, unknown>>;

/** The kinds of layers whose weights are taken from a file. */
type Matched = "conv" | "dense" | "norm";

/**
 * The network of a file of weights alone that an architecture describes: its convolutions, dense layers and norms take the file's, by their names where the architecture has the file's names, else one after the other, each kind for itself.
 *
 * Throws `FormatError` where there are more or fewer of a kind, or where shapes differ, with both layers.
 */
export function architectureGraph(
  model: ModelFile,
  architecture: ArchitectureFields,
  { points = 1, note = "" }: { readonly points?: number; readonly note?: string } = {},
): ModelGraph {
  const { graph, notes } = withRunningNorms(described(architecture, points));
  const steps = new Map(graphShapes(graph).map((step) => [step.node.name, step]));
  const layers = inOrder(model, weightsLayers(model));
  const owners = ownersOf(graph, layers);
  const tensors = tensorsByName(model);
  const builder = graphBuilder(model);
  const shapes = new Map([["input", graph.inputs[0].shape], ...[...steps].map(([name, { output }]) => [name, output] as const)]);
  for (const node of graph.nodes) {
    const layer = owners.get(node.name);
    const step = steps.get(node.name);
    if (!layer || !step) {
      if (step && Object.keys(step.weights).length > 0 && node.kind !== "constant")
        throw notRun(`weights of the kind ${node.kind}, as ${quote(node.name)} has them, are not matched to a file`);
      builder.add(node);
      continue;
    }
    const from = sourceOf(node, graph, shapes);
    const held = Object.fromEntries(
      Object.entries(step.weights).map(([role, { shape }]): [string, Held | undefined] => {
        const tensor = tensors.get(layer.weights[role] ?? "");
        return [role, tensor && { tensor: fitted(tensor, shape, { role, layer, node, from }) }];
      }),
    );
    if (node.kind !== "norm" && !held.weight) throw notRun(`${quote(layer.name)} has no weights in the file`);
    const without = Object.keys(step.weights).filter((role) => !held[role]);
    const unitsFirst = node.kind === "dense" && layer.options.rows === "units";
    const module = layer.name || node.name;
    builder.add(
      { ...node, module, ...(unitsFirst && { unitsFirst }), ...(without.length > 0 && { without }) } as GraphNode,
      held,
    );
  }
  return builder.finish({
    inputs: graph.inputs,
    inputAxes: { input: 0 },
    outputs: graph.outputs,
    points,
    fixedPoints: false,
    channelsFirst: false,
    everySum: true,
    notes: [...notes, ...(note === "" ? [] : [note])],
  });
}

/** A list is read as one, in whatever words, and then as the graph that it is. */
function described(value: ArchitectureFields, points: number): DescribedGraph {
  if (isGraphForm(value)) return readGraph(value, { points });
  const { architecture, notes } = readArchitecture(value);
  const graph = readGraph(architecture as Architecture & ArchitectureFields, { points });
  return { ...graph, notes };
}

/** Norms with scale and shift of their own, and of batch norm the running statistics, as files have them. */
function withRunningNorms({ graph, notes }: DescribedGraph): Pick<DescribedGraph, "graph" | "notes"> {
  const listed = new Map<string, GraphNode & { readonly kind: "norm" }>();
  const dropped = new Set<string>();
  for (const node of graph.nodes) {
    const [, base] = /^(.*)\/normalised$/.exec(node.name) ?? [];
    if (node.kind !== "norm" || base === undefined) continue;
    listed.set(base, node);
    for (const part of ["normalised", "scale", "scaled", "shift"]) dropped.add(`${base}/${part}`);
  }
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    if (dropped.has(node.name)) return [];
    const own = listed.get(node.name) ?? (node.kind === "norm" ? node : undefined);
    if (!own) return [node];
    const { without: _without, ...norm } = own;
    return [{ ...norm, name: node.name, ...(norm.norm === "batch" && { statistics: "running" as const }) }];
  });
  return { graph: { ...graph, nodes }, notes };
}

function kindOf({ kind }: Pick<GraphNode, "kind"> | ModelLayer): Matched | undefined {
  return kind === "conv" || kind === "dense" || kind === "norm" ? kind : undefined;
}

/** Layers of PyTorch's files come in their own order; other files sort them by name. */
function inOrder({ format }: ModelFile, layers: readonly ModelLayer[]): readonly ModelLayer[] {
  if (format === "pytorch") return layers;
  const naturally = new Intl.Collator("en", { numeric: true });
  return [...layers].sort((a, b) => naturally.compare(a.name, b.name));
}

/** The layers of the file by the nodes that take their weights. */
function ownersOf({ nodes }: Graph, layers: readonly ModelLayer[]): ReadonlyMap<string, ModelLayer> {
  const odd = layers.find((layer) => !kindOf(layer));
  if (odd) throw notRun(`of ${quote(odd.name)} ${odd.unsupported ?? `the kind, ${odd.kind}, is not matched to an architecture`}`);
  const wanted = nodes.filter(kindOf);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  if (wanted.length === layers.length && wanted.every(({ name, kind }) => byName.get(name)?.kind === kind))
    return new Map(wanted.map(({ name }) => [name, byName.get(name) as ModelLayer]));
  const owners = new Map<string, ModelLayer>();
  for (const [kind, words] of [
    ["conv", "convolutions"],
    ["dense", "dense layers"],
    ["norm", "norms"],
  ] as const) {
    const [theirs, ours] = [layers.filter((layer) => layer.kind === kind), wanted.filter((node) => node.kind === kind)];
    if (theirs.length !== ours.length)
      throw new FormatError(
        `it holds ${theirs.length} ${words}, and the architecture has ${ours.length}: give the one that it was trained with`,
      );
    for (const [k, { name }] of ours.entries()) owners.set(name, theirs[k]);
  }
  return owners;
}

/** The shape of one point that a layer's row of values is made of, where it was put in a row just before. */
function sourceOf(
  { inputs, kind }: GraphNode,
  { nodes }: Graph,
  shapes: ReadonlyMap<string, readonly number[]>,
): readonly number[] {
  if (kind !== "dense") return [];
  let at = nodes.find(({ name }) => name === inputs[0]);
  // An activation or a norm in between leaves values where they are.
  while (at && (at.kind === "activation" || at.kind === "identity")) {
    const [before] = at.inputs;
    at = nodes.find(({ name }) => name === before);
  }
  if (!at || (at.kind !== "reshape" && at.kind !== "flatten")) return [];
  return (shapes.get(at.inputs[0]) ?? []).slice(1);
}

interface Fit {
  readonly role: string;
  readonly layer: ModelLayer;
  readonly node: GraphNode;
  /** The shape of a point before it was put in a row. */
  readonly from: readonly number[];
}

/** The values of a tensor in the order of a layer's axes; rows of a dense layer stay those of its units. */
function fitted(tensor: ModelTensor, wanted: readonly number[], { role, layer, node, from }: Fit): ModelTensor {
  const { shape } = tensor;
  const rows = layer.kind === "dense" ? layer.options.rows === "units" : !fromColumns(tensor, layer);
  if (role !== "weight" || !rows) {
    if (String(shape) !== String(wanted)) throw unlike(tensor, wanted, node, shape);
    return tensor;
  }
  if (node.kind === "conv") {
    const [out, inputs, ...kernel] = shape;
    if (String([...kernel, inputs, out]) !== String(wanted)) throw unlike(tensor, wanted, node, shape);
    return transposed(tensor, [...kernel.map((_, axis) => axis + 2), 1, 0]);
  }
  const [units, inputs] = shape;
  if (String([inputs, units]) !== String(wanted)) throw unlike(tensor, wanted, node, shape);
  return from.length < 2 ? tensor : channelsLast(tensor, from[from.length - 1]);
}

/** Rows that put channel after channel, as PyTorch does, with position after position. */
function channelsLast(tensor: ModelTensor, channels: number): ModelTensor {
  const { name, shape, type } = tensor;
  const [, row] = shape;
  const positions = row / channels;
  return lazyTensor(name, shape, type, (start, count, elements) => {
    const first = Math.floor(start / row);
    const all = tensor.values(first * row, (Math.ceil((start + count) / row) - first) * row);
    const result = zerosOf(elements, count);
    for (let k = 0; k < count; k++) {
      const at = start + k - first * row;
      const within = at % row;
      const channel = within % channels;
      result[k] = all[at - within + channel * positions + (within - channel) / channels];
    }
    return result;
  });
}

/** Keras lays kernels out as `[...positions, in, out]`. */
function fromColumns({ name }: ModelTensor, { weights }: ModelLayer): boolean {
  return weights.weight === name && /(^|\/)kernel(:0)?$/.test(name);
}

function unlike({ name }: ModelTensor, wanted: readonly number[], node: GraphNode, shape: readonly number[]): FormatError {
  return new FormatError(
    `${quote(name)} is [${shape.join(", ")}], and layer ${quote(node.name)} of the architecture takes ${node.kind === "conv" ? "a kernel" : "one"} of [${wanted.join(", ")}]${node.kind === "norm" ? "" : " (inputs before outputs)"}: give the architecture that it was trained with`,
  );
}
