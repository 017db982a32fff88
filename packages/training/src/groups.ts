import { ConfigError } from "@sonde/core";
import type { TrainingState } from "./executor.js";
import type { TrainingPlan } from "./plan.js";

/** Elementary steps (of about a tenth of a nanosecond) after which signals are let in. */
export const slice = 2e8;

/** Networks in a group at most. */
const mostInGroup = 64;

/** Networks that are trained together. */
export interface NetworkRange {
  readonly first: number;
  readonly count: number;
}

/** All networks of a plan in groups of equal size, a multiple of 4, whose single step takes no longer than a slice where that is possible; `cost` is that of one network's. */
export function groupsOf({ runs }: Pick<TrainingPlan, "runs">, cost: number): NetworkRange[] {
  const size = 4 * Math.max(1, Math.min(mostInGroup / 4, Math.floor(slice / cost / 4)));
  return Array.from({ length: Math.ceil(runs / size) }, (_, number) => ({
    first: number * size,
    count: Math.min(size, runs - number * size),
  }));
}

/** Throws `ConfigError` unless a state is of these networks and that executor. */
export function checkState(state: TrainingState | undefined, executor: string, { first, count }: NetworkRange): void {
  if (state?.first === first && state.count === count && state.executor === executor) return;
  throw new ConfigError(
    `the checkpoint is of another run: it has no ${count} networks from number ${first} on that the executor ${executor} trained; give the same options, or start anew`,
  );
}
