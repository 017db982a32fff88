import { ConfigError, ShapeError } from "@sonde/core";
import type { LayerShape } from "@sonde/init";
import type { Architecture, Layer } from "./architecture.js";
import { branchesOf } from "./branches.js";
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
  /** Its number among the norms, depth-first from 0; absent for other layers. */
  readonly norm?: number;
  /** Its number among the hidden layers, from 1; absent where nothing is observed. */
  readonly hidden?: number;
  /** Whether it comes after the last layer with weights: an activation there is the output's. */
  readonly afterWeights?: boolean;
  /** The layers inside a residual or concat block: every branch takes the block's input, an empty one hands it on; no branches for other layers. */
  readonly branches: readonly (readonly ShapedLayer[])[];
  /** How the ends of the branches become the block's output; absent for other layers. */
  readonly join?: Join;
}

/** The sum of the branches' ends, each times its factor, or all of them beside each other along the units (channels). */
export type Join =
  | { readonly kind: "sum"; readonly factors: readonly number[] }
  | { readonly kind: "concat"; readonly channels: readonly number[] };

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
  let norms = 0;
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
      const branches = branchesOf(layer).map(({ place, layers }) => shape(layers, input, `${path}.${place}`, depth + 1));
      const ends = branches.map((branch) => branch[branch.length - 1]?.output ?? input);
      const output = outputShape(layer, input, ends, path);
      checkSize(output, path);
      const join = joinOf(layer, ends);
      const afterWeights = depth === 0 && lastWeights >= 0 && index > lastWeights;
      const observed = depth === 0 && !afterWeights && (layer.kind === "activation" || join !== undefined);
      if (observed && hidden === limits.layers)
        throw new ConfigError(`${path} is one hidden layer too many: at most ${limits.layers} are possible`);
      const shaped: ShapedLayer = {
        layer,
        path,
        input,
        output,
        branches,
        ...(join && { join }),
        ...(weights && { weights, parameters: own }),
        ...(layer.kind === "norm" && { norm: norms++ }),
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

/** The index of the last layer that has weights, or holds some in its branches; -1 without any. */
export function lastWithWeights(layers: readonly Layer[]): number {
  const weighted = (layer: Layer): boolean =>
    layer.kind === "dense" ||
    layer.kind === "conv" ||
    layer.kind === "embedding" ||
    branchesOf(layer).some((branch) => branch.layers.some(weighted));
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

function joinOf(layer: Layer, ends: readonly (readonly number[])[]): Join | undefined {
  if (layer.kind === "residual") return { kind: "sum", factors: [1, layer.scale ?? 1] };
  return layer.kind === "concat" ? { kind: "concat", channels: ends.map((end) => end[end.length - 1]) } : undefined;
}

/** `ends` are what the branches of a block end with. */
function outputShape(
  layer: Layer,
  input: readonly number[],
  ends: readonly (readonly number[])[],
  path: string,
): readonly number[] {
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
    case "residual": {
      const [shortcut, body] = ends;
      if (String(body) !== String(shortcut))
        throw new ShapeError(
          `${path} (residual) adds ${showShape(body)} to ${showShape(shortcut)}: ${
            layer.shortcut === undefined
              ? `let its body end with the shape it began with, or give it a shortcut that ends as its body does${projection(input, body)}`
              : "let its body and its shortcut end with one shape"
          }`,
        );
      return body;
    }
    case "concat": {
      const [first, ...others] = ends;
      const other = others.find((end) => String(end.slice(0, -1)) !== String(first.slice(0, -1)));
      if (other)
        throw new ShapeError(`${path} (concat) joins ${showShape(other)} to ${showShape(first)}: only the last sizes may differ`);
      return [...first.slice(0, -1), ends.reduce((sum, end) => sum + end[end.length - 1], 0)];
    }
    default:
      return input;
  }
}

/** The usual shortcut from one shape to another, as it is written in a file; nothing where one convolution does not do. */
function projection(from: readonly number[], to: readonly number[]): string {
  const units = to[to.length - 1];
  if (from.length !== to.length) return "";
  if (to.length === 1) return `: "shortcut": [{ "kind": "dense", "units": ${units} }]`;
  const stride = Math.ceil(from[0] / to[0]);
  if (from.slice(0, -1).some((length, axis) => Math.ceil(length / stride) !== to[axis])) return "";
  const kernel = from.slice(0, -1).map(() => 1);
  return `: "shortcut": [{ "kind": "conv", "channels": ${units}, "kernel": [${kernel.join(", ")}]${stride > 1 ? `, "stride": ${stride}` : ""} }]`;
}

function pooledShape(input: readonly number[], window: number, path: string): readonly number[] {
  const kernel = input.slice(0, -1).map(() => window);
  return [...windowCounts(input, kernel, path, window, "valid"), input[input.length - 1]];
}
