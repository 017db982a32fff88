import { DomainError } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import type { Look } from "./look.js";
import { constantsOf } from "./outcomes/constants.js";
import { type Judgement, outcomeOf } from "./outcomes/outcome-of.js";
import { outcomeThresholds } from "./outcomes/thresholds.js";
import type { TrainingPlan } from "./plan.js";
import { type TrainingRecord, trainingRecord } from "./record.js";
import { labelsOf, shallowGradient } from "./shallow-gradient.js";
import { type TrainingMoment, type TrainOptions, trainSteps } from "./train-steps.js";

/** What is known of a run at its last look, before it is judged. */
interface Training {
  readonly plan: TrainingPlan;
  readonly executor: string;
  /** `[steps][networks]` */
  readonly looks: readonly (readonly Look[])[];
  readonly interrupted: boolean;
}

/**
 * Trains random networks of one architecture at once, and says what became of each: how many learned, collapsed to the mean or the median of the target, were stuck with healthy, vanished or exploded gradients, diverged; beside
 * what the diagnosis at initialisation said of the very same networks.
 *
 * When `signal` aborts, what is known at the last look of all networks is returned, marked `interrupted`; before the first look its reason is thrown. `learned` is the skill from which a network has learned, in (0, 1].
 *
 * Throws as `trainSteps` does, and `DomainError` for a skill out of its range.
 *
 * @example
 * const { outcomes, runs } = await train(mlp("2-8x1-2"), { data: xorData(), runs: 4, steps: 10 });
 * [runs, outcomes.diverged] // [4, 0]
 */
export async function train(
  architecture: Architecture,
  options: TrainOptions & { readonly learned?: number },
): Promise<TrainingRecord> {
  const { learned } = options;
  if (learned !== undefined && !(learned > 0 && learned <= 1))
    throw new DomainError(`the skill from which a network has learned is above 0 and at most 1, got ${learned}`);
  const training = await run(architecture, options);
  return judge(training, options);
}

async function run(architecture: Architecture, options: TrainOptions): Promise<Training> {
  const moments: TrainingMoment[] = [];
  const known = (interrupted: boolean): Training => {
    const { plan, executor } = moments[0];
    return { plan, executor, looks: moments.map(({ looks }) => looks), interrupted };
  };
  try {
    for await (const moment of trainSteps(architecture, options)) moments.push(moment);
  } catch (error) {
    if (moments.length === 0 || !options.signal?.aborted || error !== options.signal.reason) throw error;
    return known(true);
  }
  return known(false);
}

async function judge(
  { plan, executor, looks, interrupted }: Training,
  options: TrainOptions & { readonly learned?: number },
): Promise<TrainingRecord> {
  const { data, learned } = options;
  const constants = constantsOf(plan, labelsOf(data));
  const verdictsBy = (judgement: Judgement) =>
    looks[0].map((_, k) =>
      outcomeOf(
        looks.map((at) => at[k]),
        judgement,
      ),
    );
  const judgement: Judgement = { loss: plan.loss, targets: plan.targets, constants, learned };
  const first = verdictsBy(judgement);
  // Only networks whose loss has not fallen are compared with a shallow one.
  const compare = !interrupted && first.some(({ outcome, skill }) => outcome === "undecided" && skill < outcomeThresholds.stuck);
  const shallow = compare ? await shallowGradient(plan, data, options) : undefined;
  const verdicts = shallow === undefined ? first : verdictsBy({ ...judgement, shallowGradient: shallow });
  return trainingRecord({ plan, executor, interrupted, constants, verdicts }, looks);
}
