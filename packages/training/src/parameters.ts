import { matrix } from "@sonde/core";
import { fanIn, type LayerParameters } from "@sonde/init";
import { type Architecture, inferShapes, type ShapedLayer } from "@sonde/nets";
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
}

/** The blocks of an architecture's parameters, in the order of `Network.parameters`, and how many values they are. */
export function parameterBlocks(architecture: Architecture): {
  readonly blocks: readonly ParameterBlock[];
  readonly size: number;
} {
  const blocks: ParameterBlock[] = [];
  let size = 0;
  const visit = (layers: readonly ShapedLayer[]): void => {
    for (const { layer, weights, branches } of layers) {
      if (weights) {
        const rows = fanIn(weights);
        blocks.push({ start: size, rows, cols: weights.outputs, embedding: layer.kind === "embedding" });
        size += (rows + 1) * weights.outputs;
      }
      branches.forEach(visit);
    }
  };
  visit(inferShapes(architecture));
  return { blocks, size };
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
