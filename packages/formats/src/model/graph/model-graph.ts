import { ConfigError, FormatError, quote } from "@sonde/core";
import type { Graph, GraphWeights, WeightTensor } from "@sonde/nets";
import type { ModelFile, ModelTensor } from "../model-file.js";
import { kerasGraph } from "./from-keras.js";
import { onnxModelGraph } from "./from-onnx.js";
import { type WeightsGraphOptions, weightsGraph } from "./from-weights.js";
import { inputShapes } from "./input-shapes.js";

/** A place of a model that is looked at: the output of an activation, or the sum that a block ends with. */
export interface HiddenPlace {
  /** The layer of the graph. */
  readonly layer: string;
  /** The name that people know it by. */
  readonly module: string;
  readonly kind: "activation" | "block";
  /** Where the points, and the channels, are in its shape. */
  readonly pointAxis: number;
  readonly channelAxis: number;
  /** Whether all that reaches the output passes it, so that what dies here is lost. */
  readonly main: boolean;
}

/** A model file as a network that runs. */
export interface ModelGraph {
  readonly graph: Graph;
  /** Those of the file; values are read when they are asked for. */
  readonly weights: GraphWeights;
  readonly hidden: readonly HiddenPlace[];
  /** How many points the graph takes at a time. */
  readonly points: number;
  /** Whether the file fixes that number. */
  readonly fixedPoints: boolean;
  /** The axis of the points of each input; none for those that are the same for all points. */
  readonly inputAxes: Readonly<Record<string, number | undefined>>;
  /** By the layers of the graph, which layer of `modelLayers` has their weights: the name of its tensor `weight`. */
  readonly tensors: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly notes: readonly string[];
}

export interface ModelGraphOptions extends WeightsGraphOptions {
  /** Points that run together, where the file leaves it open. Default 1. */
  readonly points?: number;
  /** The shape of one point of the first input, in the file's own order of axes, where the file leaves it open. */
  readonly input?: readonly number[];
}

/**
 * The network that a model file holds, as a graph that `runGraph` runs in float64.
 *
 * Throws `FormatError` with the reason where it holds something that is not run: operators that are not known, an input without a shape, weights without a graph whose layers do not follow from their names.
 *
 * @example
 * const tensor = (name: string, shape: number[]) => ({ name, shape, type: "float32", values: () => new Float32Array(6) });
 * const tensors = [tensor("0.weight", [3, 2]), tensor("2.weight", [2, 3])];
 * const file = { format: "safetensors", version: "", producer: null, inputs: [], outputs: [], tensors, nodes: null, shapes: {}, metadata: {}, notes: [] } as const;
 * modelGraph(file, { activation: "relu" }).graph.nodes.length // 3
 */
export function modelGraph(model: ModelFile, options: ModelGraphOptions = {}): ModelGraph {
  if (model.nodes === null) return weightsGraph(model, options);
  if (options.architecture)
    throw new ConfigError(
      "it says itself how its layers are connected: an architecture file is for weights alone, so leave it out",
    );
  const shapes = inputShapes(model, options);
  return model.format === "onnx" ? onnxModelGraph(model, shapes) : kerasGraph(model, shapes);
}

/** The values of a tensor of a file, as a graph takes them. */
export function weightTensor(tensor: ModelTensor, shape: readonly number[] = tensor.shape): WeightTensor {
  return {
    shape,
    values: (start, count) => {
      const values = tensor.values(start, count);
      return values instanceof Float32Array || values instanceof Float64Array
        ? values
        : Float64Array.from(values as ArrayLike<number | bigint>, Number);
    },
  };
}

/** Operators that are not run, of a model that is read. */
export class NotRunError extends FormatError {
  /** In the words of the file, each once. */
  readonly operators: readonly string[];

  constructor(message: string, { operators = [], ...options }: ErrorOptions & { readonly operators?: readonly string[] } = {}) {
    super(message, options);
    this.operators = operators;
  }
}

/** The error of a model that is not run: for a reason of its own, or because of operators. */
export function notRun(reason: string, operators?: readonly string[]): FormatError {
  const sentence = `sonde reads this model but cannot run it: ${reason}`;
  return operators ? new NotRunError(sentence, { operators }) : new FormatError(sentence);
}

/** Names, quoted, the first few of them. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => quote(name));
  return `${shown.join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
}
