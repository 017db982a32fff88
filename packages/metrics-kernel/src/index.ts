export { type KernelDifference, kernelDifference } from "./difference.js";
export {
  kernelLayers,
  kernelRequest,
  type MeasuredKernel,
  type MeasuredMatrices,
  type MeasureKernelOptions,
  measureKernel,
} from "./measure-kernel.js";
export { type MeasuredTangentKernel, type MeasureTangentKernelOptions, measureTangentKernel } from "./measure-tangent-kernel.js";
export { type KernelMetricOptions, type KernelState, kernelMetric } from "./metric.js";
export { recordedKernel } from "./recorded-kernel.js";
