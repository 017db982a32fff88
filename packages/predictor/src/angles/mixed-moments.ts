import { ConfigError, DomainError } from "@sonde/core";
import { cos, sin } from "@sonde/core/math";

/** 2 pi J_ab as (pi - theta) p(c) + s q(c), the polynomials by rising powers of c = cos theta; s = sin theta. */
const polynomials: Readonly<Record<string, readonly [readonly number[], readonly number[]]>> = {
  "1,1": [[0, 1], [1]],
  "2,2": [
    [1, 0, 2],
    [0, 3],
  ],
  "3,1": [
    [0, 3],
    [2, 0, 1],
  ],
  "3,3": [
    [0, 9, 0, 6],
    [4, 0, 11],
  ],
  "4,2": [
    [3, 0, 12],
    [0, 13, 0, 2],
  ],
  "4,4": [
    [9, 0, 72, 0, 24],
    [0, 55, 0, 50],
  ],
};

/**
 * J_ab = E relu(G)^a relu(H)^b for standard normal (G, H) at the angle theta (correlation cos theta), for (a, b) = (1, 1), (2, 2), (3, 1), (3, 3), (4, 2),
 * (4, 4) in either order: for example 2 pi J_11 = sin theta + (pi - theta) cos theta. Absolute error about 1e-15.
 *
 * @throws DomainError for an angle outside [0, pi], ConfigError for other (a, b)
 * @see Jakub and Nica, arXiv 2302.09712, table 1
 *
 * @example
 * mixedMoment(1, 1, Math.PI / 2) // 0.159154943091895...
 */
export function mixedMoment(a: number, b: number, theta: number): number {
  if (!(theta >= 0 && theta <= Math.PI)) throw new DomainError(`an angle between two inputs lies in [0, pi], got ${theta}`);
  const key = `${Math.max(a, b)},${Math.min(a, b)}`;
  if (!Object.hasOwn(polynomials, key))
    throw new ConfigError(`the mixed moment J_${a},${b} is not known here: choose ${Object.keys(polynomials).join("; ")}`);
  const [p, q] = polynomials[key];
  const c = cos(theta);
  const at = (coefficients: readonly number[]): number => coefficients.reduceRight((sum, k) => sum * c + k, 0);
  return ((Math.PI - theta) * at(p) + sin(theta) * at(q)) / (2 * Math.PI);
}
