import type { Matrix } from "@sonde/core";
import { mlp } from "@sonde/nets";
import {
  functionData,
  kernelExecutor,
  type TrainingData,
  type TrainingExecutor,
  type TrainingGroup,
  type TrainingRecord,
  train,
  xorData,
} from "@sonde/training";
import { chosen } from "../settings/chosen.js";
import { canvasOf, runs, type TrainingFrame, type TrainingSubject, trainingNotation, trainingPoints } from "./training-subject.js";

function dataOf({ settings: { seed }, target }: TrainingSubject): TrainingData {
  return target === "xor" ? xorData({ seed }) : functionData(target, { points: trainingPoints, inputs: 1, outputs: 1, seed });
}

/** What training is watched by. */
export interface TrainingWatch {
  readonly signal: AbortSignal;
  /** Called now and then with what all networks say. */
  readonly frame: (frame: TrainingFrame) => void;
}

/** Milliseconds between two frames. */
const pause = 60;

/**
 * Trains the networks of the command line, and shows what they say while they learn. The record is the command line's, bit for bit.
 */
export async function trainWatched(subject: TrainingSubject, { signal, frame }: TrainingWatch): Promise<TrainingRecord> {
  const { settings, target, steps, learningRate } = subject;
  const { points } = canvasOf(target);
  const groups: TrainingGroup[] = [];
  const watched: TrainingExecutor = {
    ...kernelExecutor,
    async prepare(...args) {
      const group = await kernelExecutor.prepare(...args);
      groups.push(group);
      return group;
    },
  };
  let last = Number.NEGATIVE_INFINITY;
  const show = (losses: ArrayLike<number>, always = false) => {
    const now = performance.now();
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    // Groups learn one after the other: they are drawn where all of them stand at one step.
    const step = groups[0]?.step ?? 0;
    if (count < runs || groups.some((group) => group.step !== step) || (!always && now - last < pause)) return;
    last = now;
    frame({ step, outputs: outputsOf(groups, points), losses: Float64Array.from(losses) });
  };
  const record = await train(mlp(trainingNotation(settings, target), chosen(settings)), {
    data: dataOf(subject),
    runs,
    steps,
    learningRate,
    seed: settings.seed,
    looks: looksOf(steps),
    executors: [watched],
    signal,
    progress: ({ losses }) => show(losses),
  });
  show(new Float64Array(runs), true);
  return record;
}

/** The steps at which all networks are looked at: a film of about a hundred pictures, more of them at the beginning. */
function looksOf(steps: number): number[] {
  const frames = Math.min(steps, 90);
  return Array.from({ length: frames }, (_, k) => Math.round(steps * ((k + 1) / frames) ** 2));
}

function outputsOf(groups: readonly TrainingGroup[], points: Matrix<Float64Array>): Float32Array {
  const outputs = new Float32Array(runs * points.rows);
  for (const group of groups)
    for (let k = 0; k < group.count; k++) {
      const said = group.outputs?.(k, points);
      if (said) outputs.set(said.data, (group.first + k) * points.rows);
    }
  return outputs;
}
