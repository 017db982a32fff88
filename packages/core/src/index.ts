export type { Activation } from "./activation.js";
export { ConfigError, DomainError, FormatError, NumericalError, quote, ShapeError, SondeError } from "./errors.js";
export type { Estimate } from "./estimate.js";
export { type Matrix, matrix, matrixFromRows, multiply, type Reals, row, transpose } from "./matrix.js";
export { type Stream, split, stream, words } from "./random.js";
