export type {
  GradientLevel,
  GradientsRecord,
  MeasuredGradientLevel,
  MeasuredGradients,
  PredictedGradients,
} from "./gradients-record.js";
export { gradientsRecord, gradientsRequest, type MeasureGradientsOptions, measureGradients } from "./measure-gradients.js";
export {
  type MeasureTangentKernelOptions,
  measureTangentKernel,
  type TangentKernelRecord,
  tangentDecays,
  tangentTimes,
} from "./measure-tangent-kernel.js";
export { type GradientsState, type GradientsTrace, gradients } from "./metric.js";
export type { GradientPlaces } from "./places.js";
export { predictGradients } from "./predict-gradients.js";
export { backwardSlope } from "./slope.js";
export { type TangentKernel, tangentKernel } from "./tangent-kernel.js";
