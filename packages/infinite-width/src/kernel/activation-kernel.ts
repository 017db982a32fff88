import { type Activation, gaussianMoments } from "@sonde/core";
import { rampKernels } from "@sonde/kernels/ramp";
import { closedForm } from "../dual/closed-forms.js";
import { correlationOf, type DualMap, rounding, scaleOf } from "../dual/dual.js";
import { type HermiteSeries, hermiteSeries } from "../dual/hermite.js";
import { quadratureDual } from "../dual/polar.js";
import { seriesDual } from "../dual/series.js";
import type { WeightLaw } from "./weight-law.js";

/** The pre-activations of a set of points, prepared for pairing: entry e = position * points + point. */
export interface PreparedPoints {
  /** E phi, E phi^2 and E phi'^2 of every entry, the squares with what dropout does to them. */
  readonly mean: Float64Array;
  readonly second: Float64Array;
  readonly derivativeSecond: Float64Array;
  readonly variances: Float64Array;
  /** Their roots, and the inverses of those (0 for 0). */
  readonly sd: Float64Array;
  readonly inverse: Float64Array;
  /** Where the activation has no closed form; `undefined` for a variance of 0. */
  readonly series?: readonly (HermiteSeries | undefined)[];
}

/** The columns of a row of a field: positions [from, to) of the points [first, last) out of `points`. */
interface Columns {
  readonly points: number;
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** One row: kernels from `offset` on between entry `row` of one set and the columns of another. */
interface KernelRow {
  readonly nngp: Float64Array;
  readonly ntk?: Float64Array;
  readonly offset: number;
  readonly points: PreparedPoints;
  readonly row: number;
  readonly others: PreparedPoints;
  readonly columns: Columns;
  /** Weights that the row has yet to go through: K <- sigma_w^2 K + sigma_b^2, Theta <- K + sigma_w^2 Theta. */
  readonly law?: WeightLaw;
}

/** What an activation does to kernels: K <- E phi phi, Theta <- Theta E phi' phi'. */
export interface ActivationKernel {
  /** Whether it takes milliseconds to prepare a point. */
  readonly costly: boolean;
  readonly homogeneous: boolean;
  prepare(variances: Float64Array): PreparedPoints;
  /** Overwrites the row; returns an upper estimate of the relative error of one application. */
  apply(row: KernelRow): number;
}

/**
 * Dropout leaves covariances between points and between positions as they are, because their masks are independent, and divides the squares of a point's own values by
 * the share that it keeps.
 */
export function activationKernel(activation: Activation, dropout = 0): ActivationKernel {
  const closed = closedForm(activation);
  const costly = !activation.homogeneous && !closed;
  const prepare = preparer(activation, costly, 1 / (1 - dropout));
  const { homogeneous } = activation;
  if (homogeneous) return { costly, homogeneous, prepare, apply: rampRow(activation.derivative(-1)) };
  return { costly, homogeneous, prepare, apply: closed ? closedRow(closed) : seriesRow(activation) };
}

/** Terms of the series: few for all points, and for pairs that need more as many as memory allows for so many points. */
const few = 128;
const mostTerms = (points: number): number => Math.max(few, Math.min(1000, Math.floor(2e7 / points)));

/** Error up to which a series is taken in the place of quadrature, which takes a thousand times as long. */
const accepted = 1e-11;

function preparer(activation: Activation, expand: boolean, inflation: number): (variances: Float64Array) => PreparedPoints {
  // A homogeneous activation has the same moments at every scale.
  const one = activation.homogeneous ? gaussianMoments(activation, 1) : undefined;
  return (variances) => {
    const mean = new Float64Array(variances.length);
    const second = new Float64Array(variances.length);
    const derivativeSecond = new Float64Array(variances.length);
    const sd = variances.map((v) => Math.sqrt(v));
    const series = expand
      ? Array.from(variances, (v) => (v > 0 ? trimmed(hermiteSeries(activation, v, few)) : undefined))
      : undefined;
    for (let e = 0; e < variances.length; e++) {
      if (one) {
        mean[e] = one.mean * sd[e];
        second[e] = one.second * variances[e] * inflation;
        derivativeSecond[e] = one.derivativeSecond * inflation;
        continue;
      }
      const expansion = series?.[e];
      const moments = expansion ? { ...expansion, mean: expansion.coefficients[0] } : gaussianMoments(activation, variances[e]);
      mean[e] = moments.mean;
      second[e] = moments.second * inflation;
      derivativeSecond[e] = moments.derivativeSecond * inflation;
    }
    return { mean, second, derivativeSecond, variances, sd, inverse: sd.map((root) => (root > 0 ? 1 / root : 0)), series };
  };
}

/** Without the last terms, which together are below rounding. */
function trimmed(series: HermiteSeries): HermiteSeries {
  const { coefficients, second, derivativeSecond, variance } = series;
  let length = coefficients.length;
  let left = 0;
  let slope = 0;
  while (length > 1) {
    const square = coefficients[length - 1] * coefficients[length - 1];
    left += square;
    slope += ((length - 1) * square) / variance;
    if (left > 1e-16 * second || slope > 1e-16 * derivativeSecond) break;
    length--;
  }
  return { ...series, coefficients: coefficients.slice(0, length) };
}

/** Slope `slope` below 0 and 1 above, in SIMD because this is where the time goes. */
function rampRow(slope: number): ActivationKernel["apply"] {
  const bend = ((1 - slope) * (1 - slope)) / (2 * Math.PI);
  return ({ nngp, ntk, offset, points, row, others, columns: { points: count, first, last, from, to }, law }) => {
    const { rows, apply } = rampKernels();
    const own = { sd: points.sd[row], inverse: points.inverse[row] };
    let at = offset;
    for (let s = from; s < to; s++)
      for (let j = s * count + first, end = s * count + last; j < end; ) {
        const length = Math.min(end - j, rows.nngp.length);
        rows.nngp.set(nngp.subarray(at, at + length));
        if (ntk) rows.ntk.set(ntk.subarray(at, at + length));
        rows.sd.set(others.sd.subarray(j, j + length));
        rows.inverse.set(others.inverse.subarray(j, j + length));
        apply(length, own, { bend, slope }, law, ntk !== undefined);
        nngp.set(rows.nngp.subarray(0, length), at);
        ntk?.set(rows.ntk.subarray(0, length), at);
        at += length;
        j += length;
      }
    return rounding;
  };
}

function closedRow(dual: DualMap): ActivationKernel["apply"] {
  return pairwise(({ points, row, others }, j, covariance) => dual(points.variances[row], others.variances[j], covariance));
}

function seriesRow(activation: Activation): ActivationKernel["apply"] {
  const quadrature = quadratureDual(activation);
  const longer = new Map<number, HermiteSeries>();
  const long = (variance: number, points: PreparedPoints): HermiteSeries => {
    const series = longer.get(variance) ?? trimmed(hermiteSeries(activation, variance, mostTerms(points.variances.length)));
    longer.set(variance, series);
    return series;
  };
  return pairwise(({ points, row, others }, j, covariance) => {
    const [variance1, variance2] = [points.variances[row], others.variances[j]];
    const [a, b] = [points.series?.[row], others.series?.[j]];
    if (!a || !b) return quadrature(variance1, variance2, covariance);
    const correlation = correlationOf(variance1, variance2, covariance);
    if (correlation === 1 && variance1 === variance2) return { value: a.second, first: a.derivativeSecond, error: rounding };
    const short = seriesDual(a, b, correlation);
    if (short.error <= accepted) return short;
    const sum = seriesDual(long(variance1, points), long(variance2, others), correlation);
    return sum.error <= accepted ? sum : quadrature(variance1, variance2, covariance);
  });
}

function pairwise(
  dual: (row: KernelRow, column: number, covariance: number) => { value: number; first: number; error: number },
): ActivationKernel["apply"] {
  return (row) => {
    const { nngp, ntk, offset, points, others, columns, law } = row;
    const { points: count, first, last, from, to } = columns;
    let at = offset;
    let worst = 0;
    for (let s = from; s < to; s++)
      for (let j = s * count + first; j < s * count + last; j++, at++) {
        if (law) {
          nngp[at] = law.weightVariance * nngp[at] + law.biasVariance;
          if (ntk) ntk[at] = nngp[at] + law.weightVariance * ntk[at];
        }
        const most = scaleOf(points.variances[row.row], others.variances[j]);
        const found = dual(row, j, Math.max(-most, Math.min(most, nngp[at])));
        nngp[at] = found.value;
        if (ntk) ntk[at] *= found.first;
        worst = Math.max(worst, found.error);
      }
    return worst;
  };
}
