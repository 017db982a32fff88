export { type KernelActivation, kernelActivations } from "./activation.js";
export { type Arena, MemoryLimitError } from "./arena.js";
export {
  type Address,
  type ConvSizes,
  type DenseOptions,
  type DenseSizes,
  type EnsembleKernels,
  type EntryLaw,
  ensembleKernels,
  type KernelLayer,
  type KernelNorm,
  kernelNorms,
  livingFlags,
  type NormOptions,
  type NormSizes,
  type PoolOptions,
  type RandomWeights,
  rescaleFlags,
  type StreamName,
  type WindowSizes,
} from "./ensemble.js";
export {
  type CoordinateOptions,
  type LawKernels,
  type LawLayer,
  lawKernels,
  type NormalWeights,
  type OrthogonalWeights,
} from "./law.js";
export { type MathModule, mathModule } from "./math.js";
