/** The law of R = ln sin^2 theta' - ln D(theta) after one layer of an activation with slope 1 above 0 and `slope` below, given that the pair is not degenerate. */
export interface StepTable {
  readonly slope: number;
  /** By rising width. */
  readonly widths: readonly TabulatedWidth[];
}

/** Numbers in text, joined by commas; at the angles k pi / 32, k = 0 to 31. */
export interface TabulatedWidth {
  readonly width: number;
  /** width E R for each k. */
  readonly mean: string;
  /** width Var R for each k. */
  readonly variance: string;
  /** For each k the means of (R - E R) / sd R, in thousandths, between its quantiles at Phi(-15/4), Phi(-14/4), ..., Phi(15/4). */
  readonly shape: readonly string[];
}
