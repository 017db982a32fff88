import { angleBetween, type Matrix, row } from "@sonde/core";
import type { Metric } from "../../src/index.js";

/** What is known of every network of an ensemble: a list of values for each statistic. */
export interface NetworkStatistics {
  /** ln sin^2 of the angle between points 0 and 1; -Infinity where one is zero or they are collinear. */
  logSin2: number[];
  /** The mean square of the activations, mean over points and units. */
  nu2: number[];
  /** The variance over points, mean over units. */
  mu2: number[];
  /** Trace over largest eigenvalue of the units' covariance over the points; 0 where no unit varies. */
  effectiveRank: number[];
  /** (1/n^2) sum rho_ij^2 over the n units that vary over the points; 0 where none does. */
  vanishingNodes: number[];
  /** The share of points that are alive through all layers. */
  livingRatio: number[];
  /** 1 if some layer is zero at every point. */
  bornDead: number[];
  /** 1 if no point is alive through all layers. */
  noLivingPoint: number[];
}

export const names = [
  "logSin2",
  "nu2",
  "mu2",
  "effectiveRank",
  "vanishingNodes",
  "livingRatio",
  "bornDead",
  "noLivingPoint",
] as const satisfies (keyof NetworkStatistics)[];

/** Float32 leaves some 1e-14 where the truth is a square of 0; no continuous statistic here comes near 1e-9 otherwise. */
const rounding = 1e-9;

/** The statistics of the last hidden layer of each network, and of its living points. */
export const statistics: Metric<unknown, { values: number[] }, NetworkStatistics> = {
  name: "statistics",
  needs: ["living"],
  trace: () => ({ values: [] }),
  observe(trace, layer, { layers }) {
    if (layer.layer === layers) trace.values = lastLayer(layer.activations(), 4 ** layer.exponent);
  },
  empty: () => Object.fromEntries(names.map((name) => [name, []])) as unknown as NetworkStatistics,
  fold(state, { values }, { layers }, { living }) {
    if (!living) throw new Error("living points were asked for");
    const born = Array.from({ length: layers }, (_, l) => living.anyHere[l]).includes(0) ? 1 : 0;
    const all = [...values, living.ratio[layers - 1], born, 1 - living.anyThrough[layers - 1]];
    names.forEach((name, k) => {
      state[name].push(all[k]);
    });
  },
  merge(state, next) {
    for (const name of names) for (const value of next[name]) state[name].push(value);
  },
};

/** The first five statistics. */
function lastLayer(activations: Matrix, square: number): number[] {
  const angle = angleBetween(row(activations, 0), row(activations, 1));
  const { points, nu2 } = centred(activations);
  const gram = multiplied(points, points);
  const mu2 = trace(gram) / activations.data.length;
  const varying = mu2 > rounding * nu2;
  return [
    angle && angle.logSin2 > Math.log(rounding) ? angle.logSin2 : Number.NEGATIVE_INFINITY,
    nu2 * square,
    varying ? mu2 * square : 0,
    varying ? effectiveRank(gram) : 0,
    varying ? vanishingNodes(points, rounding * nu2 * points.length) : 0,
  ];
}

/** The points less their mean, and the mean square before that. */
function centred({ rows, cols, data }: Matrix): { points: number[][]; nu2: number } {
  const points = Array.from({ length: rows }, (_, p) => [...data.slice(p * cols, (p + 1) * cols)]);
  const nu2 = points.reduce((sum, point) => sum + dot(point, point), 0) / data.length;
  for (let j = 0; j < cols; j++) {
    const mean = points.reduce((sum, point) => sum + point[j], 0) / rows;
    for (const point of points) point[j] -= mean;
  }
  return { points, nu2 };
}

/** Trace over largest eigenvalue, the latter from the 64th power of the matrix, in which it outweighs the others. */
function effectiveRank(gram: number[][]): number {
  let power = gram;
  for (let squaring = 0; squaring < 6; squaring++) {
    const size = trace(power);
    power = multiplied(power, power).map((entries) => entries.map((x) => x / (size * size)));
  }
  return (trace(gram) * trace(power)) / trace(multiplied(gram, power));
}

/** The units' mean squared correlation, units of less than the given sum of squares left out; from the points' Gram matrix, whose Frobenius norm is the same. */
function vanishingNodes(points: number[][], least: number): number {
  const squares = points[0].map((_, j) => points.reduce((sum, point) => sum + point[j] * point[j], 0));
  const scales = squares.map((square) => (square > least ? 1 / Math.sqrt(square) : 0));
  const scaled = points.map((point) => point.map((x, j) => x * scales[j]));
  const varying = scales.filter((scale) => scale > 0).length;
  return multiplied(scaled, scaled).reduce((sum, entries) => sum + dot(entries, entries), 0) / varying ** 2;
}

/** A B^T. */
function multiplied(a: number[][], b: number[][]): number[][] {
  return a.map((x) => b.map((y) => dot(x, y)));
}

function dot(x: number[], y: number[]): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

function trace(a: number[][]): number {
  return a.reduce((sum, entries, k) => sum + entries[k], 0);
}
