import { type Matrix, matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { gradient, parameterCount } from "@sonde/nets";
import { batchReader } from "./batches.js";
import { rowsOf } from "./data/rows-of.js";
import type { TrainingExecutor, TrainingGroup, TrainingState } from "./executor.js";
import { lossOf } from "./losses/loss.js";
import { slotCount } from "./optimizers/optimizer.js";
import { applyUpdate, clipGradient } from "./optimizers/update.js";
import {
  allParameters,
  initialNetwork,
  networkOf,
  type ParameterBlock,
  parameterBlocks,
  readParameters,
  trainedRanges,
  writeParameters,
} from "./parameters.js";
import type { TrainingPlan } from "./plan.js";
import { rateAt } from "./schedule.js";

/**
 * Plain float64 on top of `gradient`, one network after the other: every architecture, and the meaning of the other executors.
 *
 * @example
 * referenceExecutor.name // "reference"
 */
export const referenceExecutor: TrainingExecutor = {
  name: "reference",
  refusal: () => undefined,
  cost: ({ architecture, batch }) => 1e5 * architecture.layers.length + 60 * batch * parameterCount(architecture),
  prepare: async (plan, first, count, saved) => referenceGroup(plan, first, count, saved),
};

function referenceGroup(plan: TrainingPlan, first: number, count: number, saved?: TrainingState): TrainingGroup {
  const { inputs, targets, loss, optimizer, l2, decay, clip } = plan;
  const { blocks, size: length } = parameterBlocks(plan);
  const ranges = trainedRanges(plan, blocks);
  const start = saved ?? drawn(plan, blocks, length, first, count);
  const all = Float64Array.from(start.parameters);
  const slots = start.slots.map((slot) => Float64Array.from(slot));
  const losses = Float64Array.from(start.losses);
  const networks = Array.from({ length: count }, (_, k) => {
    const own = (values: Float64Array) => values.subarray(k * length, (k + 1) * length);
    const parameters = own(all);
    return { parameters, slots: slots.map(own), network: networkOf(plan, viewsOf(blocks, parameters)) };
  });
  const readers = plan.batches === "shared" ? [batchReader(plan, 0)] : networks.map((_, k) => batchReader(plan, first + k));
  const flat = new Float64Array(length);
  let step = start.step;

  const trainOne = (k: number, batch: Batch, rate: number): void => {
    const { network, parameters, slots } = networks[k];
    const gradients = gradient(network, batch.inputs, (outputs) => {
      const result = matrix(outputs.rows, outputs.cols);
      losses[k] = lossOf(loss, outputs.data, batch.targets.data, outputs.cols, result.data);
      return result;
    });
    writeParameters(allParameters(gradients), blocks, flat);
    if (clip !== undefined) clipGradient(flat, ranges, clip);
    applyUpdate(optimizer, { parameters, gradient: flat, slots, ranges, rate, l2, decay, step: step + 1 });
  };

  return {
    first,
    count,
    get step() {
      return step;
    },
    async advance(steps) {
      for (const end = step + steps; step < end; step++) {
        const rate = rateAt(plan, step);
        const shared = readers.length === 1 ? gather(inputs, targets, readers[0](step)) : undefined;
        for (let k = 0; k < count; k++) trainOne(k, shared ?? gather(inputs, targets, readers[k](step)), rate);
      }
    },
    losses: () => Float64Array.from(losses),
    parameters: (index) => readParameters(blocks, all, index * length),
    save: () => ({
      executor: "reference",
      first,
      count,
      step,
      parameters: Float64Array.from(all),
      slots: slots.map((slot) => Float64Array.from(slot)),
      losses: Float64Array.from(losses),
    }),
    dispose: () => {},
  };
}

/** The state before the first step. */
function drawn(
  plan: TrainingPlan,
  blocks: readonly ParameterBlock[],
  length: number,
  first: number,
  count: number,
): TrainingState {
  const parameters = new Float64Array(count * length);
  for (let k = 0; k < count; k++) writeParameters(allParameters(initialNetwork(plan, first + k)), blocks, parameters, k * length);
  const slots = Array.from({ length: slotCount(plan.optimizer) }, () => new Float64Array(count * length));
  return { executor: "reference", first, count, step: 0, parameters, slots, losses: new Float64Array(count).fill(Number.NaN) };
}

/** The parameters of a network as views: what changes there changes here. */
function viewsOf(blocks: readonly ParameterBlock[], flat: Float64Array): LayerParameters[] {
  return blocks.map(({ start, rows, cols }) => {
    const biases = start + rows * cols;
    return { weights: matrix(rows, cols, flat.subarray(start, biases)), bias: flat.subarray(biases, biases + cols) };
  });
}

interface Batch {
  readonly inputs: Matrix<Float64Array>;
  readonly targets: Matrix<Float64Array>;
}

function gather(inputs: Matrix<Float64Array>, targets: Matrix<Float64Array>, rows: Uint32Array): Batch {
  return { inputs: rowsOf(inputs, rows), targets: rowsOf(targets, rows) };
}
