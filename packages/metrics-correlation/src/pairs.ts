import { angleBetween, DomainError, integer, type Matrix, row, type Stream, split, toldApart } from "@sonde/core";
import { sharedStream } from "@sonde/nets";

/** Pairs that are measured where nothing is said. */
export const defaultPairs = 256;

/** Two points by their indices. */
export type Pair = readonly [number, number];

/**
 * The pairs of points to measure: all of them if there are at most `most`, otherwise `most` drawn at random (with replacement between pairs; the two points of a pair are different).
 *
 * @throws DomainError unless `most` is a whole number from 1
 */
export function choosePairs(points: number, most: number, random: Stream): Pair[] {
  if (!(Number.isInteger(most) && most >= 1))
    throw new DomainError(`the pairs to measure are a whole number from 1, got ${most}`);
  if ((points * (points - 1)) / 2 <= most) {
    return Array.from({ length: points }, (_, i) => Array.from({ length: i }, (_, j): Pair => [j, i])).flat();
  }
  return Array.from({ length: most }, (_, k) => {
    const i = integer(random, 2 * k, points);
    const j = integer(random, 2 * k + 1, points - 1);
    return [i, j < i ? j : j + 1];
  });
}

/**
 * The pairs of these inputs whose angles are measured: of those that `choosePairs` gives for the seed, the ones that are told apart before any layer. A pair with a zero point, or of two points on one
 * ray, says nothing about a network.
 */
export function measuredPairs(
  inputs: Matrix,
  { pairs: most = defaultPairs, seed = 0 }: { readonly pairs?: number; readonly seed?: number } = {},
): { readonly pairs: readonly Pair[]; readonly leftOut: number } {
  const chosen = choosePairs(inputs.rows, most, split(sharedStream(seed), 2));
  // The difference of two points alone can be carried to any depth, so it may be as small as it likes.
  const apart = inputs.rows === 2 ? notExactlyOneRay : toldApart;
  const pairs = chosen.filter(([i, j]) => apart(row(inputs, i), row(inputs, j)));
  return { pairs, leftOut: chosen.length - pairs.length };
}

function notExactlyOneRay(x: ArrayLike<number>, y: ArrayLike<number>): boolean {
  const angle = angleBetween(x, y);
  return angle !== undefined && (angle.logSin2 > Number.NEGATIVE_INFINITY || angle.cosine < 0);
}
