import type { Estimate } from "@sonde/core";
import { exp } from "@sonde/core/math";
import { type Architecture, size } from "@sonde/nets";
import type { Measurement } from "../measurement.js";
import { type Calibrated, calibration, type Recipe } from "./calibration.js";
import { indicators, type Mechanism, type Reading, readIndicators } from "./indicators.js";
import { type FailureModel, logOddsOf, rise, type Term } from "./model.js";
import { outsideByDescription, outsideByNumbers } from "./range.js";

/** What an indicator adds to the log-odds of failure. */
export interface Contribution {
  readonly indicator: string;
  readonly mechanism: Mechanism;
  readonly meaning: string;
  readonly value: number;
  /** At least 0; natural logarithm of the odds. */
  readonly logOdds: number;
}

/** P(fails to train) by the ordinary recipe, as calibrated on networks that were trained. */
export interface Failure extends Estimate {
  readonly recipe: string;
  /** Whether networks like it are among those of the calibration. */
  readonly inRange: boolean;
  /** Why not, in words. */
  readonly outside: readonly string[];
  /** Whether it was known what is to be learned. */
  readonly targets: boolean;
  /** What drives it, the largest first; nothing that adds nothing. */
  readonly contributions: readonly Contribution[];
  /** The same by the other recipe of the calibration, which does not scale its steps: what has tiny or uneven gradients fails by it first. */
  readonly momentum: Estimate & { readonly recipe: string };
}

/**
 * The probability that a network of an architecture does not learn: that the median of networks trained by the recipe has an accuracy below one half, or explains less than half of the targets' variance.
 *
 *     P = 1 / (1 + exp(-(base + sum of what each indicator adds)))
 *
 * `standardError` is that of the model (replicates of the calibration from resampled architectures) and of the measured indicators together; the interval is 95 % on the scale of the log-odds. `networks` are those that were
 * measured. Outside the range of the calibration it is an extrapolation, and verdicts do not rest on it.
 *
 * @example
 * const architecture = mlp("2-16x2-2");
 * const { inRange, recipe } = failureOf(architecture, await measure(architecture, { networks: 32 }));
 * [inRange, recipe] // [true, "Adam, learning rate 0.001, ..."]
 */
export function failureOf(architecture: Architecture, measurement: Measurement): Failure {
  const readings = readIndicators(architecture, measurement);
  const targets = measurement.conditioning?.learnable !== undefined;
  const inputs = size(architecture.input);
  const knowing = (recipe: Recipe) => (targets ? recipe.withTargets : recipe.withoutTargets);
  const by = (recipe: Recipe) => ({
    ...probability(knowing(recipe), inputs, readings),
    networks: measurement.networks,
    recipe: recipe.recipe,
  });
  const described = outsideByDescription(architecture);
  const outside = described.length > 0 ? described : outsideByNumbers(measurement, readings);
  return {
    ...by(calibration.adam),
    inRange: outside.length === 0,
    outside,
    targets,
    contributions: contributionsOf(knowing(calibration.adam).model, readings),
    momentum: by(calibration.momentum),
  };
}

/** What a calibrated model says, with its own error and that of what was measured. */
function probability(
  { model, replicates }: Calibrated,
  inputs: number,
  readings: ReadonlyMap<string, Reading>,
): Omit<Estimate, "networks"> {
  const at = (one: FailureModel) => logOddsOf(one, inputs, (name) => readings.get(name)?.value);
  const logOdds = at(model);
  const spread = replicates.map(at).reduce((sum, other) => sum + square(other - logOdds), 0) / replicates.length;
  // How much an error of an indicator matters: the larger change of one standard error to either side.
  const measured = model.terms.reduce((sum, term) => {
    const reading = readings.get(term.name);
    return sum + (reading ? square(steepest(term, reading)) : 0);
  }, 0);
  const error = Math.sqrt(spread + measured);
  const value = logistic(logOdds);
  return {
    value,
    standardError: value * (1 - value) * error,
    low: logistic(logOdds - 1.96 * error),
    high: logistic(logOdds + 1.96 * error),
  };
}

function contributionsOf({ terms }: FailureModel, readings: ReadonlyMap<string, Reading>): Contribution[] {
  return terms
    .flatMap((term) => {
      const reading = readings.get(term.name);
      const own = indicators.find(({ name }) => name === term.name);
      if (!reading || !own) return [];
      const logOdds = rise(term, reading.value);
      if (!(logOdds > 0)) return [];
      return [{ indicator: own.name, mechanism: own.mechanism, meaning: own.meaning, value: reading.value, logOdds }];
    })
    .sort((a, b) => b.logOdds - a.logOdds);
}

function steepest(term: Term, { value, error }: Reading): number {
  const here = rise(term, value);
  return Math.max(rise(term, value + error) - here, here - rise(term, value - error));
}

function logistic(x: number): number {
  return 1 / (1 + exp(-x));
}

function square(x: number): number {
  return x * x;
}
