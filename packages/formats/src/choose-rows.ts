import { ConfigError, DomainError, type Stream, sample } from "@sonde/core";

/** The most rows that are chosen at random. */
const maxChosen = 2 ** 20;

/**
 * Indices of `points` distinct rows out of `rows`, in random order, so that any first part of them is a random choice too; undefined for all rows in
 * order where there are no more than that. The same stream gives the same rows.
 */
export function chooseRows(rows: number, points: number | undefined, random: Stream): Uint32Array | undefined {
  if (points === undefined) return undefined;
  if (!(Number.isInteger(points) && points > 0))
    throw new DomainError(`the number of points is a whole number from 1, got ${points}`);
  if (points >= rows) return undefined;
  if (points > maxChosen)
    throw new ConfigError(`cannot choose ${points} points at random: ask for at most ${maxChosen}, or for all ${rows}`);
  return sample(random, rows, points);
}
