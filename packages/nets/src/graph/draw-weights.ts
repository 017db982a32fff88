import { type Stream, split } from "@sonde/core";
import { initialiser, type LayerParameters, type LayerShape } from "@sonde/init";
import type { LayerInit } from "../architecture.js";
import type { Graph } from "./graph.js";
import { graphShapes } from "./graph-shapes.js";
import type { WeightLayout, Weights, WeightTensor } from "./layer-kind.js";
import type { GraphWeights } from "./run-graph.js";
import { count, stridesOf } from "./tensor.js";

export interface DrawWeightsOptions {
  /** How the weights of a layer are drawn, by its name; default he-normal with zero bias. */
  readonly init?: (layer: string) => LayerInit | undefined;
  /** Weights that are not drawn but given: constants, tables of words. */
  readonly given?: GraphWeights;
}

/**
 * Random weights for a graph: layer p among those with weights that are drawn comes from `split(stream, p)`, scales and shifts of norms are 1 and 0, constants are as they were given. Each layer is drawn when it is asked for, and again
 * when it is asked again.
 */
export function drawWeights(graph: Graph, stream: Stream, { init, given }: DrawWeightsOptions = {}): GraphWeights {
  const shaped = graphShapes(graph);
  const drawn = shaped.filter(({ weights }) => Object.values(weights).some(({ begin }) => begin.kind === "weights"));
  const numbers = new Map(drawn.map(({ node }, p) => [node.name, p]));
  const specs = new Map(shaped.map(({ node, weights }) => [node.name, weights]));
  return (layer) => {
    const own = specs.get(layer) ?? {};
    const made = new Map<string, LayerParameters>();
    const parameters = (fans: LayerShape): LayerParameters => {
      const key = JSON.stringify(fans);
      const known = made.get(key);
      if (known) return known;
      const random = split(split(stream, numbers.get(layer) ?? 0), made.size);
      const { init: name, weightVariance, bias } = init?.(layer) ?? {};
      const fresh = initialiser({ init: name, weightVariance, bias }).draw(random, fans);
      made.set(key, fresh);
      return fresh;
    };
    const tensors: Record<string, WeightTensor | undefined> = {};
    for (const [role, { shape, begin }] of Object.entries(own))
      tensors[role] =
        begin.kind === "given"
          ? given?.(layer)[role]
          : begin.kind === "constant"
            ? heldWeights(shape, new Float64Array(count(shape)).fill(begin.value))
            : begin.kind === "bias"
              ? heldWeights(shape, parameters(begin.fans).bias)
              : heldWeights(shape, laidOut(parameters(begin.fans), begin.fans, begin.layout, count(shape)));
    return tensors satisfies Weights;
  };
}

/** Weights that are in memory. */
export function heldWeights(shape: readonly number[], data: Float64Array): WeightTensor {
  return { shape, values: (start = 0, some = data.length - start) => data.subarray(start, start + some) };
}

/** Weights `[kernel inputs, outputs]` in the order of a layer's axes. */
function laidOut(
  { weights }: LayerParameters,
  { kernel, inputs, outputs }: LayerShape,
  layout: WeightLayout,
  size: number,
): Float64Array {
  if (layout === "outputs-last" || weights.data.length !== size) return weights.data.subarray(0, size);
  const field = count(kernel);
  const [byOutput, byInput] = stridesOf([outputs, inputs, field]);
  const result = new Float64Array(size);
  for (let t = 0; t < field; t++)
    for (let c = 0; c < inputs; c++)
      for (let o = 0; o < outputs; o++) result[o * byOutput + c * byInput + t] = weights.data[(t * inputs + c) * outputs + o];
  return result;
}
