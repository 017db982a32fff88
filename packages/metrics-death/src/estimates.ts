import { type Estimate, proportion, type Running, runningEstimate } from "@sonde/core";
import { expm1, log1p } from "@sonde/core/math";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import type { DomainPoints } from "./domain.js";
import type { DeathState } from "./metric.js";

/** P(born dead) if the network ended with hidden layer l, for every l, at index l - 1. */
export function deadThroughEstimates({ networks, deadHere, survivors }: DeathState): Estimate[] {
  if (survivors) return survivors.deadThrough.map(shareEstimate);
  let dead = 0;
  return deadHere.map((here) => {
    dead += here;
    return proportion(dead, networks);
  });
}

/** P(born dead). */
export function bornDeadEstimate(state: DeathState): Estimate {
  const through = deadThroughEstimates(state);
  return through[through.length - 1] ?? exactly(0, state.networks);
}

/** The probability of dying in layer l, at index l - 1. */
export function deadHereEstimates({ networks, deadHere, survivors }: DeathState): Estimate[] {
  return survivors ? survivors.deadHere.map(shareEstimate) : deadHere.map((dead) => proportion(dead, networks));
}

/** The living ratio of layer l, at index l - 1. Where survivors were simulated it is known: a point that is not zero lives through N units with probability 1 - 2^-N. */
export function livingRatioEstimates(
  state: DeathState,
  architecture: Architecture,
  { inputs, shares }: DomainPoints,
): Estimate[] {
  if (!state.survivors) return state.livingRatio.map(shareEstimate);
  let living = 0;
  for (let p = 0; p < inputs.rows; p++) {
    const zero = inputs.data.subarray(p * inputs.cols, (p + 1) * inputs.cols).every((x) => x === 0);
    if (!zero) living += shares ? shares[p] : 1 / inputs.rows;
  }
  let logAlive = 0;
  return hiddenLayers(architecture).map(({ units }) => {
    logAlive += log1p(-(2 ** -units));
    return exactly(Math.min(1, living) * (1 + expm1(logAlive)), state.networks);
  });
}

/** A value that is known exactly, beside so many networks. */
export function exactly(value: number, networks: number): Estimate {
  return { value, standardError: 0, low: value, high: value, networks };
}

/** The mean of probabilities or shares: its interval stays within [0, 1], and values that differ by no more than rounding are one exact value. */
function shareEstimate(sum: Running): Estimate {
  const estimate = runningEstimate(sum);
  if (sum.count > 1 && estimate.standardError <= 1e-14 * estimate.value) return exactly(estimate.value, estimate.networks);
  return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) };
}
