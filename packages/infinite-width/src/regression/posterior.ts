import {
  DomainError,
  type Matrix,
  matrix,
  multiply,
  multiplyByTransposed,
  ShapeError,
  symmetricEigen,
  transpose,
} from "@sonde/core";
import { expm1 } from "@sonde/core/math";
import { cholesky, choleskySolve } from "./cholesky.js";

/** A kernel between training points, between test and training points and, where a covariance is wanted, between test points. */
export interface RegressionKernels {
  /** `[training points, training points]` */
  readonly train: Matrix;
  /** `[test points, training points]` */
  readonly cross: Matrix;
  /** `[test points, test points]` */
  readonly test?: Matrix;
}

export interface PosteriorOptions {
  /** Variance of the noise of the targets (a ridge), >= 0, added to the diagonal of the training kernel. Default 0. */
  readonly noise?: number;
}

/** A prediction at the test points. */
export interface Posterior {
  /** `[test points, outputs]` */
  readonly mean: Matrix<Float64Array>;
  /** Between test points, of each output: `[test points, test points]`; where the kernel between test points was given. */
  readonly covariance?: Matrix<Float64Array>;
}

/**
 * Gaussian process regression with a kernel K, such as the NNGP: the prediction of infinitely wide networks of which only the last layer was trained, to the end.
 *
 *     mean = K_tx (K_xx + noise I)^-1 y,   covariance = K_tt - K_tx (K_xx + noise I)^-1 K_xt
 *
 * `targets` is `[training points, outputs]`. Solved by Cholesky factors.
 *
 * @throws ShapeError for sizes that do not fit, DomainError for negative noise, NumericalError for a kernel that is singular to rounding, with the noise that mends it
 * @see Rasmussen, Williams 2006, eqs. 2.23 and 2.24; Lee et al. 2018 (arXiv 1711.00165)
 *
 * @example
 * const train = matrixFromRows([[2, 1], [1, 2]]);
 * gaussianProcessPosterior({ train, cross: matrixFromRows([[1, 2]]) }, matrixFromRows([[1], [3]])).mean.data // [3.0000000...]
 */
export function gaussianProcessPosterior(
  kernels: RegressionKernels,
  targets: Matrix,
  { noise = 0 }: PosteriorOptions = {},
): Posterior {
  check(kernels, targets, noise);
  const { train, cross, test } = kernels;
  const factor = cholesky(withNoise(train, noise));
  const mean = multiply(cross, choleskySolve(factor, targets));
  if (!test) return { mean };
  const explained = multiply(cross, choleskySolve(factor, transpose(cross)));
  return {
    mean,
    covariance: symmetric(
      matrix(
        test.rows,
        test.cols,
        Float64Array.from(test.data, (k, e) => k - explained.data[e]),
      ),
    ),
  };
}

export interface TrainedOptions extends PosteriorOptions {
  /** Time of gradient flow: steps times learning rate, > 0. Default Infinity. */
  readonly time?: number;
}

/**
 * The prediction of infinitely wide networks of which all layers were trained by gradient flow on the loss sum |f(x_i) - y_i|^2 / (2 n), over random initialisations:
 *
 *     mean(t) = A y,   covariance(t) = K_tt + A K_xx A^T - A K_xt - K_tx A^T,   A = Theta_tx Theta_xx^-1 (I - e^(-Theta_xx t / n))
 *
 * with the tangent kernel Theta and the NNGP K, the covariance of networks before training (kernels of NTK parameterisation, weights' learning rates scaled alike). `noise` is a
 * ridge added to Theta_xx. The covariance needs `nngp` with its `test` part. At finite times a singular kernel does no harm.
 *
 * @throws ShapeError for sizes that do not fit, DomainError for a time or noise out of range, NumericalError for a kernel that is singular to rounding at infinite time
 * @see Lee et al. 2019 (arXiv 1902.06720), eqs. 14 to 16
 *
 * @example
 * const train = matrixFromRows([[2, 1], [1, 2]]);
 * trainedPosterior({ train, cross: train }, matrixFromRows([[1], [3]]), { time: 1e9 }).mean.data // [1, 2.999...]
 */
export function trainedPosterior(
  ntk: Omit<RegressionKernels, "test">,
  targets: Matrix,
  { noise = 0, time = Number.POSITIVE_INFINITY, nngp }: TrainedOptions & { readonly nngp?: RegressionKernels } = {},
): Posterior {
  check(ntk, targets, noise);
  if (!(time > 0)) throw new DomainError(`the time of training is a number above 0, got ${time}`);
  const train = withNoise(ntk.train, noise);
  const map =
    time === Number.POSITIVE_INFINITY
      ? transpose(choleskySolve(cholesky(train), transpose(ntk.cross)))
      : flow(train, ntk.cross, time / targets.rows);
  const mean = multiply(map, targets);
  if (!nngp?.test) return { mean };
  check(nngp, targets, noise);
  const { train: prior, cross, test } = nngp;
  // A (K_xx A^T - K_xt) - K_tx A^T
  const left = multiplyByTransposed(multiply(map, prior), map);
  const half = multiplyByTransposed(map, cross);
  const m = test.rows;
  const covariance = matrix(m, m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++)
      covariance.data[i * m + j] = test.data[i * m + j] + left.data[i * m + j] - half.data[i * m + j] - half.data[j * m + i];
  return { mean, covariance: symmetric(covariance) };
}

/** Theta_tx Q diag((1 - e^(-lambda t)) / lambda) Q^T, which tends to t where lambda is 0. */
function flow(train: Matrix, cross: Matrix, time: number): Matrix<Float64Array> {
  const { values, vectors } = symmetricEigen(train);
  const along = multiplyByTransposed(cross, vectors);
  for (let k = 0; k < along.data.length; k++) {
    const value = Math.max(0, values[k % along.cols]);
    along.data[k] *= value * time < 1e-300 ? time : -expm1(-value * time) / value;
  }
  return multiply(along, vectors);
}

function withNoise(train: Matrix, noise: number): Matrix<Float64Array> {
  const result = matrix(train.rows, train.cols, Float64Array.from(train.data));
  for (let i = 0; i < train.rows; i++) result.data[i * train.cols + i] += noise;
  return result;
}

/** The average with the transpose: what is symmetric but for rounding. */
function symmetric(m: Matrix<Float64Array>): Matrix<Float64Array> {
  const flipped = transpose(m);
  return matrix(
    m.rows,
    m.cols,
    m.data.map((value, k) => (value + flipped.data[k]) / 2),
  );
}

function check({ train, cross, test }: RegressionKernels, targets: Matrix, noise: number): void {
  const n = targets.rows;
  const m = cross.rows;
  const expected: readonly (readonly [string, Matrix | undefined, number, number])[] = [
    ["between training points", train, n, n],
    ["between test and training points", cross, m, n],
    ["between test points", test, m, m],
  ];
  for (const [which, kernel, rows, cols] of expected)
    if (kernel && (kernel.rows !== rows || kernel.cols !== cols))
      throw new ShapeError(
        `with ${n} targets and ${m} test points the kernel ${which} is ${rows} x ${cols}, got ${kernel.rows} x ${kernel.cols}`,
      );
  if (!(noise >= 0 && noise < Number.POSITIVE_INFINITY))
    throw new DomainError(`the noise of targets has a finite variance >= 0, got ${noise}`);
}
