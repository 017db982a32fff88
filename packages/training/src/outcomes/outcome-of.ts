import { type Matrix, quantiles } from "@sonde/core";
import type { Evaluation } from "../evaluate.js";
import type { TrainingPlan } from "../plan.js";
import { areApart, type Constants, excesses } from "./constants.js";
import { type Outcome, outcomeThresholds } from "./thresholds.js";

/** What a network is judged by beside what it does itself. */
export interface Judgement {
  readonly loss: TrainingPlan["loss"];
  readonly targets: Matrix<Float64Array>;
  readonly constants: Constants;
  /** Skill from which a network has learned; default by `outcomeThresholds`. */
  readonly learned?: number;
  /**
   * The norm of the gradient by the first layer with weights, of a shallow network that learns the task; absent where none is known: then a network whose loss has not fallen is undecided.
   */
  readonly shallowGradient?: number;
}

/** What became of a network, and the numbers that say so. */
export interface Verdict {
  readonly outcome: Outcome;
  /** The share of the best constant's loss, or of the errors of always guessing the most frequent class, that is gone; NaN where the loss is not finite. */
  readonly skill: number;
  /** What its outputs are everywhere, if they are constant. */
  readonly constant?: readonly number[];
}

/**
 * What became of a network, from looks at it in the order of its steps; the first rule that fits decides, with `outcomeThresholds`:
 *
 * 1. `diverged`: a parameter or an output is not finite at the last look.
 * 2. `learned`: its skill at the last look is large enough.
 * 3. `collapsedMean`, `collapsedMedian`, `collapsedOther`: all outputs are constant over the probe's points, at the mean of the training targets, at their median, at another value. Where both fit, the nearer
 *    by its excess; where mean and median cannot be told apart, the one that the loss leads to (the median under `mae`). With `cross-entropy` the mean are the frequencies of the classes.
 * 4. The loss has not fallen: `vanished`, `exploded` or `walkingDead`, as the gradient by the first layer's parameters (median over the looks) is smaller or larger than a shallow network's by the factor,
 *    or comparable.
 * 5. `undecided`: neither learned nor stuck.
 */
export function outcomeOf(looks: readonly Evaluation[], judgement: Judgement): Verdict {
  const last = looks[looks.length - 1];
  if (!last.finite) return { outcome: "diverged", skill: Number.NaN };
  const skill = skillOf(last, judgement.constants);
  const kind = last.accuracy === undefined ? "values" : "classes";
  if (skill >= (judgement.learned ?? outcomeThresholds.learned[kind])) return { outcome: "learned", skill };
  if (last.range < outcomeThresholds.range) return { outcome: collapseOf(last, judgement), skill, constant: last.means };
  if (skill >= outcomeThresholds.stuck || judgement.shallowGradient === undefined) return { outcome: "undecided", skill };
  return { outcome: stuckOf(looks, judgement.shallowGradient), skill };
}

/** The share of the best constant's loss, or of the errors of always guessing the most frequent class, that is gone. */
export function skillOf({ loss, accuracy }: Evaluation, { loss: constantLoss, majority }: Constants): number {
  if (accuracy !== undefined && majority !== undefined) return majority === 1 ? 0 : (accuracy - majority) / (1 - majority);
  return constantLoss === 0 ? 0 : 1 - loss / constantLoss;
}

function collapseOf(last: Evaluation, { loss, targets, constants }: Judgement): Outcome {
  const { constant: most } = outcomeThresholds;
  if (loss.name === "cross-entropy") return last.loss <= (1 + most) * constants.loss ? "collapsedMean" : "collapsedOther";
  const excess = excesses(targets, constants, last.means);
  const isMean = excess.mean <= most;
  const isMedian = excess.median <= most;
  if (!isMean && !isMedian) return "collapsedOther";
  if (!areApart(targets, constants)) return loss.name === "mae" ? "collapsedMedian" : "collapsedMean";
  if (isMean && isMedian) return excess.mean <= excess.median ? "collapsedMean" : "collapsedMedian";
  return isMean ? "collapsedMean" : "collapsedMedian";
}

function stuckOf(looks: readonly Evaluation[], shallow: number): Outcome {
  const [middle] = quantiles(
    looks.filter(({ finite }) => finite).map(({ gradientNorms }) => gradientNorms[0]),
    [0.5],
  );
  if (middle < shallow / outcomeThresholds.gradient) return "vanished";
  return middle > shallow * outcomeThresholds.gradient ? "exploded" : "walkingDead";
}
