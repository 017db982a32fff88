export { checkDescribed, checkModelFile, type LikeModel, type ModelCheckup } from "./check-model.js";
export { type CheckRecordingOptions, checkRecording, type RecordingCheckup } from "./check-recording.js";
export type { EnsembleLike } from "./ensemble-like.js";
export { type InspectedArray, type InspectedRecording, inspectRecording, type RecordedRole } from "./inspect-recording.js";
export {
  type DrawingOptions,
  describedSource,
  type ForeignSource,
  type NetworkSource,
  type WeightsAbout,
} from "./network-source.js";
export {
  type LikeRecordings,
  type ModelRecording,
  type RecordContext,
  type RecordOptions,
  recordNetwork,
} from "./record-model.js";
export { recordModelFile } from "./record-source.js";
export { channelsFirstWarnings, checkUnits, reals } from "./recording.js";
