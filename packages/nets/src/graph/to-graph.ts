import { ConfigError, quote } from "@sonde/core";
import type { Architecture, Layer, Padding } from "../architecture.js";
import type { Network } from "../network.js";
import { inferShapes, type ShapedLayer, size } from "../shapes.js";
import { heldWeights } from "./draw-weights.js";
import type { Graph, GraphNode } from "./graph.js";
import type { GraphLayer } from "./kinds/list.js";
import type { Weights } from "./layer-kind.js";
import type { GraphWeights } from "./run-graph.js";

/**
 * The graph that a list of layers is short for, for so many points. Layers are named by their places, such as `layers[3].body[0]`; the input is `input`. The list and its graph mean the same.
 *
 * @example
 * toGraph(mlp("2-8-1"), 5).nodes.map(({ kind }) => kind) // ["dense", "activation", "dense"]
 */
export function toGraph(architecture: Architecture, points: number): Graph {
  const nodes: GraphNode[] = [];
  const walk = (layers: readonly ShapedLayer[], from: string): string =>
    layers.reduce((value, shaped) => layerNodes(shaped, value, nodes, walk, points), from);
  const output = walk(inferShapes(architecture), "input");
  const { name } = architecture;
  return {
    inputs: [{ name: "input", shape: [points, ...architecture.input] }],
    nodes,
    outputs: [output],
    ...(name !== undefined && { name }),
  };
}

/** The weights of a network by the layers of its graph. */
export function toGraphWeights({ architecture, parameters, norms }: Network): GraphWeights {
  const found = new Map<string, Weights>();
  const visit = ({ path, layer, input, weights, parameters: index, norm, branches }: ShapedLayer): void => {
    branches.flat().forEach(visit);
    if (weights && index !== undefined) {
      const { weights: matrix, bias } = parameters[index];
      const shape = [...weights.kernel, weights.inputs, weights.outputs];
      found.set(path, { weight: heldWeights(shape, matrix.data), bias: heldWeights([bias.length], bias) });
    }
    if (layer.kind === "norm") {
      const channels = input[input.length - 1];
      const constant = (value: number) => new Float64Array(channels).fill(value);
      const own = norms?.[norm ?? -1];
      found.set(`${path}/scale`, { value: heldWeights([channels], own ? own.weights.data : constant(layer.gamma ?? 1)) });
      found.set(`${path}/shift`, { value: heldWeights([channels], own ? own.bias : constant(layer.beta ?? 0)) });
    }
  };
  inferShapes(architecture).forEach(visit);
  return (layer) => found.get(layer) ?? {};
}

/** Adds the layers that one of the list is, and returns the name of the last. */
function layerNodes(
  shaped: ShapedLayer,
  from: string,
  nodes: GraphNode[],
  walk: (layers: readonly ShapedLayer[], from: string) => string,
  points: number,
): string {
  const { layer, path: name, branches, input } = shaped;
  const add = (own: GraphLayer, inputs: readonly string[] = [from], at = name, without?: readonly string[]): string => {
    nodes.push({ ...own, name: at, inputs, ...(without && { without }) } as GraphNode);
    return at;
  };
  switch (layer.kind) {
    case "dense":
      return add({ kind: "dense", units: layer.units });
    case "embedding":
      return add({ kind: "dense", units: layer.units }, [from], name, ["bias"]);
    case "conv": {
      const { channels, kernel, stride = 1, padding = "zero" } = layer;
      const strides = kernel.map(() => stride);
      const plain = padding === "zero" || padding === "valid";
      const around = plain ? from : add(padded(input, layer, padding), [from], `${name}/padded`);
      return add({ kind: "conv", channels, kernel, strides, pads: padding === "zero" ? "same" : "valid" }, [around]);
    }
    case "activation":
      return add({ kind: "activation", activation: layer.activation });
    case "norm": {
      // Scale and shift are by channels, whatever is normalised.
      const channels = input[input.length - 1];
      const { norm, epsilon = 1e-3 } = layer;
      const z = add({ kind: "norm", norm, epsilon, ...(norm !== "batch" && { axis: 1 }) }, [from], `${name}/normalised`, [
        "scale",
        "shift",
      ]);
      const scale = add({ kind: "constant", shape: [channels] }, [], `${name}/scale`);
      const scaled = add({ kind: "multiply" }, [z, scale], `${name}/scaled`);
      const shift = add({ kind: "constant", shape: [channels] }, [], `${name}/shift`);
      return add({ kind: "add" }, [scaled, shift]);
    }
    case "pool": {
      const how = { kind: "pool", pool: layer.pool } as const;
      if (layer.window === "global") return add({ ...how, window: "global" });
      const window = input.slice(0, -1).map(() => layer.window as number);
      return add({ ...how, window, strides: window });
    }
    case "softmax":
      return add({ kind: "softmax" });
    case "flatten":
      return add({ kind: "reshape", shape: [points, size(input)] });
    case "residual":
    case "concat": {
      const ends = branches.map((branch) => walk(branch, from));
      return layer.kind === "concat" ? add({ kind: "concat" }, ends) : add({ kind: "add", factors: [1, layer.scale ?? 1] }, ends);
    }
    default:
      throw new ConfigError(`a layer of kind ${quote((layer as Layer).kind)} has no form as a graph yet`);
  }
}

/** What a convolution that wraps around or mirrors sees around its input. */
function padded(input: readonly number[], { kernel, stride = 1 }: Layer & { kind: "conv" }, padding: Padding): GraphLayer {
  const missing = kernel.map((k, axis) => Math.max((Math.ceil(input[axis] / stride) - 1) * stride + k - input[axis], 0));
  const before = missing.map((count) => Math.floor(count / 2));
  const after = missing.map((count, axis) => count - before[axis]);
  return { kind: "pad", pads: [0, ...before, 0, 0, ...after, 0], mode: padding === "periodic" ? "wrap" : "symmetric" };
}
