import { integer, quantiles, split, stream } from "@sonde/core";

/** Spearman's rank correlation, Pearson's of the ranks; equal values share their mean rank. NaN where one side has a single value. */
export function rankCorrelation(x, y) {
  const [a, b] = [ranks(x), ranks(y)];
  const middle = (x.length - 1) / 2;
  const product = (u, v) => u.reduce((sum, value, k) => sum + (value - middle) * (v[k] - middle), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/** Ranks from 0. */
function ranks(values) {
  const order = values.map((_, k) => k).sort((i, j) => values[i] - values[j]);
  const result = new Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) result[order[k]] = (from + to - 1) / 2;
  }
  return result;
}

/** A statistic of the numbers 0 to count - 1 with the 95 % percentile interval of its bootstrap, at a fixed seed. `statistic(chosen)` */
export function bootstrapped(count, statistic, { resamples = 10000, seed = 0 } = {}) {
  const value = statistic(Array.from({ length: count }, (_, k) => k));
  const values = Array.from({ length: resamples }, (_, r) => {
    const random = split(stream(seed), r);
    return statistic(Array.from({ length: count }, (_, k) => integer(random, k, count)));
  });
  const [low, high] = quantiles(
    values.filter((one) => !Number.isNaN(one)),
    [0.025, 0.975],
  );
  return { value, low, high };
}
