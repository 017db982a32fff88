export { type Angle, angleBetween } from "@sonde/core";
export { type AngleQuantile, type AnglesLayer, type AnglesRecord, anglesRecord } from "./angles-record.js";
export { type AverageCosine, averageCosine } from "./average-cosine.js";
export { correlation } from "./correlation.js";
export { type GramRankOptions, gramRank } from "./gram-rank.js";
export { type LinearCkaOptions, linearCka } from "./linear-cka.js";
export {
  anglesRequest,
  growAngles,
  type MeasureAnglesOptions,
  measureAngles,
  twoInputs,
} from "./measure-angles.js";
export {
  type MeasureSimilarityOptions,
  measureSimilarity,
  type SimilarityLayer,
  type SimilarityMeasureOptions,
  type SimilarityRecord,
  similarityLayers,
  similarityRequest,
} from "./measure-similarity.js";
export { type AnglesOptions, type AnglesState, type AnglesTrace, angles } from "./metric.js";
export { choosePairs, defaultPairs, measuredPairs, type Pair } from "./pairs.js";
export { defaultQuantiles } from "./probabilities.js";
export {
  type PairSummary,
  type RecordedAnglesLayer,
  type RecordedAnglesOptions,
  recordedAngles,
} from "./recorded-angles.js";
export { type RecordedSimilarityLayer, recordedSimilarity } from "./recorded-similarity.js";
export { type SimilarityOptions, type SimilarityState, type SimilarityTrace, similarity } from "./similarity.js";
