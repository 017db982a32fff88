/** What one indicator adds to the log-odds of failure: nothing up to its first knot, then pieces that never fall. */
export interface Term {
  readonly name: string;
  /** Rising. */
  readonly knots: readonly number[];
  /** What is added from each knot to the next, at least 0; the last beyond the last knot for as far as from the first to the last, up to twice. */
  readonly rises: readonly number[];
}

/**
 * An additive logistic model, monotone in every indicator:
 *
 *     ln(P / (1 - P)) = base + sum over terms of f(x), f not falling, f = 0 up to the first knot
 *
 * An indicator that was not measured adds nothing; the base depends on whether the network has one input, two, or more, since less is measured on a line or in a plane.
 */
export interface FailureModel {
  readonly base: readonly [one: number, two: number, more: number];
  readonly terms: readonly Term[];
}

/**
 * How far a value lies along each piece of a term, in 0..1, beyond the last knot in 0..2.
 *
 * @example
 * pieces([0, 1, 3], 2) // [1, 0.5, 0]
 */
export function pieces(knots: readonly number[], value: number): number[] {
  const last = knots.length - 1;
  const whole = knots[last] - knots[0];
  return knots.map((knot, k) => {
    const length = k < last ? knots[k + 1] - knot : whole > 0 ? whole : 1;
    return Math.min(k < last ? 1 : 2, Math.max(0, (value - knot) / length));
  });
}

/** What a term adds at a value. */
export function rise({ knots, rises }: Term, value: number): number {
  return pieces(knots, value).reduce((sum, part, k) => sum + part * rises[k], 0);
}

/** Which base an architecture with so many inputs has. */
export function baseIndex(inputs: number): 0 | 1 | 2 {
  return inputs === 1 ? 0 : inputs === 2 ? 1 : 2;
}

/** What a model says of an architecture with so many inputs; `valueAt` of an indicator is undefined where it was not measured. */
export function logOddsOf({ base, terms }: FailureModel, inputs: number, valueAt: (name: string) => number | undefined): number {
  return terms.reduce((sum, term) => {
    const value = valueAt(term.name);
    return value === undefined ? sum : sum + rise(term, value);
  }, base[baseIndex(inputs)]);
}
