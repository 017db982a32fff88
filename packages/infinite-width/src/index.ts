export { type AngleRecursionOptions, angleMap, angleRecursion, type InfiniteWidthAngle } from "./angles/index.js";
export { arcCosine } from "./dual/arc-cosine.js";
export type { Dual, DualMap } from "./dual/dual.js";
export { dualActivation } from "./dual/dual-activation.js";
export { type HermiteSeries, hermiteSeries } from "./dual/hermite.js";
export { quadratureDual } from "./dual/polar.js";
export {
  infiniteWidthKernel,
  infiniteWidthKernelSync,
  type KernelMatrices,
  type KernelOptions,
  type KernelRecord,
} from "./kernel/infinite-width-kernel.js";
export { type WeightLaw, weightLaw } from "./kernel/weight-law.js";
export { type CriticalPoint, criticalLine } from "./mean-field/critical-line.js";
export { correlationMap } from "./mean-field/maps.js";
export { type MeanField, meanField, type Phase } from "./mean-field/mean-field.js";
export { type PhaseDiagram, type PhaseDiagramOptions, phaseDiagram } from "./mean-field/phase-diagram.js";
export { varianceFixedPoint } from "./mean-field/variance-fixed-point.js";
export { type KernelCondition, kernelCondition } from "./regression/condition.js";
export {
  gaussianProcessPosterior,
  type Posterior,
  type PosteriorOptions,
  type RegressionKernels,
  type TrainedOptions,
  trainedPosterior,
} from "./regression/posterior.js";
