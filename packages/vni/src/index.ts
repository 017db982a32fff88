export { accumulateUnits, type UnitAccumulator, type UnitSums } from "./accumulate-units.js";
export type { Similarity } from "./bias.js";
export { type LocalVniOptions, type LocalVniState, localVniMetric } from "./ensemble/local-vni-metric.js";
export { type LocalSight, localSight } from "./ensemble/measure-local.js";
export {
  defaultVniPoints,
  type MeasureVniOptions,
  measureVni,
  type SpreadEstimate,
  type VniLayer,
  type VniRecord,
  type VniRequestOptions,
  vniInputs,
  vniRecord,
  vniRequest,
} from "./ensemble/measure-vni.js";
export {
  compareWithNull,
  type NullComparison,
  type NullDistribution,
  type NullOptions,
  type NullValues,
  nullDistribution,
} from "./ensemble/null-distribution.js";
export { type Observed, observed } from "./ensemble/pre-activations.js";
export { type VniLayerState, type VniMetricOptions, type VniState, vniMetric } from "./ensemble/vni-metric.js";
export { type GramWorkers, serveGram } from "./gram/parallel.js";
export { layerActivations, type PositionOptions, type Positions } from "./layer-activations.js";
export { localVni } from "./local-vni.js";
export { measureUnits, measureUnitsParallel, type UnitOptions, type UnitRecord } from "./measure-units.js";
export { type SequentialLike, type VniCallback, type VniCallbackOptions, vniCallback } from "./monitor/vni-callback.js";
export { type VniMonitor, type VniObservation, type VniThresholds, vniMonitor } from "./monitor/vni-monitor.js";
export { networkLocalVni } from "./network-local-vni.js";
export { smallCloud } from "./small-cloud.js";
export { type Spectrum, type SpectrumOptions, spectrum } from "./spectrum.js";
export { linearGaussianVni } from "./theory/linear-gaussian.js";
export {
  formulaDomain,
  type PredictedVni,
  type PredictVniOptions,
  predictVni,
  type VniPrediction,
} from "./theory/predict-vni.js";
export { type SlopeMoments, slopeMoments } from "./theory/slope-moments.js";
export { constantUnits, effectiveNodes, lengthShare, type VniValue, vni, weightedVni } from "./vni.js";
