import type { Matrix } from "@sonde/core";
import { log } from "@sonde/core/math";

/** ln of a quantity in every class of points. */
export type ByClass = readonly number[];

/** Points of similar length. */
export interface PointClasses {
  /** ln of the mean square over units and points. */
  readonly squares: ByClass;
  /** ln of their share of the points. */
  readonly shares: ByClass;
}

/** Classes of points that are not 0: each costs quadratures in every layer. */
const mostClasses = 8;

/** Sorts points by length into at most 8 classes, and one of points that are 0. */
export function pointClasses({ rows, cols, data }: Matrix): PointClasses {
  const all = Array.from({ length: rows }, (_, p) => {
    let sum = 0;
    for (let k = p * cols; k < (p + 1) * cols; k++) sum += data[k] * data[k];
    return sum / cols;
  }).sort((a, b) => a - b);
  const [none, some] = [all.filter((square) => square === 0), all.filter((square) => square !== 0)];
  const classes = Math.min(some.length, mostClasses);
  const cut = (c: number) => Math.floor((c * some.length) / classes);
  const groups = Array.from({ length: classes }, (_, c) => some.slice(cut(c), cut(c + 1)));
  if (none.length > 0) groups.push(none);
  return {
    squares: groups.map((group) => log(group.reduce((sum, square) => sum + square, 0) / group.length)),
    shares: groups.map((group) => log(group.length / rows)),
  };
}
