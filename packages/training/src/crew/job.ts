import type { TrainingData } from "../data/training-data.js";
import type { TrainingState } from "../executor.js";
import type { Look } from "../look.js";
import type { TrainingPlan } from "../plan.js";

/** All that those who train need to know, told once. */
export interface TrainingJob {
  readonly plan: TrainingPlan;
  readonly data: TrainingData;
  readonly monitors: readonly string[];
  /** The executor's name. */
  readonly executor: string;
}

/** What they are asked: about one group of networks by its number. */
export type Request =
  | {
      readonly ask: "prepare";
      readonly group: number;
      readonly first: number;
      readonly count: number;
      readonly saved?: TrainingState;
    }
  | { readonly ask: "advance"; readonly group: number; readonly steps: number }
  /** Looks at networks `from` to `to - 1` of the group. */
  | { readonly ask: "look"; readonly group: number; readonly from: number; readonly to: number; readonly thorough: boolean }
  | { readonly ask: "save"; readonly group: number };

/** The answer to each. */
export interface Answers {
  readonly prepare: undefined;
  /** The losses of the last step. */
  readonly advance: Float64Array;
  readonly look: Look[];
  readonly save: TrainingState;
}

/** Does what is asked. */
export type Perform = <Ask extends Request["ask"]>(request: Request & { ask: Ask }) => Promise<Answers[Ask]>;
