export type { Activation, ActivationMoments } from "./activation/activation.js";
export { type GaussianMoments, gaussianMoments } from "./activation/gaussian-moments.js";
export { activation, activationNames } from "./activation/registry.js";
export { type VarianceMapOptions, varianceMap } from "./activation/variance-map.js";
export { type ActivationArray, type Activations, activationArray, pointRows } from "./activation-array.js";
export { count, thousands } from "./count.js";
export { decimal, wholeDecimal } from "./decimal.js";
export { ConfigError, DomainError, FormatError, NumericalError, quote, ShapeError, SondeError } from "./errors.js";
export type { Estimate } from "./estimate.js";
export { type Angle, angleBetween } from "./geometry/angle.js";
export { type Decomposition, decompose } from "./geometry/decompose.js";
export { isOneLine, isOneRay, toldApart } from "./geometry/told-apart.js";
export { dot } from "./linear-algebra/dot.js";
export { type LargestEigenvalue, largestEigenvalue, unevenUnitVector } from "./linear-algebra/largest-eigenvalue.js";
export { magnitude } from "./linear-algebra/magnitude.js";
export { addProduct } from "./linear-algebra/product.js";
export { type SymmetricEigen, symmetricEigen, symmetricEigenvalues } from "./linear-algebra/symmetric-eigen.js";
export { topOfTridiagonal } from "./linear-algebra/top-of-tridiagonal.js";
export {
  type Matrix,
  matrix,
  matrixFromRows,
  multiply,
  multiplyByTransposed,
  oneHot,
  type Reals,
  row,
  transpose,
} from "./matrix.js";
export { nearest } from "./nearest.js";
export { gaussLegendre, type QuadratureRule } from "./quadrature/gauss-legendre.js";
export { type GaussianExpectation, gaussianExpectation } from "./quadrature/gaussian-expectation.js";
export { beta } from "./random/beta.js";
export { integer, sign } from "./random/discrete.js";
export { normal, normals } from "./random/normal.js";
export { permutation, sample } from "./random/permutation.js";
export { sampleRows } from "./random/sample-rows.js";
export { uniform, uniforms } from "./random/uniform.js";
export { type Stream, split, stream, words } from "./random.js";
export { spelled } from "./spelled.js";
export { exactSum } from "./statistics/exact-sum.js";
export { ksStatistic, ksTest } from "./statistics/kolmogorov-smirnov.js";
export { ksTest2 } from "./statistics/kolmogorov-smirnov-two.js";
export { meanEstimate } from "./statistics/mean-estimate.js";
export { addTo, type Moments, type MomentsOrder, mergeInto, mergeMoments, moments } from "./statistics/moments.js";
export { proportion, wilson } from "./statistics/proportion.js";
export {
  addToSketch,
  mergeSketch,
  type QuantileSketch,
  quantileSketch,
  sketchQuantiles,
} from "./statistics/quantile-sketch.js";
export { median, quantiles } from "./statistics/quantiles.js";
export { addRunning, mergeRunning, type Running, running, runningEstimate, runningSd } from "./statistics/running.js";
export { student95 } from "./statistics/student.js";
export { kurtosis, mean, sampleVariance, skewness, standardError, variance } from "./statistics/summary.js";
export { matrixOf, type TensorLike, type TensorValues } from "./tensor-like.js";
export { breather, nextTurn } from "./workers/breather.js";
export { type AnyWorker, parentEndpoint, workerEndpoint } from "./workers/endpoint.js";
export { type WorkerPool, workerPool } from "./workers/pool.js";
export { runTasks, type TaskRun } from "./workers/run.js";
export { serveTasks } from "./workers/serve.js";
