import { normal, type Stream, split, uniform } from "@sonde/core";
import { type GraphNode, type GraphWeights, graphGradient, graphShapes, permuted, runGraph, type Tensor } from "@sonde/nets";
import type { HiddenPlace, ModelGraph } from "./model-graph.js";

/** What a layer of a model does at some points, as the doctor takes recorded activations. */
export interface RecordedPlace {
  readonly name: string;
  /** `[points, ...positions, channels]`. */
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** Whether other ways lead around it to the outputs. */
  readonly beside?: boolean;
  readonly activation?: string;
  /** What goes into the activation, in the shape of `data`. */
  readonly preActivations?: Float64Array;
  /** dL/d(activations) for an error of unit variance at every output, in the shape of `data`. */
  readonly gradients?: Float64Array;
  /** dL/dW of the weights that lead to it, summed over the points. */
  readonly weightGradients?: Float64Array;
}

export interface RecordModelOptions {
  /** In place of those of the file. */
  readonly weights?: GraphWeights;
  /** Values that are kept in all; of layers that are larger only some positions are, drawn by the stream. Default 2^25. */
  readonly kept?: number;
  /** Draws positions, and errors at the outputs. */
  readonly random: Stream;
  /** Whether gradients are wanted too. Default no. */
  readonly gradients?: boolean;
  readonly signal?: { readonly aborted: boolean; readonly throwIfAborted: () => void };
  readonly progress?: (done: number, all: number) => void;
}

/** What was recorded of a model. */
export interface RecordedModel {
  readonly hidden: readonly RecordedPlace[];
  readonly outputs: readonly RecordedPlace[];
  /** The largest share of the positions of a layer that were left out; 0 where all were kept. */
  readonly leftOut: number;
}

/**
 * Runs a model on points and keeps what its hidden layers and outputs put out. `inputs` are values for each input of the graph, as many points as it takes at a time, or several times as many, which then run one after the other.
 *
 * Throws whatever is wrong with the graph, its weights or its inputs.
 */
export function recordModel(
  model: ModelGraph,
  inputs: Readonly<Record<string, Tensor>>,
  options: RecordModelOptions,
): RecordedModel {
  const { graph, hidden, inputAxes, points } = model;
  const weights = remembered(
    options.weights ?? model.weights,
    graphShapes(graph).reduce(
      (sum, { weights }) => sum + Object.values(weights).reduce((all, { shape }) => all + size(shape), 0),
      0,
    ),
  );
  const [first] = graph.inputs;
  const all = inputs[first.name].shape[inputAxes[first.name]];
  const runs = Math.round(all / points);
  const shapes = new Map(graphShapes(graph).map(({ node, output }) => [node.name, output]));
  const places = [...hidden, ...outputPlaces(model, shapes)];
  const before = preActivationsOf(graph.nodes, hidden);
  const values = places.reduce((sum, { layer }) => sum + (size(shapes.get(layer) ?? []) / points) * all, 0);
  const { kept = 2 ** 25 } = options;
  const withBefore = 2 * values <= kept;
  const picks = places.map((place, k) =>
    pickedPositions(place, shapes.get(place.layer) ?? [], kept / Math.max(1, values), split(options.random, k)),
  );
  const wanted = new Map(places.map((place, k) => [place.layer, k]));
  const data: Float64Array[][] = places.map(() => []);
  const preActivations: Float64Array[][] = places.map(() => []);
  const steps = graph.nodes.length * runs;
  let done = 0;
  for (let run = 0; run < runs; run++) {
    const given = Object.fromEntries(
      graph.inputs.map(({ name }) => [
        name,
        runs === 1 ? inputs[name] : partOf(inputs[name], inputAxes[name], run * points, points),
      ]),
    );
    runGraph(graph, weights, given, {
      signal: options.signal,
      observe({ node }, output) {
        options.progress?.(++done, steps);
        const k = wanted.get(node.name);
        if (k !== undefined) data[k].push(arranged(output, places[k], picks[k]));
        for (const place of withBefore ? (before.get(node.name) ?? []) : []) {
          const at = wanted.get(place) as number;
          preActivations[at].push(arranged(output, places[at], picks[at]));
        }
      },
    });
  }
  const errors =
    options.gradients && runs === 1 ? gradientsOf(model, weights, inputs, split(options.random, places.length)) : undefined;
  const recorded = places.map((place, k): RecordedPlace => {
    const shape = arrangedShape(shapes.get(place.layer) ?? [], place, picks[k]);
    const node = graph.nodes.find(({ name }) => name === place.layer);
    const error = errors?.layers.get(place.layer);
    const byWeights = errors?.weights.get(place.layer);
    return {
      name: place.module,
      shape: [shape[0] * runs, ...shape.slice(1)],
      data: joined(data[k]),
      ...(!place.main && { beside: true }),
      ...(node?.kind === "activation" &&
        preActivations[k].length > 0 && { activation: node.activation, preActivations: joined(preActivations[k]) }),
      ...(error && { gradients: arranged(error, place, picks[k]) }),
      ...(byWeights && { weightGradients: byWeights.data }),
    };
  });
  const leftOut = Math.max(
    0,
    ...picks.map((pick, k) => (pick ? 1 - pick.length / positionsOf(places[k], shapes.get(places[k].layer) ?? []) : 0)),
  );
  const named = apart(recorded);
  return { hidden: named.slice(0, hidden.length), outputs: named.slice(hidden.length), leftOut };
}

/** Places of one name told apart by a number: a module may run twice. */
function apart(places: readonly RecordedPlace[]): RecordedPlace[] {
  const seen = new Map<string, number>();
  return places.map((place) => {
    const times = (seen.get(place.name) ?? 0) + 1;
    seen.set(place.name, times);
    return times === 1 ? place : { ...place, name: `${place.name} (${times})` };
  });
}

/** The outputs as places; those without an axis of points are left out. */
function outputPlaces({ graph, points, hidden }: ModelGraph, shapes: ReadonlyMap<string, readonly number[]>): HiddenPlace[] {
  const looked = new Set(hidden.map(({ layer }) => layer));
  return [...new Set(graph.outputs)].flatMap((layer): HiddenPlace[] => {
    const shape = shapes.get(layer);
    const pointAxis = shape?.indexOf(points) ?? -1;
    if (!shape || shape.length < 2 || pointAxis < 0 || looked.has(layer)) return [];
    return [{ layer, module: "output", kind: "activation", pointAxis, channelAxis: shape.length - 1, main: true }];
  });
}

/** Which layers are the inputs of hidden activations: by layer, the activations that it goes into. */
function preActivationsOf(nodes: readonly GraphNode[], hidden: readonly HiddenPlace[]): ReadonlyMap<string, string[]> {
  const looked = new Set(hidden.map(({ layer }) => layer));
  const found = new Map<string, string[]>();
  for (const node of nodes)
    if (node.kind === "activation" && looked.has(node.name) && node.activation !== "prelu")
      found.set(node.inputs[0], [...(found.get(node.inputs[0]) ?? []), node.name]);
  return found;
}

/** Errors that arrive at every layer, for one of unit variance at every output, and by the weights that lead to hidden places. */
function gradientsOf(model: ModelGraph, weights: GraphWeights, inputs: Readonly<Record<string, Tensor>>, random: Stream) {
  const { graph, hidden } = model;
  if (graphShapes(graph).some(({ kind }) => !kind.gradient)) return undefined;
  const { layers } = graphGradient(graph, weights, inputs, (outputs) =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, { shape, data }], j) => [
        name,
        { shape, data: data.map((_, k) => normal(split(random, j), k)) },
      ]),
    ),
  );
  const byName = new Map(layers.map((layer) => [layer.shaped.node.name, layer]));
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const leading = (name: string): Tensor | undefined => {
    const own = byName.get(name)?.weights.weight;
    const node = nodes.get(name);
    return own ?? (node && node.inputs.length > 0 ? leading(node.inputs[0]) : undefined);
  };
  return {
    layers: new Map(layers.map(({ shaped, error }) => [shaped.node.name, error])),
    weights: new Map(hidden.map(({ layer }) => [layer, leading(layer)])),
  };
}

/** Weights that are read once, where they are few; else each time anew. */
function remembered(weights: GraphWeights, values: number): GraphWeights {
  if (values > 2 ** 24) return weights;
  const known = new Map<string, ReturnType<GraphWeights>>();
  return (layer) => {
    const found = known.get(layer);
    if (found) return found;
    const held = Object.fromEntries(
      Object.entries(weights(layer)).map(([role, tensor]) => {
        if (!tensor) return [role, undefined];
        const data = tensor.values();
        return [
          role,
          { shape: tensor.shape, values: (start = 0, count = data.length - start) => data.subarray(start, start + count) },
        ];
      }),
    );
    known.set(layer, held);
    return held;
  };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** The order of axes by which points come first and channels last. */
function orderOf({ pointAxis, channelAxis }: HiddenPlace, rank: number): number[] {
  const middle = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== pointAxis && axis !== channelAxis);
  return channelAxis === pointAxis ? [pointAxis, ...middle] : [pointAxis, ...middle, channelAxis];
}

function positionsOf(place: HiddenPlace, shape: readonly number[]): number {
  return size(
    orderOf(place, shape.length)
      .slice(1, -1)
      .map((axis) => shape[axis]),
  );
}

/** So many positions of a large layer that `share` of the values are left, the same for all points; undefined for all of them. */
function pickedPositions(place: HiddenPlace, shape: readonly number[], share: number, random: Stream): Int32Array | undefined {
  const positions = positionsOf(place, shape);
  const some = Math.max(16, Math.floor(positions * share));
  if (share >= 1 || some >= positions) return undefined;
  // One position of each of `some` equal runs.
  return Int32Array.from({ length: some }, (_, k) => {
    const [from, to] = [Math.floor((k * positions) / some), Math.floor(((k + 1) * positions) / some)];
    return from + Math.floor(uniform(random, k) * (to - from));
  });
}

function arrangedShape(shape: readonly number[], place: HiddenPlace, picked: Int32Array | undefined): number[] {
  const own = orderOf(place, shape.length).map((axis) => shape[axis]);
  return picked ? [own[0], picked.length, own[own.length - 1]] : own;
}

/** Values with points first and channels last, at the picked positions. */
function arranged(tensor: Tensor, place: HiddenPlace, picked: Int32Array | undefined): Float64Array {
  const order = orderOf(place, tensor.shape.length);
  const { shape, data } = order.every((axis, k) => axis === k) ? tensor : permuted(tensor, order);
  if (!picked) return data === tensor.data ? data.slice() : data;
  const channels = shape[shape.length - 1];
  const positions = size(shape.slice(1, -1));
  const result = new Float64Array(shape[0] * picked.length * channels);
  for (let p = 0; p < shape[0]; p++)
    for (let k = 0; k < picked.length; k++) {
      const from = (p * positions + picked[k]) * channels;
      result.set(data.subarray(from, from + channels), (p * picked.length + k) * channels);
    }
  return result;
}

/** Some of the points of an input. */
function partOf({ shape, data }: Tensor, axis: number, start: number, count: number): Tensor {
  const inner = size(shape.slice(axis + 1));
  const outer = size(shape.slice(0, axis));
  const result = new Float64Array(outer * count * inner);
  for (let o = 0; o < outer; o++)
    result.set(data.subarray((o * shape[axis] + start) * inner, (o * shape[axis] + start + count) * inner), o * count * inner);
  return { shape: shape.map((n, k) => (k === axis ? count : n)), data: result };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0];
  const result = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
