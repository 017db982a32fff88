import { ConfigError, type Estimate, proportion } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import { firstRows } from "../data/rows-of.js";
import type { TrainingData } from "../data/training-data.js";
import type { Evaluation } from "../evaluate.js";
import { type Constants, constantsOf } from "../outcomes/constants.js";
import { skillOf } from "../outcomes/outcome-of.js";
import { type Quantiles, quantilesOver } from "../quantiles.js";
import { labelsOf } from "../shallow-gradient.js";
import { type TrainOptions, trainSteps } from "../train-steps.js";

/** Skill from which points are known by heart; classes must all be right. */
const byHeart = 0.99;

export interface OverfitRecord {
  readonly points: number;
  readonly runs: number;
  /** The share of networks that learned the points by heart. */
  readonly learned: Estimate;
  /** Of those that did: the steps they took, to the next look. */
  readonly steps: Quantiles;
  readonly networks: readonly {
    readonly network: number;
    /** Absent where it never did. */
    readonly steps?: number;
    readonly loss: number | null;
    readonly accuracy?: number;
  }[];
  readonly interrupted: boolean;
}

/**
 * Can networks learn so many points by heart? The first `points` of the data, all in every batch, are trained on; they are known by heart when all classes are right, or 99 % of the best constant's loss is gone. A network that
 * cannot is broken, or its recipe is.
 *
 * Throws `ConfigError` where the data has fewer points, and as `trainSteps` does.
 *
 * @example
 * const { learned } = await overfit(mlp("2-16x1-2"), { data: xorData(), points: 2, runs: 4, steps: 300, learningRate: 0.01 });
 * learned.value // 1
 */
export async function overfit(
  architecture: Architecture,
  { points, data, ...options }: TrainOptions & { readonly points: number },
): Promise<OverfitRecord> {
  const { rows } = data.inputs;
  if (!(Number.isInteger(points) && points >= 1 && points <= rows))
    throw new ConfigError(`the points to learn by heart are a whole number from 1 to the ${rows} of the data, got ${points}`);
  const few: TrainingData = {
    ...data,
    inputs: firstRows(data.inputs, points),
    targets: firstRows(data.targets, points),
    test: undefined,
  };
  let constants: Constants | undefined;
  let last: readonly Evaluation[] = [];
  const reached: (number | undefined)[] = [];
  let interrupted = false;
  try {
    for await (const { step, looks, plan } of trainSteps(architecture, {
      looks: 64,
      monitors: [],
      ...options,
      data: few,
      batch: points,
    })) {
      constants ??= constantsOf(plan, labelsOf(few));
      const known = constants;
      last = looks;
      looks.forEach((look, k) => {
        if (isByHeart(look, known)) reached[k] ??= step;
      });
    }
  } catch (error) {
    if (last.length === 0 || !options.signal?.aborted || error !== options.signal.reason) throw error;
    interrupted = true;
  }
  const networks = last.map(({ loss, accuracy }, network) => ({
    network,
    ...(reached[network] !== undefined && { steps: reached[network] }),
    loss: Number.isFinite(loss) ? loss : null,
    ...(accuracy !== undefined && { accuracy }),
  }));
  const learned = networks.filter(({ steps }) => steps !== undefined);
  return {
    points,
    runs: networks.length,
    learned: proportion(learned.length, networks.length),
    steps: quantilesOver(learned, ({ steps }) => steps),
    networks,
    interrupted,
  };
}

/** Of points that are all alike there is no best constant to be compared with: then the loss itself has to be gone. */
function isByHeart(look: Evaluation, constants: Constants): boolean {
  if (!look.finite) return false;
  if (look.accuracy !== undefined) return look.accuracy === 1;
  return constants.loss === 0 ? look.loss < 1e-6 : skillOf(look, constants) >= byHeart;
}
