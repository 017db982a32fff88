import type { Matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { TrainingGroup, TrainingState } from "./executor.js";
import { slotCount } from "./optimizers/optimizer.js";
import { allParameters, initialNetwork, parameterBlocks, readParameters, writeParameters } from "./parameters.js";
import type { Pause } from "./pause.js";
import type { TrainingPlan } from "./plan.js";

type Values = Float64Array | Float32Array;

/** Where an executor keeps the values of a group, and how it trains them. Networks count from 0 within the group; part 0 are the parameters, parts 1 and 2 what the optimiser remembers, all as `parameterBlocks` lays them out. */
export interface GroupWork {
  /** Takes over one part of one network, `[parameters]`. What was never written of parts 1 and 2 is 0. */
  readonly write: (network: number, part: number, from: Values) => void;
  /** Copies one part of one network to `to`, `[parameters]`. */
  readonly read: (network: number, part: number, to: Values) => void;
  /** Does steps `from` to `to - 1`, at least one, and leaves the losses on the last batch, before its update, in `losses`. */
  readonly advance: (from: number, to: number, losses: Float64Array, pause?: Pause) => Promise<void> | void;
  /** See `TrainingGroup`. */
  readonly outputs?: (network: number, points: Matrix<Float64Array>) => Matrix;
  readonly dispose: () => void;
}

/**
 * What the groups of all executors have alike: networks as they are drawn or were saved, the step, losses, and states in float64 or float32.
 */
export async function openGroup(
  plan: TrainingPlan,
  {
    executor,
    first,
    count,
    saved,
    pause,
    values: Kind,
  }: {
    readonly executor: string;
    readonly first: number;
    readonly count: number;
    readonly saved?: TrainingState;
    readonly pause?: Pause;
    /** What states are kept in. */
    readonly values: Float64ArrayConstructor | Float32ArrayConstructor;
  },
  { write, read, advance, outputs, dispose }: GroupWork,
): Promise<TrainingGroup> {
  const { blocks, size } = parameterBlocks(plan);
  const flat = new Kind(size);
  const parts = 1 + slotCount(plan.optimizer);
  for (let k = 0; k < count; k++) {
    const of = (values: Values) => values.subarray(k * size, (k + 1) * size);
    if (saved) {
      for (const [part, values] of [saved.parameters, ...saved.slots].entries()) write(k, part, of(values));
    } else {
      writeParameters(allParameters(initialNetwork(plan, first + k)), blocks, flat);
      write(k, 0, flat);
    }
    await pause?.();
  }
  const losses = saved ? Float64Array.from(saved.losses) : new Float64Array(count).fill(Number.NaN);
  let step = saved?.step ?? 0;

  const gathered = (part: number) => {
    const all = new Kind(count * size);
    for (let k = 0; k < count; k++) read(k, part, all.subarray(k * size, (k + 1) * size));
    return all;
  };
  return {
    first,
    count,
    get step() {
      return step;
    },
    async advance(steps, pause) {
      if (steps > 0) await advance(step, step + steps, losses, pause);
      step += steps;
    },
    losses: () => Float64Array.from(losses),
    parameters(index): LayerParameters[] {
      read(index, 0, flat);
      return readParameters(blocks, flat);
    },
    ...(outputs && { outputs }),
    save() {
      const [parameters, ...slots] = Array.from({ length: parts }, (_, part) => gathered(part));
      return { executor, first, count, step, parameters, slots, losses: Float64Array.from(losses) };
    },
    dispose,
  };
}
