// Fits the additive logistic model of the predictor: rises that are not negative, a small penalty on their squares, by accelerated projected gradient descent.
import { quantiles } from "@sonde/core";
import { baseIndex, pieces } from "../dist/failure/model.js";

const places = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.97, 1];

/** The knots of an indicator: quantiles of what was measured; none where all are equal. */
export function knotsOf(values) {
  const all = quantiles(values, places).map((value) => Number(value.toPrecision(4)));
  const distinct = all.slice(0, -1).filter((value, k) => k === 0 || value > all[k - 1]);
  return distinct.length > 1 || all.at(-1) > distinct[0] ? distinct : [];
}

/** Rows of the design for `examples` [{ inputs, indicators }], by the knots of each name. */
export function designOf(examples, knots) {
  const columns = [...knots].flatMap(([name, own]) => own.map((_, k) => ({ name, k })));
  const rows = examples.map(({ indicators }) =>
    Float64Array.from(
      [...knots].flatMap(([name, own]) => (indicators[name] ? pieces(own, indicators[name][0]) : own.map(() => 0))),
    ),
  );
  return { rows, columns, groups: examples.map(({ inputs }) => baseIndex(inputs)) };
}

/** The weights of a design that make `failed` (0 or 1, each counted `counts` times) most probable. */
export function fit({ rows, columns, groups }, failed, { penalty, counts = failed.map(() => 1), steps = 1200, start }) {
  const p = columns.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const wide = p + 3;
  let w = start ? Float64Array.from(start) : new Float64Array(wide);
  const v = Float64Array.from(w);
  let t = 1;
  const gradient = new Float64Array(wide);
  // A quarter of the largest eigenvalue of the design's second moments bounds the curvature.
  const curvature = 0.25 * largestMoment(rows, groups, counts, total, p) + penalty;
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    rows.forEach((row, i) => {
      if (counts[i] === 0) return;
      let z = v[p + groups[i]];
      for (let j = 0; j < p; j++) z += row[j] * v[j];
      const error = (counts[i] * (1 / (1 + Math.exp(-z)) - failed[i])) / total;
      for (let j = 0; j < p; j++) gradient[j] += error * row[j];
      gradient[p + groups[i]] += error;
    });
    const next = new Float64Array(wide);
    for (let j = 0; j < wide; j++) {
      const moved = v[j] - (gradient[j] + (j < p ? penalty * v[j] : 0)) / curvature;
      next[j] = j < p ? Math.max(0, moved) : moved;
    }
    const later = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
    for (let j = 0; j < wide; j++) v[j] = next[j] + ((t - 1) / later) * (next[j] - w[j]);
    [w, t] = [next, later];
  }
  return w;
}

function largestMoment(rows, groups, counts, total, p) {
  let x = new Float64Array(p + 3).fill(1);
  let size = 1;
  for (let step = 0; step < 30; step++) {
    const next = new Float64Array(p + 3);
    rows.forEach((row, i) => {
      let z = x[p + groups[i]];
      for (let j = 0; j < p; j++) z += row[j] * x[j];
      const part = (counts[i] * z) / total;
      for (let j = 0; j < p; j++) next[j] += part * row[j];
      next[p + groups[i]] += part;
    });
    size = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    x = next.map((value) => value / size);
  }
  return 1.05 * size;
}

/** The log-odds of each row. */
export function logOdds({ rows, columns, groups }, w) {
  return rows.map((row, i) => row.reduce((sum, value, j) => sum + value * w[j], w[columns.length + groups[i]]));
}

/** Area under the ROC curve: the probability that one that failed has the larger score; ties count half. */
export function auc(scores, failed) {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let [sum, bad] = [0, 0];
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    for (let k = from; k < to; k++)
      if (failed[order[k]]) {
        sum += (from + 1 + to) / 2;
        bad++;
      }
  }
  const good = order.length - bad;
  return (sum - (bad * (bad + 1)) / 2) / (bad * good);
}

/** Mean squared error of the probabilities. */
export function brier(probabilities, failed) {
  return probabilities.reduce((sum, p, i) => sum + (p - failed[i]) ** 2, 0) / failed.length;
}

/** Mean of - ln of the probability of what happened. */
export function logLoss(scores, failed) {
  return scores.reduce((sum, z, i) => sum + Math.log1p(Math.exp(failed[i] ? -z : z)), 0) / failed.length;
}
