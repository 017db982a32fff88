import { type Activation, breather, DomainError } from "@sonde/core";
import { type CriticalPoint, criticalLine } from "./critical-line.js";
import { type MeanField, meanField, type Phase } from "./mean-field.js";

export interface PhaseDiagramOptions {
  /** sigma_w^2 of the columns, ascending, each >= 0. */
  readonly weightVariances: readonly number[];
  /** sigma_b^2 of the rows, ascending, each >= 0. */
  readonly biasVariances: readonly number[];
  /** Ends the computation; what is finished is returned, marked `interrupted`, the rest NaN. */
  readonly signal?: AbortSignal;
  /** Called after every point with those done and all of them. */
  readonly progress?: (done: number, all: number) => void;
}

/** Mean field theory over a grid; arrays are [bias variances, weight variances], row-major, with the meaning that `MeanField` gives them. */
export interface PhaseDiagram {
  readonly weightVariances: readonly number[];
  readonly biasVariances: readonly number[];
  readonly qStar: Float64Array;
  readonly chi1: Float64Array;
  readonly cStar: Float64Array;
  readonly xiC: Float64Array;
  readonly xiQ: Float64Array;
  /** Where the computation was interrupted: shorter. */
  readonly phase: readonly Phase[];
  /** The edge of chaos within the bias variances of the grid, more finely. */
  readonly criticalLine: readonly CriticalPoint[];
  readonly interrupted: boolean;
}

/** Bias variances at which the critical line is computed. */
const linePoints = 101;

/**
 * The phase diagram of an activation as data: mean field theory at every point of a grid, and the critical line. Contours of the depth scales follow from the grid; the
 * inverse depth scale, signed by chi_1 - 1, is smooth across the critical line.
 *
 * @throws DomainError for variances that are negative, not finite or not ascending
 * @see Poole et al. 2016 (arXiv 1606.05340), fig. 1; Schoenholz et al. 2017 (arXiv 1611.01232), fig. 5
 *
 * @example
 * const { phase } = await phaseDiagram(activation("tanh"), { weightVariances: [1, 3], biasVariances: [0.05] });
 * phase // ["ordered", "chaotic"]
 */
export async function phaseDiagram(
  activation: Activation,
  { weightVariances, biasVariances, signal, progress }: PhaseDiagramOptions,
): Promise<PhaseDiagram> {
  for (const [name, values] of Object.entries({ weightVariances, biasVariances }))
    if (
      values.length === 0 ||
      values.some((value, k) => !(value >= 0 && value < Number.POSITIVE_INFINITY) || value <= values[k - 1])
    )
      throw new DomainError(
        `${name} need at least one number, each finite, >= 0 and above the one before, got ${values.length} of them`,
      );
  const columns = weightVariances.length;
  const all = columns * biasVariances.length;
  const grid = () => new Float64Array(all).fill(Number.NaN);
  const values = { qStar: grid(), chi1: grid(), cStar: grid(), xiC: grid(), xiQ: grid() };
  const phase: Phase[] = [];
  const last = biasVariances[biasVariances.length - 1];
  const line = criticalLine(activation, evenly(biasVariances[0], last, last === biasVariances[0] ? 1 : linePoints));
  const breathe = breather();
  for (let at = 0; at < all && !signal?.aborted; at++) {
    const options = { weightVariance: weightVariances[at % columns], biasVariance: biasVariances[Math.floor(at / columns)] };
    const found = meanField(activation, options);
    for (const field of Object.keys(values) as (keyof typeof values & keyof MeanField)[]) values[field][at] = found[field];
    phase.push(found.phase);
    progress?.(at + 1, all);
    const rest = breathe();
    if (rest) await rest;
  }
  return { weightVariances, biasVariances, ...values, phase, criticalLine: line, interrupted: phase.length < all };
}

function evenly(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => (count === 1 ? low : low + ((high - low) * k) / (count - 1)));
}
