export { type AngleDistribution, angleChain } from "./chain.js";
export { degenerateProbability } from "./degenerate.js";
export { distributionCdf, distributionMoments, distributionQuantiles } from "./distribution.js";
export type { InputAnglesOptions } from "./input-angles.js";
export { type AngleLaw, type LayerLaw, type LayerLawOptions, layerLaw } from "./layer-law.js";
export { mixedMoment } from "./mixed-moments.js";
export {
  type AnglePrediction,
  growPrediction,
  type PredictAnglesOptions,
  type PredictedLayer,
  type PredictionRun,
  predictAngles,
} from "./predict-angles.js";
export { type PredictableChain, predictableChain } from "./predictable.js";
export { type PublishedForm, publishedAngles, publishedDrift, publishedStep } from "./published.js";
export { type SmallAngleLaw, smallAngleLaw } from "./small-angle.js";
export type { StepLaw } from "./step-law.js";
export { type StepMoments, stepMoments } from "./step-moments.js";
