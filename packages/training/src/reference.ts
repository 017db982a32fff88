import { type Matrix, matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { gradient, parameterCount } from "@sonde/nets";
import { batchReader } from "./batches.js";
import { rowsOf } from "./data/rows-of.js";
import type { Beginning, TrainingExecutor, TrainingGroup } from "./executor.js";
import { lossOf } from "./losses/loss.js";
import { multiplications } from "./multiplications.js";
import { openGroup } from "./open-group.js";
import { slotCount } from "./optimizers/optimizer.js";
import { applyUpdate, clipGradient } from "./optimizers/update.js";
import {
  allParameters,
  networkOf,
  type ParameterBlock,
  parameterBlocks,
  trainedRanges,
  whyTooLarge,
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
  refusal: (plan) => whyTooLarge(plan, 8),
  cost({ architecture, batch }) {
    const { dense, conv } = multiplications(architecture);
    return 1e5 * architecture.layers.length + batch * (20 * dense + 80 * conv) + 100 * parameterCount(architecture);
  },
  prepare: async (plan, first, count, saved, pause) => referenceGroup(plan, { first, count, saved, pause }),
};

function referenceGroup(plan: TrainingPlan, beginning: Beginning): Promise<TrainingGroup> {
  const { first, count } = beginning;
  const { inputs, targets, loss, optimizer, l2, decay, clip } = plan;
  const { blocks, size } = parameterBlocks(plan);
  const ranges = trainedRanges(plan, blocks);
  const networks = Array.from({ length: count }, () => {
    const [parameters, ...slots] = Array.from({ length: 1 + slotCount(optimizer) }, () => new Float64Array(size));
    return { parts: [parameters, ...slots], parameters, slots, network: networkOf(plan, viewsOf(blocks, parameters)) };
  });
  const readers = plan.batches === "shared" ? [batchReader(plan, 0)] : networks.map((_, k) => batchReader(plan, first + k));
  const flat = new Float64Array(size);

  const trainOne = (k: number, batch: Batch, step: number): number => {
    const { network, parameters, slots } = networks[k];
    let found = Number.NaN;
    const gradients = gradient(network, batch.inputs, (outputs) => {
      const result = matrix(outputs.rows, outputs.cols);
      found = lossOf(loss, outputs.data, batch.targets.data, outputs.cols, result.data);
      return result;
    });
    writeParameters(allParameters(gradients), blocks, flat);
    if (clip !== undefined) clipGradient(flat, ranges, clip);
    const rate = rateAt(plan, step);
    applyUpdate(optimizer, { parameters, gradient: flat, slots, ranges, rate, l2, decay, step: step + 1 });
    return found;
  };

  return openGroup(
    plan,
    { executor: "reference", ...beginning, values: Float64Array },
    {
      write: (k, part, from) => networks[k].parts[part].set(from),
      read: (k, part, to) => to.set(networks[k].parts[part]),
      advance(from, to, losses) {
        for (let step = from; step < to; step++) {
          const shared = readers.length === 1 ? gather(inputs, targets, readers[0](step)) : undefined;
          for (let k = 0; k < count; k++) losses[k] = trainOne(k, shared ?? gather(inputs, targets, readers[k](step)), step);
        }
      },
      dispose: () => {},
    },
  );
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
