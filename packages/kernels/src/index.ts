export { type KernelActivation, kernelActivations } from "./activation.js";
export { type Arena, MemoryLimitError } from "./arena.js";
export {
  type Address,
  type DenseOptions,
  type DenseSizes,
  type EnsembleKernels,
  type EntryLaw,
  ensembleKernels,
  type RandomWeights,
  rescaleFlags,
  type StreamName,
} from "./ensemble.js";
export { type MathModule, mathModule } from "./math.js";
