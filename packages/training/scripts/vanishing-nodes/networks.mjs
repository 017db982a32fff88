import { quantiles } from "@sonde/core";
import { outcomeThresholds } from "@sonde/training";

/** Weights that keep signals and gradients as long as they can: the variance of a weight times its fan-in is 1 for tanh and 2 for ReLU. */
export const variants = [
  { name: "tanh, Gaussian", options: { activation: "tanh", init: "normal", weightVariance: 1 } },
  { name: "tanh, orthogonal", options: { activation: "tanh", init: "orthogonal", weightVariance: 1 } },
  { name: "ReLU, Gaussian", options: { activation: "relu", init: "normal", weightVariance: 2 } },
  { name: "ReLU, orthogonal", options: { activation: "relu", init: "orthogonal", weightVariance: 2 } },
];

/** Ways not to learn. */
export const failures = [
  "collapsedMean",
  "collapsedMedian",
  "collapsedOther",
  "walkingDead",
  "stuck",
  "vanished",
  "exploded",
  "diverged",
  "undecided",
];

/** A number with so many digits, for a row. */
export function short(value, digits = 4) {
  return value === null || value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
}

/** The mean of the numbers among values, its standard error, and how many there are: `[mean, error, count]`. */
export function meanOf(values) {
  const known = values.filter((value) => typeof value === "number" && Number.isFinite(value));
  const count = known.length;
  if (count === 0) return [null, null, 0];
  const mean = known.reduce((sum, value) => sum + value, 0) / count;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [short(mean), count > 1 ? short(Math.sqrt(squares / (count - 1) / count), 2) : null, count];
}

/** The middle of the numbers among values; null where there is none. */
export function middleOf(values) {
  const known = values.filter((value) => typeof value === "number" && Number.isFinite(value));
  return known.length === 0 ? null : short(quantiles(known, [0.5])[0]);
}

/**
 * What became of a network, with one kind more: stuck are those whose loss has not fallen where no shallow network learns by the same recipe. The package calls them undecided, since it has nothing to compare their gradients with.
 */
export function kindOf({ outcome, skill }) {
  return outcome === "undecided" && skill < outcomeThresholds.stuck ? "stuck" : outcome;
}

/** Counts of what happened, without zeros. */
export function happened(outcomes) {
  return Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0));
}

/** How often each name occurs. */
export function countOf(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** How many of a row's networks did not learn. */
export function failed({ networks, outcomes }) {
  return networks - (outcomes.learned ?? 0);
}

/** Collapsed wherever. */
export function collapsed({ collapsedMean = 0, collapsedMedian = 0, collapsedOther = 0 }) {
  return collapsedMean + collapsedMedian + collapsedOther;
}

/** `0.123 ± 0.004` */
export function withError([mean, error], digits = 3) {
  if (mean === null) return "";
  return `${mean.toFixed(digits)} ± ${(error ?? 0).toFixed(digits)}`;
}
