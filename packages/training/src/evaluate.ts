import { type Matrix, matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { forward, gradient, type Network } from "@sonde/nets";
import { firstRows } from "./data/rows-of.js";
import type { Examples, TrainingData } from "./data/training-data.js";
import { lossOf } from "./losses/loss.js";
import { multiplications } from "./multiplications.js";
import { allParameters } from "./parameters.js";
import type { Pause } from "./pause.js";
import type { TrainingPlan } from "./plan.js";
import { outputCount, targetsFor } from "./plan-training.js";

/** What a network does at some step of its training; absent where it was not asked, NaN where its values are not finite. */
export interface Evaluation {
  /** Whether parameters and outputs are finite. */
  readonly finite: boolean;
  /** The training loss, without weight decay. */
  readonly loss: number;
  /** The share of points whose class is the largest output (of a single output: the nearer of 0 and 1). */
  readonly accuracy?: number;
  readonly testLoss?: number;
  readonly testAccuracy?: number;
  /** The largest range over the probe's points that an output has. */
  readonly range: number;
  /** The mean of each output over the probe's points. */
  readonly means: readonly number[];
  /** The norm of the loss's gradient by the parameters of each layer with weights, in their order. */
  readonly gradientNorms: readonly number[];
}

/** Points that it is done with: all, of at most so many. */
const most = { loss: 4096, gradient: 256 } as const;

/** Multiplications that one look at a network's activations may take, and points that it is done with in any case: a second or less. */
const [multiplicationsAtOnce, leastPoints] = [5e8, 64];

/** The points, of at most `most`, that a network of this size is looked at with. */
export function affordable({ architecture }: Pick<TrainingPlan, "architecture">, most: number): number {
  const { dense, conv } = multiplications(architecture);
  return Math.min(most, Math.max(leastPoints, Math.floor(multiplicationsAtOnce / Math.max(1, dense + conv))));
}

/** Makes the outputs of a network for points. */
export type OutputsOf = (points: Matrix<Float64Array>) => Matrix;

/** Prepares evaluations of a plan's networks; outputs come from `forward` unless another way is given. Batch norm uses the statistics of the points that it is shown. */
export function evaluator(
  plan: TrainingPlan,
  data: TrainingData,
): (network: Network, options?: { readonly outputsOf?: OutputsOf; readonly pause?: Pause }) => Promise<Evaluation> {
  const { loss } = plan;
  const outputs = outputCount(plan.architecture);
  const { classes } = data;
  const labels = classes === undefined ? undefined : data.targets;
  const test = data.test && targetsFor(data.test, classes, outputs, loss);
  const part = (examples: Examples, count: number) => ({
    inputs: firstRows(examples.inputs, count),
    targets: firstRows(examples.targets, count),
  });
  // Outputs of four networks are made together, and those of kernels fast.
  const forLoss = Math.min(most.loss, 8 * affordable(plan, most.loss));
  const all = part(plan, forLoss);
  const steep = part(plan, affordable(plan, most.gradient));
  const tested = test && part(test, forLoss);

  const judge = (outputsOf: OutputsOf, { inputs, targets }: Examples, classes: Matrix<Float64Array> | undefined) => {
    const y = outputsOf(inputs);
    return { loss: lossOf(loss, y.data, targets.data, outputs), ...(classes && { accuracy: accuracyOf(y, classes) }) };
  };

  return async (network, { outputsOf = (points: Matrix<Float64Array>) => forward(network, points), pause } = {}) => {
    if (!allParameters(network).every(isFiniteLayer)) return notFinite(network.parameters.length);
    const training = judge(outputsOf, all, labels);
    await pause?.();
    const testing = tested && judge(outputsOf, tested, labels && data.test?.targets);
    await pause?.();
    const { range, means } = spreadOf(outputsOf(data.probe));
    const finite = Number.isFinite(training.loss) && Number.isFinite(range);
    return {
      finite,
      ...training,
      ...(testing && { testLoss: testing.loss, testAccuracy: testing.accuracy }),
      range,
      means,
      gradientNorms: finite ? gradientNorms(network, steep, loss, outputs) : network.parameters.map(() => Number.NaN),
    };
  };
}

function gradientNorms(network: Network, { inputs, targets }: Examples, loss: TrainingPlan["loss"], width: number): number[] {
  const { parameters } = gradient(network, inputs, (outputs) => {
    const result = matrix(outputs.rows, outputs.cols);
    lossOf(loss, outputs.data, targets.data, width, result.data);
    return result;
  });
  return parameters.map(({ weights, bias }) => Math.sqrt(squares(weights.data) + squares(bias)));
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] * values[k];
  return sum;
}

function accuracyOf(outputs: Matrix, classes: Matrix<Float64Array>): number {
  const { rows, cols, data } = outputs;
  let right = 0;
  for (let p = 0; p < rows; p++) {
    let best = 0;
    if (cols === 1) best = data[p] > 0.5 ? 1 : 0;
    else for (let j = 1; j < cols; j++) if (data[p * cols + j] > data[p * cols + best]) best = j;
    if (best === classes.data[p]) right++;
  }
  return right / rows;
}

/** The largest range of an output over the points, and the mean of each. */
function spreadOf({ rows, cols, data }: Matrix): { readonly range: number; readonly means: number[] } {
  const means = new Array<number>(cols).fill(0);
  let range = 0;
  for (let j = 0; j < cols; j++) {
    let [low, high] = [data[j], data[j]];
    for (let k = j; k < data.length; k += cols) {
      low = Math.min(low, data[k]);
      high = Math.max(high, data[k]);
      means[j] += data[k] / rows;
    }
    range = Math.max(range, high - low);
  }
  return { range, means };
}

function isFiniteLayer({ weights, bias }: LayerParameters): boolean {
  return weights.data.every(Number.isFinite) && bias.every(Number.isFinite);
}

function notFinite(layers: number): Evaluation {
  const nothing = Number.NaN;
  return { finite: false, loss: nothing, range: nothing, means: [], gradientNorms: new Array(layers).fill(nothing) };
}
