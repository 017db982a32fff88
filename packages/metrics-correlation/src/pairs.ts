import { DomainError, integer, type Stream } from "@sonde/core";

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
