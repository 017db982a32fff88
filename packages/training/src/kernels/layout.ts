import type { Address, TrainerKernels, TrainerLayout } from "@sonde/kernels/trainer";
import { type Optimizer, slotCount } from "../optimizers/optimizer.js";
import { type ParameterBlock, parameterBlocks } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { outputCount } from "../plan-training.js";
import { place, pointBytes, widest } from "./place.js";
import type { Program } from "./program.js";

/** Networks that lie side by side in a vector. */
export const lanes = 4;

/** Bytes of values that a block of points should not exceed, so that they stay in the processor's first cache; but points of a block at least. */
const [blockBytes, leastBlock] = [32768, 64];

/** Bytes of batches, and steps, that are laid ready for one call. */
const [batchBytes, mostSteps] = [2 ** 20, 256];

/** A layout, and how many steps there is room for. */
export interface LaidOut extends TrainerLayout {
  readonly stepsAtOnce: number;
}

/** Whether what becomes of a point depends on the others of its batch. */
export function needsWholeBatch({ layers }: Program): boolean {
  return layers.some((layer) => layer.kind === "norm" && layer.norm === "batch");
}

/** Points that go forward and back together: all of a batch where statistics are taken over it. */
function blockOf({ batch }: Pick<TrainingPlan, "batch">, program: Program): number {
  if (needsWholeBatch(program)) return batch;
  const fitting = Math.max(leastBlock, Math.floor(blockBytes / pointBytes(program)));
  // In equal parts.
  return Math.ceil(batch / Math.ceil(batch / fitting));
}

/** So many vectors of four lanes and the rest of their last line of the caches: loads of whole vectors from what follows then touch one line each. */
const wholeLines = (vectors: number): number => Math.ceil(vectors / lanes) * lanes;

/** Bytes that groups of four networks of a plan take, about. */
export function bytesOf(plan: TrainingPlan, program: Program, groups: number): number {
  const size = wholeLines(parameterBlocks(plan).size);
  const gradients = updatesAtOnce(plan, program) ? 0 : 1;
  return 16 * size * (groups * (1 + slotCount(plan.optimizer)) + gradients) + blockOf(plan, program) * pointBytes(program);
}

function updatesAtOnce(plan: TrainingPlan, program: Program): boolean {
  return blockOf(plan, program) >= plan.batch && plan.clip === undefined;
}

/** Takes all the room that so many groups of four networks need to be trained. */
export function layOut(kernels: TrainerKernels, plan: TrainingPlan, program: Program, groups: number): LaidOut {
  const { architecture, optimizer, batch, inputs, targets, loss, clip } = plan;
  const { blocks, size } = parameterBlocks(plan);
  const parameters = wholeLines(size);
  const slots = slotCount(optimizer);
  const block = blockOf(plan, program);
  const shared = plan.batches === "shared";
  const values = shared ? 1 : lanes * groups;
  const stepBytes = 4 * values * batch * (inputs.cols + targets.cols);
  const stepsAtOnce = Math.max(1, Math.min(mostSteps, Math.floor(batchBytes / stepBytes)));
  const atOnce = updatesAtOnce(plan, program);
  const batches = (cols: number) => kernels.allocate(4 * values * stepsAtOnce * batch * cols);
  return {
    ...place(kernels, program, block),
    groups,
    parameters,
    states: kernels.allocate(16 * groups * (1 + slots) * parameters),
    slots,
    gradients: kernels.allocate(16 * (atOnce ? largest(blocks) : size)),
    updatesAtOnce: atOnce,
    block,
    inputs: inputs.cols,
    outputs: outputCount(architecture),
    spare: kernels.allocate(16 * block * widest(program)),
    scratch: scratchFor(kernels, program),
    table: kernels.allocate(16 * stepsAtOnce),
    stepsAtOnce,
    shared,
    batch,
    batchInputs: batches(inputs.cols),
    batchTargets: batches(targets.cols),
    targets: targets.cols,
    loss: loss.name,
    ...(loss.name === "huber" && { delta: loss.delta }),
    losses: kernels.allocate(8 * lanes * groups),
    ...constantsOf(optimizer),
    l2: plan.l2,
    decaysBiases: plan.decayBiases,
    ...(clip !== undefined && { clip }),
  };
}

function largest(blocks: readonly ParameterBlock[]): number {
  return blocks.reduce((most, { rows, cols }) => Math.max(most, (rows + 1) * cols), 1);
}

function scratchFor(kernels: TrainerKernels, { values, layers }: Program): Address {
  return kernels.allocate(layers.reduce((most, { x, y }) => Math.max(most, kernels.scratchBytes(values[x], values[y])), 0));
}

function constantsOf(optimizer: Optimizer): Pick<TrainerLayout, "optimizer" | "decays" | "epsilon"> {
  switch (optimizer.name) {
    case "sgd":
      return { optimizer: "sgd", decays: [0, 0], epsilon: 0 };
    case "momentum":
    case "nesterov":
      return { optimizer: optimizer.name, decays: [optimizer.momentum, 0], epsilon: 0 };
    case "rmsprop":
      return { optimizer: "rmsprop", decays: [optimizer.alpha, 0], epsilon: optimizer.epsilon };
    case "adam":
    case "adamw":
      return { optimizer: "adam", decays: [optimizer.beta1, optimizer.beta2], epsilon: optimizer.epsilon };
  }
}
