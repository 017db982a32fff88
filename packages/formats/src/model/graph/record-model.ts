import { normal, type Stream, split } from "@sonde/core";
import { type GraphNode, type GraphWeights, graphGradient, graphShapes, runGraph, type Tensor } from "@sonde/nets";
import { arrangement, joined, partOf } from "./arrangement.js";
import type { HiddenPlace, ModelGraph } from "./model-graph.js";

/** What a layer of a model does at some points, as the doctor takes recorded activations. */
export interface RecordedPlace<Values extends Float32Array | Float64Array = Float64Array> {
  readonly name: string;
  /** `[points, ...positions, channels]`. */
  readonly shape: readonly number[];
  readonly data: Values;
  /** Whether other ways lead around it to the outputs. */
  readonly beside?: boolean;
  readonly activation?: string;
  /** What goes into the activation, in the shape of `data`. */
  readonly preActivations?: Values;
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
export interface RecordedModel<Values extends Float32Array | Float64Array = Float64Array> {
  readonly hidden: readonly RecordedPlace<Values>[];
  readonly outputs: readonly RecordedPlace<Values>[];
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
  const all = inputs[first.name].shape[inputAxes[first.name] ?? 0];
  const runs = Math.round(all / points);
  const shapes = new Map(graphShapes(graph).map(({ node, output }) => [node.name, output]));
  const places = [...hidden, ...outputPlaces(model, shapes)];
  const before = preActivationsOf(graph.nodes, hidden);
  const values = places.reduce((sum, { layer }) => sum + (size(shapes.get(layer) ?? []) / points) * all, 0);
  const { kept = 2 ** 25 } = options;
  const withBefore = 2 * values <= kept;
  const layouts = places.map((place, k) =>
    arrangement(shapes.get(place.layer) ?? [], place, kept / Math.max(1, values), split(options.random, k)),
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
        if (k !== undefined) data[k].push(layouts[k].arranged(output));
        for (const place of withBefore ? (before.get(node.name) ?? []) : []) {
          const at = wanted.get(place) as number;
          preActivations[at].push(layouts[at].arranged(output));
        }
      },
    });
  }
  const errors =
    options.gradients && runs === 1 ? gradientsOf(model, weights, inputs, split(options.random, places.length)) : undefined;
  const recorded = places.map((place, k): RecordedPlace => {
    const { shape, arranged } = layouts[k];
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
      ...(error && { gradients: arranged(error) }),
      ...(byWeights && { weightGradients: byWeights.data }),
    };
  });
  const leftOut = Math.max(0, ...layouts.map((layout) => layout.leftOut));
  const named = apart(recorded);
  return { hidden: named.slice(0, hidden.length), outputs: named.slice(hidden.length), leftOut };
}

/** Places of one name told apart by a number: a module may run twice. */
export function apart<Place extends { readonly name: string }>(places: readonly Place[]): Place[] {
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
