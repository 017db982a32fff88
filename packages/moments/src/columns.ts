/** Means and spreads of many quantities over networks, column by column: what `Running` of the core is, for a row at a time. NaN is no value. */
export interface Columns {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  /** Sums of (x - mean)^2. */
  readonly deviations: Float64Array;
}

/** So many columns without values. */
export function columns(length: number): Columns {
  return { counts: new Float64Array(length), sums: new Float64Array(length), deviations: new Float64Array(length) };
}

/** Adds a row, in place. */
export function addRow({ counts, sums, deviations }: Columns, row: ArrayLike<number>): void {
  for (let q = 0; q < counts.length; q++) {
    const x = row[q];
    if (!Number.isFinite(x)) continue;
    const before = counts[q] > 0 ? x - sums[q] / counts[q] : 0;
    counts[q]++;
    sums[q] += x;
    deviations[q] += before * (x - sums[q] / counts[q]);
  }
}

/** Adds the rows behind other columns, in place. */
export function mergeColumns(target: Columns, other: Columns): void {
  for (let q = 0; q < target.counts.length; q++) {
    const [n, m] = [target.counts[q], other.counts[q]];
    if (m === 0) continue;
    if (n > 0) {
      const between = other.sums[q] / m - target.sums[q] / n;
      target.deviations[q] += between * between * n * (m / (n + m));
    }
    target.deviations[q] += other.deviations[q];
    target.counts[q] += m;
    target.sums[q] += other.sums[q];
  }
}

/** The mean over networks, its standard error, the sample standard deviation of one network and the number of networks that have a value. */
export interface ColumnSummary {
  readonly mean: number;
  readonly sd: number;
  readonly standardError: number;
  readonly networks: number;
}

/** What is known of column q; NaN of no values, and a single value says nothing about its spread. */
export function summaryOf({ counts, sums, deviations }: Columns, q: number): ColumnSummary {
  const networks = counts[q];
  const sd = networks > 1 ? Math.sqrt(deviations[q] / (networks - 1)) : Number.NaN;
  return { mean: sums[q] / networks, sd, standardError: sd / Math.sqrt(networks), networks };
}
