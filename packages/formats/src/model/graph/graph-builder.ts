import { quote } from "@sonde/core";
import type { Graph, GraphNode, GraphWeights, Weights } from "@sonde/nets";
import type { ModelFile, ModelTensor } from "../model-file.js";
import { hiddenPlaces } from "./hidden-places.js";
import type { InputShapes } from "./input-shapes.js";
import { type ModelGraph, notRun, weightTensor } from "./model-graph.js";

/** A tensor that a layer has as its weights, perhaps under another shape. */
export interface Held {
  readonly tensor: ModelTensor;
  readonly shape?: readonly number[];
}

/** A graph under construction. */
export interface GraphBuilder {
  /** Adds a layer, with its weights by role. */
  readonly add: (node: GraphNode, weights?: Readonly<Record<string, Held | undefined>>) => string;
  /** The name of a layer or input that holds a value; a tensor of the file becomes a constant. */
  readonly value: (name: string) => string;
  /** A name that no layer has yet. */
  readonly fresh: (name: string) => string;
  /** Calls a layer's output by another name too. */
  readonly alias: (name: string, layer: string) => void;
  readonly finish: (options: FinishOptions) => ModelGraph;
}

export interface FinishOptions extends Pick<InputShapes, "points" | "fixedPoints" | "notes"> {
  readonly inputs: Graph["inputs"];
  readonly inputAxes: ModelGraph["inputAxes"];
  readonly outputs: readonly string[];
  /** Where channels are in inputs and what comes of them. */
  readonly channelsFirst: boolean;
  /** Axes of points that are known, by layer. */
  readonly pointAxes?: (layer: string) => number | undefined;
  /** Whether sums count as places even where an activation follows. */
  readonly everySum?: boolean;
}

export function graphBuilder({ tensors }: Pick<ModelFile, "tensors">): GraphBuilder {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const nodes: GraphNode[] = [];
  const names = new Set<string>();
  const aliases = new Map<string, string>();
  const held = new Map<string, Readonly<Record<string, Held | undefined>>>();
  const add: GraphBuilder["add"] = (node, weights = {}) => {
    // Files are not bound by types.
    const missing = node.inputs.findIndex((name) => name === undefined || name === "");
    if (missing >= 0) throw notRun(`${quote(node.name)} lacks its input ${missing + 1}`);
    nodes.push(node);
    names.add(node.name);
    held.set(node.name, weights);
    return node.name;
  };
  return {
    add,
    value(name) {
      const known = aliases.get(name) ?? name;
      const tensor = names.has(known) ? undefined : byName.get(known);
      return tensor ? add({ name: known, inputs: [], kind: "constant", shape: tensor.shape }, { value: { tensor } }) : known;
    },
    fresh(name) {
      let found = name;
      for (let k = 2; names.has(found) || byName.has(found); k++) found = `${name}:${k}`;
      return found;
    },
    alias: (name, layer) => aliases.set(name, layer),
    finish({ inputs, outputs, inputAxes, points, fixedPoints, notes, ...options }) {
      const ends = outputs.map((name) => aliases.get(name) ?? name);
      const graph: Graph = { inputs, nodes: needed(nodes, ends), outputs: ends };
      return {
        graph,
        weights: weightsOf(held),
        hidden: hiddenPlaces(graph, { inputAxes, points, ...options }),
        points,
        fixedPoints,
        inputAxes,
        tensors: Object.fromEntries(
          [...held].map(([layer, own]) => [
            layer,
            Object.fromEntries(Object.entries(own).flatMap(([role, found]) => (found ? [[role, found.tensor.name]] : []))),
          ]),
        ),
        notes: [...notes, ...untouchedNorms(held)],
      };
    },
  };
}

/** The layers that the outputs depend on. */
function needed(nodes: readonly GraphNode[], outputs: readonly string[]): GraphNode[] {
  const wanted = new Set(outputs);
  const kept: GraphNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!wanted.has(node.name)) continue;
    kept.push(node);
    for (const name of node.inputs) wanted.add(name);
  }
  return kept.reverse();
}

/** Batch norm whose running statistics are as they began changes nothing in a network that runs, though it would in one that is trained. */
function untouchedNorms(held: ReadonlyMap<string, Readonly<Record<string, Held | undefined>>>): string[] {
  const norms = [...held.values()].flatMap(({ mean, variance }) => (mean && variance ? [[mean.tensor, variance.tensor]] : []));
  const all = ({ values, shape }: ModelTensor, value: number) => {
    const size = shape.reduce((product, n) => product * n, 1);
    return (
      size > 0 && size <= 2 ** 20 && Array.from(values() as ArrayLike<number | bigint>, Number).every((own) => own === value)
    );
  };
  const untouched = norms.filter(([mean, variance]) => all(mean, 0) && all(variance, 1)).length;
  return norms.length > 0 && untouched === norms.length
    ? [
        `batch norm (${norms.length} layers) has the running statistics that it begins with, mean 0 and variance 1, and so changes nothing here; in training it takes those of the batch: export with model.train() and training=torch.onnx.TrainingMode.TRAINING to measure that`,
      ]
    : [];
}

function weightsOf(held: ReadonlyMap<string, Readonly<Record<string, Held | undefined>>>): GraphWeights {
  return (layer): Weights =>
    Object.fromEntries(
      Object.entries(held.get(layer) ?? {}).map(([role, own]) => [role, own && weightTensor(own.tensor, own.shape)]),
    );
}
