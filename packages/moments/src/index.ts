export { type Checkpoint, decodeCheckpoint, type EncodedCheckpoint, encodeCheckpoint } from "./checkpoint.js";
export type { ColumnSummary, Columns } from "./columns.js";
export { type EffectiveRank, effectiveRank } from "./effective-rank.js";
export { type GrowthExponents, growthExponents } from "./growth.js";
export { growMoments, type MeasureMomentsOptions, measureMoments, momentsInputs, momentsRequest } from "./measure-moments.js";
export { type MomentsOptions, type MomentsState, moments } from "./metric.js";
export { type NetworkLayer, type NetworkMomentsOptions, type NetworkPlace, networkMoments } from "./network-moments.js";
export type { LayerQuantity, PlaceQuantity, PlaceValues } from "./network-values.js";
export { type Pathology, pathologies, pathologyThresholds } from "./pathologies.js";
export { type Samples, type SignalMoments, signalMoments } from "./place-moments.js";
export { type LayerPlaces, type MomentsPlan, type Place, planPlaces } from "./plan-places.js";
export {
  type MomentsLayer,
  type MomentsLocation,
  type MomentsRecord,
  type MomentsSample,
  momentsRecord,
  type Spread,
} from "./record.js";
export { type RecordedMoments, recordedMoments } from "./recorded-moments.js";
export { type LayerTheory, layerTheory, type TheoryKind, theoryKind } from "./theory/layer-theory.js";
export { type OneInputLaw, oneInputLaw } from "./theory/one-input.js";
export { reluIncrement } from "./theory/relu-increment.js";
export { residualExponent, residualUnit } from "./theory/residual.js";
