export { batchReader, epochSteps } from "./batches.js";
export type { TrainingExecutor, TrainingGroup, TrainingState } from "./executor.js";
export type { Loss } from "./losses/loss.js";
export { type Optimizer, slotCount } from "./optimizers/optimizer.js";
export { type ParameterBlock, parameterBlocks, readParameters, writeParameters } from "./parameters.js";
export type { TrainingPlan } from "./plan.js";
export { rateAt, type Schedule } from "./schedule.js";
