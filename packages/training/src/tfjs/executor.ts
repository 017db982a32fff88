import { type Matrix, matrix } from "@sonde/core";
import type { TensorFlow } from "@sonde/core/tfjs";
import type { Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { batchReader } from "../batches.js";
import { rowsOf } from "../data/rows-of.js";
import type { Beginning, TrainingExecutor, TrainingGroup } from "../executor.js";
import { openGroup } from "../open-group.js";
import { slotCount } from "../optimizers/optimizer.js";
import { networkOf, parameterBlocks, readParameters, whyTooLarge } from "../parameters.js";
import type { TrainingPlan } from "../plan.js";
import { rateAt } from "../schedule.js";
import { tfjsCost } from "./cost.js";
import { layerVariables } from "./layers.js";
import { loadGradients } from "./load-gradients.js";
import { tensorLoss } from "./loss.js";
import { toTfjs } from "./to-tfjs.js";
import { clipped, type TrainedVariable, updateVariable } from "./update.js";

/**
 * Trains on TensorFlow.js, one network after the other, in float32: for what the kernels do not do, such as convolutions, on any backend. Its costs are about those of wasm on a processor, where it is ahead of the
 * reference for convolutions. The numbers are those of the backend: the same bits only on the same one. Give it to `train` among its `executors`, and its name, `tfjs`, as the `executor`.
 */
export function tfjsExecutor(tf: TensorFlow): TrainingExecutor {
  return {
    name: "tfjs",
    refusal: (plan) => whyTooLarge(plan, 4),
    cost: tfjsCost,
    prepare: async (plan, first, count, saved, pause) => {
      await loadGradients(tf);
      return tfjsGroup(tf, plan, { first, count, saved, pause });
    },
  };
}

function tfjsGroup(tf: TensorFlow, plan: TrainingPlan, beginning: Beginning): Promise<TrainingGroup> {
  const { first, count } = beginning;
  const { blocks } = parameterBlocks(plan);
  const members = Array.from({ length: count }, (_, k) => member(tf, plan, first + k));
  return openGroup(
    plan,
    { executor: "tfjs", ...beginning, values: Float32Array },
    {
      write: (k, part, from) =>
        members[k].parts[part].forEach(({ weights, bias }, p) => {
          const { start, rows, cols } = blocks[p];
          const biases = start + rows * cols;
          assign(tf, weights, from.subarray(start, biases));
          assign(tf, bias, from.subarray(biases, biases + cols));
        }),
      read: (k, part, to) =>
        members[k].parts[part].forEach(({ weights, bias }, p) => {
          const { start, rows, cols } = blocks[p];
          to.set(weights.dataSync(), start);
          to.set(bias.dataSync(), start + rows * cols);
        }),
      async advance(from, to, losses) {
        for (let step = from; step < to; step++) for (const one of members) one.update(step);
        for (const [k, one] of members.entries()) losses[k] = await one.loss();
      },
      outputs: (k, points) => members[k].outputs(points),
      dispose: () => {
        for (const one of members) one.dispose();
      },
    },
  );
}

function assign(tf: TensorFlow, variable: Variable, values: Float64Array | Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(values), variable.shape, "float32")));
}

/** One network in training, all values of it 0 at first. */
function member(tf: TensorFlow, plan: TrainingPlan, number: number) {
  const { inputs, targets, optimizer, clip, l2, decay } = plan;
  const { blocks, size } = parameterBlocks(plan);
  const nothing = () => readParameters(blocks, new Float32Array(size));
  const network = toTfjs(tf, networkOf(plan, nothing()));
  const slots = Array.from({ length: slotCount(optimizer) }, () => nothing().map((own) => layerVariables(tf, own)));
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
  const tensor = ({ rows, cols, data }: Matrix): Tensor2D => tf.tensor2d(Float32Array.from(data), [rows, cols], "float32");

  return {
    parts: [network.layers, ...slots],
    /** Of the last batch. */
    loss: async () => (last ? (await last.data())[0] : Number.NaN),
    update(step: number) {
      const found = tf.tidy(() => {
        const rows = batchAt(step);
        const x = tensor(rowsOf(inputs, rows));
        const t = tensor(rowsOf(targets, rows));
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
    outputs(points: Matrix): Matrix {
      const y = tf.tidy(() => network.forward(tensor(points)));
      const values = matrix(points.rows, y.shape[1], y.dataSync() as Float32Array);
      y.dispose();
      return values;
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
