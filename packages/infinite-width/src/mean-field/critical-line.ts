import { type Activation, DomainError, gaussianMoments } from "@sonde/core";
import { exp2 } from "@sonde/core/math";
import { bisectSecant } from "./variance-fixed-point.js";

/** A point on the edge of chaos: chi_1 = 1 at the fixed point q*. */
export interface CriticalPoint {
  readonly weightVariance: number;
  readonly biasVariance: number;
  readonly qStar: number;
}

/** Variances between which fixed points are looked for, as powers of two, and how many for each. */
const [lowest, highest, perOctave] = [-30, 30, 4];

/**
 * The critical line, where chi_1 = 1: for every bias variance (>= 0) the weight variances at the edge of chaos, by solving sigma_b^2 = q - sigma_w^2 E phi(sqrt(q) z)^2 with
 * sigma_w^2 = 1 / E phi'(sqrt(q) z)^2 for q between 2^-30 and 2^30, to rounding. Several points where the line bends back, none where there is no critical point. Homogeneous
 * activations are critical only without bias, at every q (1 is given).
 *
 * @throws DomainError for a bias variance that is negative or not finite
 * @see Poole et al. 2016 (arXiv 1606.05340), fig. 1
 *
 * @example
 * criticalLine(activation("tanh"), [0.05])[0].weightVariance // 1.7609546396...
 * criticalLine(activation("relu"), [0, 0.1]).length // 1
 */
export function criticalLine(activation: Activation, biasVariances: readonly number[]): CriticalPoint[] {
  for (const biasVariance of biasVariances)
    if (!(biasVariance >= 0 && biasVariance < Number.POSITIVE_INFINITY))
      throw new DomainError(`a bias variance is finite and >= 0, got ${biasVariance}`);
  const at = (q: number): CriticalPoint => {
    const { second, derivativeSecond } = gaussianMoments(activation, q);
    const weightVariance = 1 / derivativeSecond;
    return { weightVariance, biasVariance: q - weightVariance * second, qStar: q };
  };
  if (activation.homogeneous) return biasVariances.filter((bias) => bias === 0).map(() => ({ ...at(1), biasVariance: 0 }));
  const start = at(0);
  const scan = Array.from({ length: (highest - lowest) * perOctave + 1 }, (_, i) => exp2(lowest + i / perOctave))
    .map(at)
    .filter(({ weightVariance }) => Number.isFinite(weightVariance));
  return biasVariances.flatMap((biasVariance) => {
    // Without bias an activation that keeps 0 is critical where its slope there is 1, which no bracket of variances holds.
    const points = biasVariance === 0 && start.biasVariance === 0 && Number.isFinite(start.weightVariance) ? [start] : [];
    for (let i = 1; i < scan.length; i++) {
      const [before, after] = [scan[i - 1].biasVariance - biasVariance, scan[i].biasVariance - biasVariance];
      // Rounding of q - V(q), which is all that is left where phi is nearly linear.
      if (Math.max(Math.abs(before), Math.abs(after)) < 1e-13 * scan[i].qStar) continue;
      if (before < 0 === after < 0) continue;
      const q = bisectSecant((x) => at(x).biasVariance - biasVariance, scan[i - 1].qStar, scan[i].qStar);
      points.push({ ...at(q), biasVariance });
    }
    return points;
  });
}
