import { matrix } from "@sonde/core";
import { fanIn, type LayerParameters } from "@sonde/init";
import { inferShapes, limits, type Network, networkStream, randomNetwork, type ShapedLayer } from "@sonde/nets";
import { slotCount } from "./optimizers/optimizer.js";
import type { TrainedRange } from "./optimizers/update.js";
import type { TrainingPlan } from "./plan.js";

/** Where the parameters of one layer lie in the flat list of a network's parameters: `[weights row-major, biases]`. */
export interface ParameterBlock {
  readonly start: number;
  /** Rows and columns of the weights; there are as many biases as columns. */
  readonly rows: number;
  readonly cols: number;
  /** Whether it is an embedding, whose bias is 0 and is not trained. */
  readonly embedding: boolean;
  /** Whether it is the scale (one row) and the shift of a norm. */
  readonly norm: boolean;
}

/** The blocks of a network's parameters, and how many values they are: of the layers with weights in the order of `Network.parameters`, then where norms are trained of those in the order of `Network.norms`. */
export function parameterBlocks({ architecture, trainNorms }: Pick<TrainingPlan, "architecture" | "trainNorms">): {
  readonly blocks: readonly ParameterBlock[];
  readonly size: number;
} {
  const blocks: ParameterBlock[] = [];
  let size = 0;
  const add = (rows: number, cols: number, kind: string) => {
    blocks.push({ start: size, rows, cols, embedding: kind === "embedding", norm: kind === "norm" });
    size += (rows + 1) * cols;
  };
  const layers = allLayers(inferShapes(architecture));
  for (const { layer, weights } of layers) if (weights) add(fanIn(weights), weights.outputs, layer.kind);
  if (trainNorms) for (const { channels } of normsOf(layers)) add(1, channels, "norm");
  return { blocks, size };
}

/** Why networks, up to four at a time, cannot be held with their gradients and what the optimiser remembers, at so many bytes for a value: `undefined` if they can. */
export function whyTooLarge(plan: Pick<TrainingPlan, "architecture" | "trainNorms" | "optimizer" | "runs">, valueBytes: number) {
  const networks = Math.min(plan.runs, 4);
  const bytes = valueBytes * networks * parameterBlocks(plan).size * (2 + slotCount(plan.optimizer));
  if (bytes <= limits.bytes) return undefined;
  return `${networks === 1 ? "one network" : `${networks} networks`} would need ${Math.ceil(bytes / 2 ** 20)} MiB, the most are ${limits.bytes / 2 ** 20}`;
}

/** Network k of a plan before training: the one that an ensemble of the same seed draws. Initialisers that look at data see the training points. */
export function initialNetwork(
  { architecture, inputs, seed, trainNorms }: Pick<TrainingPlan, "architecture" | "inputs" | "seed" | "trainNorms">,
  k: number,
): Network {
  const network = randomNetwork(architecture, networkStream(seed, k), { inputs });
  if (!trainNorms) return network;
  const norms = normsOf(allLayers(inferShapes(architecture))).map(({ channels, gamma, beta }) => ({
    weights: matrix(1, channels, new Float64Array(channels).fill(gamma)),
    bias: new Float64Array(channels).fill(beta),
  }));
  return { ...network, norms };
}

/** The network with these parameters, those of its norms after all others. */
export function networkOf(
  { architecture, trainNorms }: Pick<TrainingPlan, "architecture" | "trainNorms">,
  parameters: readonly LayerParameters[],
): Network {
  if (!trainNorms) return { architecture, parameters };
  const weighted = parameters.length - normsOf(allLayers(inferShapes(architecture))).length;
  return { architecture, parameters: parameters.slice(0, weighted), norms: parameters.slice(weighted) };
}

/** The parameters of a network, or its gradient, as one list, those of its norms after all others. */
export function allParameters({ parameters, norms = [] }: Pick<Network, "parameters" | "norms">): readonly LayerParameters[] {
  return norms.length > 0 ? [...parameters, ...norms] : parameters;
}

/** Depth-first, as parameters are counted. */
function allLayers(layers: readonly ShapedLayer[]): ShapedLayer[] {
  return layers.flatMap((shaped) => [shaped, ...shaped.branches.flatMap(allLayers)]);
}

function normsOf(layers: readonly ShapedLayer[]): { readonly channels: number; readonly gamma: number; readonly beta: number }[] {
  return layers.flatMap(({ layer, input }) =>
    layer.kind === "norm" ? [{ channels: input[input.length - 1], gamma: layer.gamma ?? 1, beta: layer.beta ?? 0 }] : [],
  );
}

/** Writes the parameters of a network to the flat list, from `offset` on. */
export function writeParameters(
  parameters: readonly LayerParameters[],
  blocks: readonly ParameterBlock[],
  flat: Float64Array | Float32Array,
  offset = 0,
): void {
  blocks.forEach(({ start, rows, cols }, p) => {
    flat.set(parameters[p].weights.data, offset + start);
    flat.set(parameters[p].bias, offset + start + rows * cols);
  });
}

/** The parameters of a network out of the flat list, copied. */
export function readParameters(
  blocks: readonly ParameterBlock[],
  flat: Float64Array | Float32Array,
  offset = 0,
): LayerParameters[] {
  return blocks.map(({ start, rows, cols }) => {
    const first = offset + start;
    const biases = first + rows * cols;
    return {
      weights: matrix(rows, cols, Float64Array.from(flat.subarray(first, biases))),
      bias: Float64Array.from(flat.subarray(biases, biases + cols)),
    };
  });
}

/** The stretches of a network's flat parameters that a plan trains, in order. */
export function trainedRanges(
  { trainBiases, decayBiases }: Pick<TrainingPlan, "trainBiases" | "decayBiases">,
  blocks: readonly ParameterBlock[],
): TrainedRange[] {
  return blocks.flatMap(({ start, rows, cols, embedding }) => {
    const biases = start + rows * cols;
    const weights = { start, end: biases, decays: true };
    return trainBiases && !embedding ? [weights, { start: biases, end: biases + cols, decays: decayBiases }] : [weights];
  });
}
