import { DomainError } from "@sonde/core";

/** Probabilities of quantiles where none are asked for: the median, one standard deviation of a normal law to either side, and the middle 90 %. */
export const defaultQuantiles: readonly number[] = [0.05, 0.16, 0.5, 0.84, 0.95];

/** Throws `DomainError` for a probability outside [0, 1]. */
export function checkProbabilities(probabilities: readonly number[]): void {
  const strange = probabilities.find((p) => !(p >= 0 && p <= 1));
  if (strange !== undefined) throw new DomainError(`a quantile is asked for at a probability from 0 to 1, got ${strange}`);
}
