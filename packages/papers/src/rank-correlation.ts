/** Spearman's rank correlation, Pearson's of the ranks; equal values share their mean rank. NaN where one side has a single value. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [ranks(x), ranks(y)];
  const middle = (x.length - 1) / 2;
  const product = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, k) => sum + (value - middle) * (v[k] - middle), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/** Ranks from 0. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, k) => k).sort((i, j) => values[i] - values[j]);
  const result = new Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) result[order[k]] = (from + to - 1) / 2;
  }
  return result;
}
