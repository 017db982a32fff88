export type { Activation } from "./activation.js";
export { ConfigError, DomainError, FormatError, NumericalError, quote, ShapeError, SondeError } from "./errors.js";
export type { Estimate } from "./estimate.js";
export { type Matrix, matrix, matrixFromRows, multiply, type Reals, row, transpose } from "./matrix.js";
export { type Stream, split, stream, words } from "./random.js";
export { type AnyWorker, workerEndpoint } from "./workers/endpoint.js";
export { runTasks, type TaskRun } from "./workers/run.js";
export { serveTasks } from "./workers/serve.js";
