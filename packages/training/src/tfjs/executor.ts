import type { TensorFlow } from "@sonde/core/tfjs";
import { parameterCount } from "@sonde/nets";
import type { Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { batchReader } from "../batches.js";
import { rowsOf } from "../data/rows-of.js";
import type { TrainingExecutor, TrainingGroup, TrainingState } from "../executor.js";
import { slotCount } from "../optimizers/optimizer.js";
import { initialNetwork, networkOf, parameterBlocks, readParameters } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { rateAt } from "../schedule.js";
import { type LayerVariables, layerVariables } from "./layers.js";
import { loadGradients } from "./load-gradients.js";
import { tensorLoss } from "./loss.js";
import { toTfjs } from "./to-tfjs.js";
import { clipped, type TrainedVariable, updateVariable } from "./update.js";

/**
 * Trains on TensorFlow.js, one network after the other, in float32: for what the kernels do not do, such as convolutions and large layers, on any backend that can differentiate (cpu, webgl, webgpu; wasm lacks the
 * gradients of convolutions). The numbers are those of the backend: the same bits only on the same one. Give it to `train` among its `executors`, and its name, `tfjs`, as the `executor`.
 */
export function tfjsExecutor(tf: TensorFlow): TrainingExecutor {
  return {
    name: "tfjs",
    refusal: () => undefined,
    cost: ({ architecture, batch }) => 2e7 * architecture.layers.length + 20 * batch * parameterCount(architecture),
    prepare: async (plan, first, count, saved) => {
      await loadGradients(tf);
      return tfjsGroup(tf, plan, first, count, saved);
    },
  };
}

function tfjsGroup(tf: TensorFlow, plan: TrainingPlan, first: number, count: number, saved?: TrainingState): TrainingGroup {
  const { blocks, size } = parameterBlocks(plan);
  const members = Array.from({ length: count }, (_, k) => member(tf, plan, first + k, saved && stateOf(saved, k, size)));
  let step = saved?.step ?? 0;

  /** `[count, parameters]` of what each member holds. */
  const gathered = (layersOf: (k: number) => readonly LayerVariables[]): Float32Array => {
    const all = new Float32Array(count * size);
    for (let k = 0; k < count; k++)
      layersOf(k).forEach(({ weights, bias }, p) => {
        const { start, rows, cols } = blocks[p];
        all.set(weights.dataSync(), k * size + start);
        all.set(bias.dataSync(), k * size + start + rows * cols);
      });
    return all;
  };

  return {
    first,
    count,
    get step() {
      return step;
    },
    async advance(steps) {
      for (const end = step + steps; step < end; step++) for (const one of members) one.update(step);
      for (const one of members) await one.readLoss();
    },
    losses: () => Float64Array.from(members, ({ loss }) => loss()),
    parameters: (index) =>
      readParameters(
        blocks,
        gathered((k) => (k === index ? members[k].layers : [])),
        index * size,
      ),
    save: () => ({
      executor: "tfjs",
      first,
      count,
      step,
      parameters: gathered((k) => members[k].layers),
      slots: Array.from({ length: slotCount(plan.optimizer) }, (_, s) => gathered((k) => members[k].slots[s])),
      losses: Float64Array.from(members, ({ loss }) => loss()),
    }),
    dispose: () => {
      for (const one of members) one.dispose();
    },
  };
}

/** What was saved of one network. */
interface SavedNetwork {
  readonly parameters: Float64Array | Float32Array;
  readonly slots: readonly (Float64Array | Float32Array)[];
  readonly loss: number;
}

function stateOf({ parameters, slots, losses }: TrainingState, k: number, size: number): SavedNetwork {
  const own = (values: Float64Array | Float32Array) => values.slice(k * size, (k + 1) * size);
  return { parameters: own(parameters), slots: slots.map(own), loss: losses[k] };
}

/** One network in training. */
function member(tf: TensorFlow, plan: TrainingPlan, number: number, saved?: SavedNetwork) {
  const { inputs, targets, optimizer, clip, l2, decay } = plan;
  const { blocks, size } = parameterBlocks(plan);
  const start = saved ? networkOf(plan, readParameters(blocks, saved.parameters)) : initialNetwork(plan, number);
  const network = toTfjs(tf, start);
  const slots = Array.from({ length: slotCount(optimizer) }, (_, s): LayerVariables[] =>
    readParameters(blocks, saved?.slots[s] ?? new Float32Array(size)).map((own) => layerVariables(tf, own)),
  );
  const trained = network.layers.flatMap(({ weights, bias }, p): TrainedVariable[] => {
    const of = (part: "weights" | "bias", variable: Variable, decays: boolean) => ({
      variable,
      decays,
      slots: slots.map((slot) => slot[p][part]),
    });
    const own = [of("weights", weights, true)];
    if (plan.trainBiases && !blocks[p].embedding) own.push(of("bias", bias, plan.decayBiases));
    return own;
  });
  const variables = trained.map(({ variable }) => variable);
  const batchAt = batchReader(plan, plan.batches === "shared" ? 0 : number);
  let last: Scalar | undefined;
  let loss = saved?.loss ?? Number.NaN;
  const tensor = (rows: Uint32Array, from: TrainingPlan["inputs"]): Tensor2D =>
    tf.tensor2d(Float32Array.from(rowsOf(from, rows).data), [rows.length, from.cols], "float32");

  return {
    layers: network.layers,
    slots,
    loss: () => loss,
    update(step: number) {
      const found = tf.tidy(() => {
        const rows = batchAt(step);
        const x = tensor(rows, inputs);
        const t = tensor(rows, targets);
        const { value, grads } = tf.variableGrads(() => tensorLoss(tf, plan.loss, network.forward(x), t), variables);
        const all: Tensor[] = variables.map(({ name }) => grads[name]);
        const ready = clip === undefined ? all : clipped(tf, all, clip);
        trained.forEach((one, i) => {
          updateVariable(tf, optimizer, one, ready[i], { rate: rateAt(plan, step), l2, decay, step: step + 1 });
        });
        return value;
      });
      last?.dispose();
      last = found;
    },
    async readLoss() {
      if (last) [loss] = await last.data();
    },
    dispose() {
      last?.dispose();
      network.dispose();
      for (const slot of slots)
        for (const { weights, bias } of slot) {
          weights.dispose();
          bias.dispose();
        }
    },
  };
}
