export { batchReader, epochSteps } from "./batches.js";
export {
  type CoordinateCheckpoint,
  decodeCoordinates,
  decodeTraining,
  encodeTraining,
  type NetworkSizes,
  type TrainingCheckpoint,
} from "./checkpoint.js";
export { serveTraining } from "./crew/serve.js";
export { functionData, functionNames } from "./data/functions.js";
export { type LabelledPoints, labelledData } from "./data/labelled.js";
export type { Examples, TrainingData } from "./data/training-data.js";
export { xorData } from "./data/xor.js";
export { defaultLoss, defaultOptimizer, defaultSchedule, lossNames, optimizerNames, scheduleNames } from "./defaults.js";
export type { Evaluation } from "./evaluate.js";
export type { TrainingExecutor, TrainingGroup, TrainingState } from "./executor.js";
export { executorFor, trainingExecutors } from "./executors.js";
export { kernelExecutor } from "./kernels/executor.js";
export { logSteps } from "./log-steps.js";
export type { Look } from "./look.js";
export { type Loss, lossOf } from "./losses/loss.js";
export type { LayerValues } from "./monitors/monitor.js";
export { monitorNames, type Watched } from "./monitors/watch.js";
export { type Optimizer, slotCount } from "./optimizers/optimizer.js";
export { applyUpdate, clipGradient, gradientNorm, type TrainedRange, type Update } from "./optimizers/update.js";
export { type Constants, constantsOf } from "./outcomes/constants.js";
export { type ContingencyRow, contingency, type Diagnosis } from "./outcomes/contingency.js";
export { type Judgement, outcomeOf, type Verdict } from "./outcomes/outcome-of.js";
export { shallowOf } from "./outcomes/shallow.js";
export { type Outcome, outcomeNames, outcomeThresholds } from "./outcomes/thresholds.js";
export {
  allParameters,
  initialNetwork,
  networkOf,
  type ParameterBlock,
  parameterBlocks,
  readParameters,
  trainedRanges,
  writeParameters,
} from "./parameters.js";
export type { TrainingPlan } from "./plan.js";
export { planTraining, type RecipeOptions } from "./plan-training.js";
export type { Quantiles } from "./quantiles.js";
export {
  type CoordinateLayer,
  type CoordinateOptions,
  type CoordinateRecord,
  coordinateCheck,
  widened,
} from "./quick/coordinate-check.js";
export { type OverfitRecord, overfit } from "./quick/overfit.js";
export type { DeadUnitChanges, TrainedLayer, TrainedNetwork, TrainingRecord } from "./record.js";
export { referenceExecutor } from "./reference.js";
export { rateAt, type Schedule } from "./schedule.js";
export { train } from "./train.js";
export { type TrainingMoment, type TrainingProgress, type TrainOptions, trainSteps } from "./train-steps.js";
