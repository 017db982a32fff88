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
import {
  canvasOf,
  runs,
  type TrainingFrame,
  type TrainingSubject,
  trainingNotation,
  trainingPoints,
} from "./training-subject.js";
import { turn } from "./turn.js";

function dataOf({ settings: { seed }, target }: TrainingSubject): TrainingData {
  return target === "xor" ? xorData({ seed }) : functionData(target, { points: trainingPoints, inputs: 1, outputs: 1, seed });
}

/** What training is watched by. */
export interface TrainingWatch {
  readonly signal: AbortSignal;
  /** Called now and then with what all networks say. */
  readonly frame: (frame: TrainingFrame) => void;
}

/** Milliseconds between two frames, and the share of all steps after which a frame may be due. */
const [pause, share] = [60, 1 / 200];

/** Looks at all networks by which outcomes are told, as many as the command line takes. */
const looks = 16;

/**
 * Trains the networks of the command line, and shows what they say while they learn. The record is the command line's, bit for bit.
 */
export async function trainWatched(subject: TrainingSubject, { signal, frame }: TrainingWatch): Promise<TrainingRecord> {
  const { settings, target, steps, learningRate } = subject;
  const { points } = canvasOf(target);
  const groups: TrainingGroup[] = [];
  const piece = Math.max(1, Math.ceil(steps * share));
  let last = Number.NEGATIVE_INFINITY;

  const show = async (always = false) => {
    const now = performance.now();
    const all = groups.reduce((sum, { count }) => sum + count, 0) === runs;
    if (!all || (!always && now - last < pause)) return;
    last = now;
    frame({ step: Math.min(...groups.map(({ step }) => step)), outputs: outputsOf(groups, points) });
    await turn();
    signal.throwIfAborted();
  };
  const watched: TrainingExecutor = {
    ...kernelExecutor,
    async prepare(...args) {
      const group = inPieces(await kernelExecutor.prepare(...args), piece, show);
      groups.push(group);
      return group;
    },
  };
  const record = await train(mlp(trainingNotation(settings, target), chosen(settings)), {
    data: dataOf(subject),
    runs,
    steps,
    learningRate,
    seed: settings.seed,
    looks,
    executors: [watched],
    signal,
  });
  await show(true);
  return record;
}

/** A group that is shown after every piece of its steps. */
function inPieces(group: TrainingGroup, piece: number, show: () => Promise<void>): TrainingGroup {
  return {
    first: group.first,
    count: group.count,
    get step() {
      return group.step;
    },
    async advance(steps) {
      for (let left = steps; left > 0; left -= piece) {
        await group.advance(Math.min(piece, left));
        await show();
      }
    },
    losses: () => group.losses(),
    parameters: (index) => group.parameters(index),
    outputs: group.outputs && ((index, points) => (group.outputs as NonNullable<typeof group.outputs>)(index, points)),
    save: () => group.save(),
    dispose: () => group.dispose(),
  };
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
