import { pow } from "@sonde/core/math";
import type { TrainerKernels, TrainerStep } from "@sonde/kernels/trainer";
import { batchReader } from "../batches.js";
import type { TrainingPlan } from "../plan.js";
import { rateAt } from "../schedule.js";
import { type LaidOut, lanes } from "./layout.js";

/** Lays the batches of steps `step`, `step + 1`, ... of networks `first` to `first + count - 1` where the layout says; returns what else these steps need to know. */
export function batchFeeder(
  kernels: TrainerKernels,
  plan: TrainingPlan,
  layout: LaidOut,
  { first, count }: { readonly first: number; readonly count: number },
): (step: number, steps: number) => TrainerStep[] {
  const { inputs, targets, batch, batches } = plan;
  const shared = batches === "shared";
  const readers = shared ? [batchReader(plan, 0)] : Array.from({ length: count }, (_, k) => batchReader(plan, first + k));
  const values = shared ? 1 : lanes * layout.groups;
  const placeOf = (s: number, k: number): Place =>
    shared
      ? { first: s * batch, stride: 1, lane: 0 }
      : { first: (s * layout.groups + Math.floor(k / lanes)) * batch, stride: lanes, lane: k % lanes };
  return (step, steps) => {
    const toInputs = kernels.floats(layout.batchInputs, values * steps * batch * inputs.cols);
    const toTargets = kernels.floats(layout.batchTargets, values * steps * batch * targets.cols);
    return Array.from({ length: steps }, (_, s) => {
      let points = 0;
      readers.forEach((reader, k) => {
        const rows = reader(step + s);
        points = rows.length;
        gather(inputs, rows, toInputs, placeOf(s, k));
        gather(targets, rows, toTargets, placeOf(s, k));
      });
      return { points, ...ratesOf(plan, step + s) };
    });
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

interface Rows {
  readonly cols: number;
  readonly data: Float64Array;
}

/** One lane of points `first`, `first + 1`, ... of so many lanes. */
interface Place {
  readonly first: number;
  readonly stride: number;
  readonly lane: number;
}

function gather({ cols, data }: Rows, rows: Uint32Array, to: Float32Array, { first, stride, lane }: Place): void {
  let at = first * cols * stride + lane;
  for (const row of rows) for (let k = row * cols, end = k + cols; k < end; k++, at += stride) to[at] = data[k];
}
