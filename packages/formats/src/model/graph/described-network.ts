import type { Stream } from "@sonde/core";
import { type DescribedGraph, drawWeights } from "@sonde/nets";
import { hiddenPlaces } from "./hidden-places.js";
import type { ModelGraph } from "./model-graph.js";

/**
 * A network that an architecture file describes as a graph, drawn at random, as if it had come from a model file: what runs and records those runs and records it.
 *
 * @example
 * const layers = [{ name: "a", kind: "dense", units: 4, activation: "relu" }, { kind: "multiply", inputs: ["a", "a"] }, { kind: "dense", units: 1 }];
 * describedNetwork(readGraph({ input: 3, layers }), stream(0)).hidden.map(({ module }) => module) // ["a"]
 */
export function describedNetwork({ graph, init, given, notes }: DescribedGraph, random: Stream): ModelGraph {
  const inputAxes = { input: 0 };
  const [{ shape }] = graph.inputs;
  const [points] = shape;
  return {
    graph,
    weights: drawWeights(graph, random, { init, given }),
    hidden: hiddenPlaces(graph, { channelsFirst: false, everySum: true, inputAxes, points }),
    points,
    fixedPoints: false,
    inputAxes,
    tensors: {},
    notes,
  };
}
