import { pow } from "@sonde/core/math";
import type { LayerParameters } from "@sonde/init";
import { type TrainerLayout, type TrainerStep, trainerKernels } from "@sonde/kernels/trainer";
import { inferShapes, parameterCount } from "@sonde/nets";
import { batchReader } from "../batches.js";
import { initialNetwork } from "../draw.js";
import type { TrainingExecutor, TrainingGroup, TrainingState } from "../executor.js";
import { type Optimizer, slotCount } from "../optimizers/optimizer.js";
import { parameterBlocks, readParameters, writeParameters } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { outputCount } from "../plan-training.js";
import { rateAt } from "../schedule.js";
import { type Program, place, pointBytes, programOf, whyNotInKernels } from "./compile.js";

const lanes = 4;

/** Bytes of values that a block of points should not exceed, so that they stay in the processor's first cache; but points of a block at least. */
const [blockBytes, leastBlock] = [32768, 64];

/** Bytes of batches, and steps, that are laid ready for one call. */
const [batchBytes, mostSteps] = [2 ** 20, 256];

/** Bytes that a group may need. */
const mostBytes = 0.9 * 2 ** 30;

/** The smallest epsilon of an optimiser beside which squares of gradients that float32 cannot hold do not matter. */
const leastEpsilon = 1e-12;

/**
 * Four networks at a time in WebAssembly, float32: forward, back and updated without leaving it. Dense layers, embeddings, norms, residual and concat blocks, the activations that the kernels know.
 *
 * @example
 * kernelExecutor.name // "kernels"
 */
export const kernelExecutor: TrainingExecutor = {
  name: "kernels",
  refusal,
  cost: ({ architecture, batch }) => 1000 + (batch + 20) * parameterCount(architecture) * 1.5,
  prepare: async (plan, first, count, saved) => kernelGroup(plan, first, count, saved),
};

function refusal(plan: TrainingPlan): string | undefined {
  const { architecture, optimizer } = plan;
  const reason = whyNotInKernels(inferShapes(architecture));
  if (reason) return reason;
  if ("epsilon" in optimizer && optimizer.epsilon < leastEpsilon)
    return `an epsilon of ${optimizer.epsilon} is too small beside float32`;
  const program = programOf(plan);
  const bytes =
    lanes * 4 * parameterCount(architecture) * (2 + slotCount(optimizer)) + blockOf(plan, program) * pointBytes(program);
  if (bytes > mostBytes) return `four networks would need ${Math.ceil(bytes / 2 ** 20)} MiB`;
  return undefined;
}

/** Points that go forward and back together: all of a batch where statistics are taken over it. */
function blockOf({ batch }: TrainingPlan, program: Program): number {
  if (program.layers.some((layer) => layer.kind === "norm" && layer.norm === "batch")) return batch;
  const fitting = Math.max(leastBlock, Math.floor(blockBytes / pointBytes(program)));
  // In equal parts.
  return Math.ceil(batch / Math.ceil(batch / fitting));
}

function kernelGroup(plan: TrainingPlan, first: number, count: number, saved?: TrainingState): TrainingGroup {
  const { architecture, optimizer, batch, batches, inputs, targets } = plan;
  const { blocks, size } = parameterBlocks(architecture);
  const slots = slotCount(optimizer);
  const groups = Math.ceil(count / lanes);
  const shared = batches === "shared";
  const kernels = trainerKernels();
  const program = programOf(plan);
  const block = blockOf(plan, program);
  const values = shared ? 1 : lanes * groups;
  const stepBytes = 4 * values * batch * (inputs.cols + targets.cols);
  const stepsAtOnce = Math.max(1, Math.min(mostSteps, Math.floor(batchBytes / stepBytes)));
  const updatesAtOnce = block >= batch && plan.clip === undefined;
  const largest = blocks.reduce((most, { rows, cols }) => Math.max(most, (rows + 1) * cols), 1);
  const widest = program.values.reduce((most, units) => Math.max(most, units), 1);
  const scratch = program.layers.reduce(
    (most, { x, y }) => Math.max(most, kernels.scratchBytes(program.values[x], program.values[y])),
    0,
  );
  const placed = place(kernels, program, block);
  const layout: TrainerLayout = {
    ...placed,
    groups,
    parameters: size,
    states: kernels.allocate(16 * groups * (1 + slots) * size),
    slots,
    gradients: kernels.allocate(16 * (updatesAtOnce ? largest : size)),
    updatesAtOnce,
    block,
    inputs: inputs.cols,
    outputs: outputCount(architecture),
    spare: kernels.allocate(16 * block * widest),
    scratch: kernels.allocate(scratch),
    table: kernels.allocate(16 * stepsAtOnce),
    shared,
    batch,
    batchInputs: kernels.allocate(4 * values * stepsAtOnce * batch * inputs.cols),
    batchTargets: kernels.allocate(4 * values * stepsAtOnce * batch * targets.cols),
    targets: targets.cols,
    loss: plan.loss.name,
    ...(plan.loss.name === "huber" && { delta: plan.loss.delta }),
    losses: kernels.allocate(32 * groups),
    ...constantsOf(optimizer),
    l2: plan.l2,
    decaysBiases: plan.decayBiases,
    ...(plan.clip !== undefined && { clip: plan.clip }),
  };
  const defined = kernels.define(layout);
  /** What belongs to one of the networks: its parameters, or what is remembered of them. */
  const part = (k: number, slot: number): Float32Array => {
    const group = Math.floor(k / lanes);
    return kernels.floats(layout.states + 16 * size * (group * (1 + slots) + slot), lanes * size);
  };
  const spread = (k: number, slot: number, from: ArrayLike<number>, start = 0): void => {
    const to = part(k, slot);
    for (let i = 0, j = k % lanes; i < size; i++, j += lanes) to[j] = from[start + i];
  };
  const collect = (k: number, slot: number, to: Float32Array, start: number): void => {
    const from = part(k, slot);
    for (let i = 0, j = k % lanes; i < size; i++, j += lanes) to[start + i] = from[j];
  };
  kernels.bytes(layout.states, 16 * groups * (1 + slots) * size).fill(0);
  if (saved) {
    for (let k = 0; k < count; k++)
      [saved.parameters, ...saved.slots].forEach((values, slot) => {
        spread(k, slot, values, k * size);
      });
  } else {
    const flat = new Float32Array(size);
    for (let k = 0; k < count; k++) {
      writeParameters(initialNetwork(plan, first + k).parameters, blocks, flat);
      spread(k, 0, flat);
    }
  }
  const losses = saved ? Float64Array.from(saved.losses) : new Float64Array(count).fill(Number.NaN);
  const readers = shared ? [batchReader(plan, 0)] : Array.from({ length: count }, (_, k) => batchReader(plan, first + k));
  let step = saved?.step ?? 0;

  /** Lays the batches of steps `step`, `step + 1`, ... ready; returns what else these steps need to know. */
  const layReady = (steps: number): TrainerStep[] => {
    const toInputs = kernels.floats(layout.batchInputs, values * steps * batch * inputs.cols);
    const toTargets = kernels.floats(layout.batchTargets, values * steps * batch * targets.cols);
    return Array.from({ length: steps }, (_, s) => {
      let points = 0;
      readers.forEach((reader, k) => {
        const rows = reader(step + s);
        points = rows.length;
        const place = shared ? { first: s * batch, stride: 1, lane: 0 } : laneOf(s, k);
        gather(inputs, rows, toInputs, place);
        gather(targets, rows, toTargets, place);
      });
      return { points, ...ratesOf(plan, step + s) };
    });
  };
  const laneOf = (s: number, k: number) => ({
    first: (s * groups + Math.floor(k / lanes)) * batch,
    stride: lanes,
    lane: k % lanes,
  });

  return {
    first,
    count,
    get step() {
      return step;
    },
    async advance(steps) {
      for (const end = step + steps; step < end; ) {
        const some = Math.min(stepsAtOnce, end - step);
        kernels.train(defined, layout, layReady(some));
        step += some;
      }
      if (steps > 0) losses.set(kernels.doubles(layout.losses, count));
    },
    losses: () => Float64Array.from(losses),
    parameters(index): LayerParameters[] {
      const flat = new Float32Array(size);
      collect(index, 0, flat, 0);
      return readParameters(blocks, flat);
    },
    save() {
      const all = Array.from({ length: 1 + slots }, (_, slot) => {
        const flat = new Float32Array(count * size);
        for (let k = 0; k < count; k++) collect(k, slot, flat, k * size);
        return flat;
      });
      return {
        executor: "kernels",
        first,
        count,
        step,
        parameters: all[0],
        slots: all.slice(1),
        losses: Float64Array.from(losses),
      };
    },
    dispose: () => {},
  };
}

/** The rates of a step as the kernels take them. */
function ratesOf(plan: TrainingPlan, step: number): Omit<TrainerStep, "points"> {
  const rate = rateAt(plan, step);
  const keep = 1 - rate * plan.decay;
  const { optimizer } = plan;
  if (optimizer.name !== "adam" && optimizer.name !== "adamw") return { rate, root: 1, keep };
  const corrected = rate / (1 - pow(optimizer.beta1, step + 1));
  return { rate: corrected, root: 1 / Math.sqrt(1 - pow(optimizer.beta2, step + 1)), keep };
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

interface Rows {
  readonly cols: number;
  readonly data: Float64Array;
}

/** Copies rows to one lane of points `first`, `first + 1`, ... */
function gather(
  { cols, data }: Rows,
  rows: Uint32Array,
  to: Float32Array,
  { first, stride, lane }: { readonly first: number; readonly stride: number; readonly lane: number },
): void {
  let at = first * cols * stride + lane;
  for (let p = 0; p < rows.length; p++) for (let k = rows[p] * cols, end = k + cols; k < end; k++, at += stride) to[at] = data[k];
}
