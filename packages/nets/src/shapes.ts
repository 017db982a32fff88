import { ConfigError, ShapeError } from "@sonde/core";
import type { LayerShape } from "@sonde/init";
import type { Architecture, Layer } from "./architecture.js";
import { windowCounts } from "./layers/windows.js";
import { limits } from "./limits.js";

/** A layer of an architecture with everything that follows from its place: shapes, weights, and its number where it is observed. */
export interface ShapedLayer {
  readonly layer: Layer;
  /** Where it stands in the description, such as `layers[3].body[0]`. */
  readonly path: string;
  /** Shape of one point before and after it: `[units]`, `[length, channels]` or `[height, width, channels]`. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Shape of its weights; absent for layers without. */
  readonly weights?: LayerShape;
  /** Its index among the layers with weights, depth-first from 0; absent for layers without. */
  readonly parameters?: number;
  /** Its number among the hidden layers, from 1; absent where nothing is observed. */
  readonly hidden?: number;
  /** Whether it comes after the last layer with weights: an activation there is the output's. */
  readonly afterWeights?: boolean;
  /** The layers inside a residual or concat block; empty for others. */
  readonly body: readonly ShapedLayer[];
}

/** What has been inferred, by the architecture it was inferred from: descriptions are not changed once they are made. */
const inferred = new WeakMap<Architecture, readonly ShapedLayer[]>();

/**
 * The shapes of every layer, blocks included, in order. An architecture is looked at once: asked again, the same records come back.
 *
 * Hidden layers, the places where a network is observed, are at the top level the activations, the residual blocks and the concat blocks; what
 * happens inside a block is not counted. An activation after the last layer with weights belongs to the output and is none.
 *
 * Throws `ShapeError` where a layer cannot take what arrives, `ConfigError` beyond the limits; both name the path and the remedy.
 *
 * @example
 * inferShapes(mlp("784-128x2-10"))[2].output // [128]
 */
export function inferShapes(architecture: Architecture): readonly ShapedLayer[] {
  const known = inferred.get(architecture);
  if (known) return known;
  const shaped = shapesOf(architecture);
  inferred.set(architecture, shaped);
  return shaped;
}

function shapesOf(architecture: Architecture): ShapedLayer[] {
  let parameters = 0;
  let counted = 0;
  let hidden = 0;
  let entries = 0;
  const lastWeights = lastWithWeights(architecture.layers);

  const shape = (layers: readonly Layer[], start: readonly number[], prefix: string, depth: number): ShapedLayer[] => {
    let input = start;
    return layers.map((layer, index) => {
      const path = `${prefix}[${index}]`;
      if (++entries > limits.entries)
        throw new ConfigError(`${path} is one layer too many: a description has at most ${limits.entries} entries`);
      if (depth > limits.nesting) throw new ConfigError(`${path} is nested too deep: blocks nest at most ${limits.nesting} deep`);
      const weights = weightShape(layer, input, path);
      const own = weights && parameters++;
      if (weights && layer.kind !== "embedding" && ++counted > limits.layers + 1)
        throw new ConfigError(`${path} is one layer too many: at most ${limits.layers} layers with weights and an output layer`);
      const body = "body" in layer ? shape(layer.body, input, `${path}.body`, depth + 1) : [];
      const output = outputShape(layer, input, body[body.length - 1]?.output ?? input, path);
      checkSize(output, path);
      const afterWeights = depth === 0 && lastWeights >= 0 && index > lastWeights;
      const observed = depth === 0 && !afterWeights && (layer.kind === "activation" || "body" in layer);
      if (observed && hidden === limits.layers)
        throw new ConfigError(`${path} is one hidden layer too many: at most ${limits.layers} are possible`);
      const shaped: ShapedLayer = {
        layer,
        path,
        input,
        output,
        body,
        ...(weights && { weights, parameters: own }),
        ...(observed && { hidden: ++hidden }),
        ...(afterWeights && { afterWeights }),
      };
      input = output;
      return shaped;
    });
  };
  checkSize(architecture.input, "input");
  return shape(architecture.layers, architecture.input, "layers", 0);
}

/** The index of the last layer that has weights, or holds some in its body; -1 without any. */
function lastWithWeights(layers: readonly Layer[]): number {
  const weighted = (layer: Layer): boolean =>
    "body" in layer ? layer.body.some(weighted) : layer.kind === "dense" || layer.kind === "conv" || layer.kind === "embedding";
  return layers.map(weighted).lastIndexOf(true);
}

/** The number of values in a shape. */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** The number of values that a network gives for one point. */
export function outputSize(architecture: Architecture): number {
  return size(inferShapes(architecture).at(-1)?.output ?? architecture.input);
}

/** The shape as text. */
export function showShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function checkSize(shape: readonly number[], path: string): void {
  if (size(shape) > limits.weights)
    throw new ConfigError(
      `${path} has ${showShape(shape)} values for one point: at most ${limits.weights} are possible, so make it smaller`,
    );
}

function weightShape(layer: Layer, input: readonly number[], path: string): LayerShape | undefined {
  const shape = ((): LayerShape | undefined => {
    switch (layer.kind) {
      case "dense":
        if (input.length !== 1)
          throw new ShapeError(
            `${path} (dense) needs a flat input but gets ${showShape(input)}: put { "kind": "flatten" } before it`,
          );
        return { kernel: [], inputs: input[0], outputs: layer.units };
      case "embedding":
        return { kernel: [], inputs: input[input.length - 1], outputs: layer.units };
      case "conv":
        if (layer.kernel.length !== input.length - 1)
          throw new ShapeError(
            `${path} (conv) has a ${layer.kernel.length}-d kernel but gets ${showShape(input)}: give the kernel one size for every axis but the channels`,
          );
        return { kernel: layer.kernel, inputs: input[input.length - 1], outputs: layer.channels };
      default:
        return undefined;
    }
  })();
  if (shape && size(shape.kernel) * shape.inputs * shape.outputs > limits.weights)
    throw new ConfigError(`${path} (${layer.kind}) has more than ${limits.weights} weights: make it narrower`);
  return shape;
}

function outputShape(layer: Layer, input: readonly number[], bodyOutput: readonly number[], path: string): readonly number[] {
  const positions = input.slice(0, -1);
  switch (layer.kind) {
    case "dense":
      return [layer.units];
    case "embedding":
      return [...positions, layer.units];
    case "conv":
      return [...windowCounts(input, layer.kernel, path, layer.stride, layer.padding), layer.channels];
    case "pool":
      if (positions.length === 0)
        throw new ShapeError(
          `${path} (pool) needs positions but gets ${showShape(input)}: put it before the layer that flattens`,
        );
      return layer.window === "global" ? input.slice(-1) : pooledShape(input, layer.window, path);
    case "flatten":
      return [size(input)];
    case "residual":
      if (String(bodyOutput) !== String(input))
        throw new ShapeError(
          `${path} (residual) adds ${showShape(bodyOutput)} to ${showShape(input)}: let its body end with the shape it began with`,
        );
      return input;
    case "concat":
      if (String(bodyOutput.slice(0, -1)) !== String(positions))
        throw new ShapeError(
          `${path} (concat) joins ${showShape(bodyOutput)} to ${showShape(input)}: only the last sizes may differ`,
        );
      return [...positions, input[input.length - 1] + bodyOutput[bodyOutput.length - 1]];
    default:
      return input;
  }
}

function pooledShape(input: readonly number[], window: number, path: string): readonly number[] {
  const kernel = input.slice(0, -1).map(() => window);
  return [...windowCounts(input, kernel, path, window, "valid"), input[input.length - 1]];
}
