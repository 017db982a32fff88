import { ConfigError, decimal, quote } from "@sonde/core";

/** One of `of` parts of a plan, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * The shard that `3/8` names. Throws `ConfigError` for anything but I/N with 1 <= I <= N.
 *
 * @example
 * parseShard("3/8") // { index: 3, of: 8 }
 */
export function parseShard(text: string): Shard {
  const [index, of, ...rest] = text.split("/").map(decimal);
  if (rest.length > 0 || !Number.isInteger(index) || !Number.isInteger(of) || index < 1 || index > of || of > 1e6)
    throw new ConfigError(`--shard takes I/N with I from 1 to N, as in 3/8, got ${quote(text)}`);
  return { index, of };
}

/**
 * The part of a plan's order that a shard does: every `of`-th cell. The order is of the whole plan, dearest first, whatever is done already, so shards that start at
 * different times neither overlap nor leave gaps, and all take about as long.
 *
 * @example
 * shardOf([7, 3, 9, 1], { index: 2, of: 2 }) // [3, 1]
 */
export function shardOf(order: ArrayLike<number>, { index, of }: Shard): number[] {
  const mine: number[] = [];
  for (let k = index - 1; k < order.length; k += of) mine.push(order[k]);
  return mine;
}
