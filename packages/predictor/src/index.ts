export { type Advice, advise } from "./advise.js";
export {
  type AngleDistribution,
  type AngleLaw,
  type AnglePrediction,
  angleChain,
  degenerateProbability,
  distributionCdf,
  distributionMoments,
  distributionQuantiles,
  growPrediction,
  type InputAnglesOptions,
  type LayerLaw,
  type LayerLawOptions,
  layerLaw,
  mixedMoment,
  type PredictAnglesOptions,
  type PredictableChain,
  type PredictedLayer,
  type PredictionRun,
  type PublishedForm,
  predictAngles,
  predictableChain,
  publishedAngles,
  publishedDrift,
  publishedStep,
  type SmallAngleLaw,
  type StepLaw,
  type StepMoments,
  smallAngleLaw,
  stepMoments,
} from "./angles/index.js";
export { bibliography, cite, type Source, type SourceName } from "./bibliography.js";
export { type Diagnosis, diagnose } from "./diagnose.js";
export { briefEffort, type Effort } from "./effort.js";
export { type GradientsExamined, weightSpread } from "./examinations/gradients.js";
export type { InputsRecord } from "./examinations/inputs.js";
export { changeOfVariance, type ScaleRecord } from "./examinations/scale.js";
export type { SignalRecord } from "./examinations/signal.js";
export type { StructureRecord } from "./examinations/structure.js";
export type { NodesRecord } from "./examinations/vanishing-nodes.js";
export { type Contribution, type Failure, failureOf } from "./failure/failure.js";
export { type Indicator, indicators, type Mechanism, type Reading, readIndicators } from "./failure/indicators.js";
export { calibratedRange } from "./failure/range.js";
export { type Finding, type PathologyName, type Verdict, verdictOf } from "./finding.js";
export { affordablePoints, asksWorkers } from "./first-answer.js";
export type { Fix } from "./fix.js";
export { measure, measureWithin } from "./measure.js";
export type { Measurement, MeasureOptions } from "./measurement.js";
export { isInputName, isOutputName, type RecordedArray, rolesByName } from "./recorded/arrays.js";
export { withCompanions } from "./recorded/companions.js";
export { type DiagnoseRecordedOptions, diagnoseRecorded, type RecordedDiagnosis } from "./recorded/diagnose-recorded.js";
export type { RecordedInputs, RecordedLayer, RecordedMeasurement, RecordedPlace } from "./recorded/measure-recorded.js";
export { type ComparedFigure, type NetworksLike, networksLike } from "./recorded/networks-like.js";
export type { RecordedGradient, RecordedGradients } from "./recorded/recorded-gradients.js";
export { type RecordedCheckRecord, recordedResult } from "./recorded/recorded-result.js";
export type { Suggestion } from "./recorded/suggestions.js";
export type { Unmeasured } from "./recorded/unmeasured.js";
export { changeBy } from "./remedies/attempts.js";
export { standardisedInputs } from "./remedies/inputs.js";
export { remedies } from "./remedies/list.js";
export { type Change, type Choices, type Family, families, type Inputs, type Remedy, type Sizes } from "./remedies/remedy.js";
export { keepingVariance } from "./remedies/rescale.js";
export { thresholds } from "./thresholds.js";
export { verdictOn } from "./verdict-on.js";
export { type Vitals, vitalsOf } from "./vitals.js";
export { type WidthLimit, widthLimit } from "./width-limit.js";
