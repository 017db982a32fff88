import { ConfigError, NumericalError, ShapeError } from "./errors.js";
import { type Matrix, matrix, matrixFromRows, type Reals } from "./matrix.js";
import type { TensorLike } from "./tensor-like.js";

/** Recorded activations of one layer, `[points, units]` or `[points, ...positions, channels]`, row-major, as files and tensors hold them. */
export interface ActivationArray {
  readonly shape: readonly number[];
  readonly data: Reals;
}

/** What recorded activations may come as: a matrix, rows, an array with its shape, or a tensor of any backend. */
export type Activations = Matrix | ActivationArray | TensorLike | readonly ArrayLike<number>[];

/**
 * Recorded activations in one form. Float64 and float32 values are not copied; a tensor is read at once.
 *
 * Throws `ShapeError` for fewer than two axes or a shape that does not match the values, `NumericalError` for NaN and infinities, and `ConfigError` for what holds no real numbers.
 *
 * @example
 * activationArray([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function activationArray(source: Activations): ActivationArray {
  if (isRows(source)) return ofMatrix(matrixFromRows(source));
  if (source !== null && typeof source === "object") {
    if ("dataSync" in source) {
      if (!["float32", "int32", "bool"].includes(source.dtype))
        throw new ConfigError(
          `activations need a tensor of type float32, int32 or bool, got ${source.dtype}: cast it or take its real part`,
        );
      const values = source.dataSync();
      return checked(source.shape, values instanceof Float32Array ? values : Float64Array.from(values));
    }
    if ("rows" in source && "data" in source) return ofMatrix(source);
    if ("shape" in source && (source.data instanceof Float64Array || source.data instanceof Float32Array))
      return checked(source.shape, source.data);
  }
  throw new ConfigError(
    "expected activations as a matrix, a tensor, a list of rows, or { shape, data } with data a Float64Array or Float32Array",
  );
}

/**
 * Recorded activations with one row for every point, positions and channels flattened: `[points, ...positions, channels] -> [points, units]`. Throws as `activationArray` does.
 *
 * @example
 * pointRows({ shape: [2, 3, 3, 4], data: new Float32Array(72) }).cols // 36
 */
export function pointRows(source: Activations): Matrix {
  const { shape, data } = activationArray(source);
  return matrix(shape[0], product(shape.slice(1)), data);
}

function ofMatrix({ rows, cols, data }: Matrix): ActivationArray {
  return checked([rows, cols], data);
}

function checked(shape: readonly number[], data: Reals): ActivationArray {
  if (shape.length < 2)
    throw new ShapeError(`activations have the shape [points, units] or [points, ...positions, channels], got [${shape}]`);
  if (product(shape) !== data.length)
    throw new ShapeError(`activations of shape [${shape.join(", ")}] are ${product(shape)} values, got ${data.length}`);
  if (!allFinite(data)) {
    const k = data.findIndex((value: number) => !Number.isFinite(value));
    throw new NumericalError(`activations are finite numbers, got ${data[k]} at index ${k}: find the layer that overflows`);
  }
  return { shape, data };
}

/** Whether there is no NaN and no infinity: a number less itself is 0, and theirs is NaN. Four sums do not wait for each other. */
function allFinite(data: Reals): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = data.length % 4;
  for (let i = 0; i < k; i++) a += data[i] - data[i];
  for (; k < data.length; k += 4) {
    a += data[k] - data[k];
    b += data[k + 1] - data[k + 1];
    c += data[k + 2] - data[k + 2];
    d += data[k + 3] - data[k + 3];
  }
  return a + b + c + d === 0;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function isRows(source: Activations): source is readonly ArrayLike<number>[] {
  return Array.isArray(source);
}
