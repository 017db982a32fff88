import { ConfigError, type Matrix, ShapeError, type TensorLike } from "@sonde/core";

/**
 * Activations of one layer as they come: a matrix or list of rows `[points, units]`, or a tensor or array of shape `[points, ...positions, channels]`, such as `{ shape, data }` from an npy file or a
 * tf.Tensor.
 */
export type RecordedActivations =
  | Matrix
  | TensorLike
  | readonly ArrayLike<number>[]
  | { readonly shape: readonly number[]; readonly data: ArrayLike<number> | ArrayLike<bigint> };

/** The same with its axes named: value (point, position, unit) is `data[(point * positions + position) * units + unit]`. */
export interface Activations {
  readonly points: number;
  /** 1 for dense layers. */
  readonly positions: number;
  /** Units, or channels. */
  readonly units: number;
  readonly data: ArrayLike<number>;
}

/** Names the axes. Throws `ShapeError` for fewer than two of them, none of a point or a unit, or values that are too few, `ConfigError` for something else altogether or values that are not finite. */
export function activationsOf(source: RecordedActivations): Activations {
  const { shape, data } = shaped(source);
  if (shape.length < 2)
    throw new ShapeError(
      `activations have the shape [points, units] or [points, ...positions, channels], got [${shape.join(", ")}]: add the axis that is missing`,
    );
  const values = shape.reduce((product, size) => product * size, 1);
  if (values === 0) throw new ShapeError(`activations need at least one point and one unit, got the shape [${shape.join(", ")}]`);
  if (values !== data.length)
    throw new ShapeError(`activations of shape [${shape.join(", ")}] have ${values} values, got ${data.length}`);
  for (let k = 0; k < values; k++)
    if (!Number.isFinite(data[k])) throw new ConfigError(`activations are finite numbers, but value ${k + 1} is ${data[k]}`);
  const units = shape[shape.length - 1];
  return { points: shape[0], positions: values / shape[0] / units, units, data };
}

function shaped(source: RecordedActivations): { readonly shape: readonly number[]; readonly data: ArrayLike<number> } {
  if (Array.isArray(source)) return fromRows(source);
  if (source !== null && typeof source === "object") {
    if ("dataSync" in source) return { shape: source.shape, data: source.dataSync() };
    if ("rows" in source) return { shape: [source.rows, source.cols], data: source.data };
    if ("shape" in source && "data" in source) {
      const { shape, data } = source;
      const isBig = typeof data[0] === "bigint";
      return { shape, data: isBig ? Float64Array.from(data as ArrayLike<bigint>, Number) : (data as ArrayLike<number>) };
    }
  }
  throw new ConfigError("expected activations as a matrix, a tensor, a list of rows or { shape, data }");
}

function fromRows(rows: readonly ArrayLike<number>[]): { shape: number[]; data: Float64Array } {
  const units = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * units);
  rows.forEach((row, p) => {
    if (row.length !== units)
      throw new ShapeError(`every point needs ${units} values like the first, but point ${p + 1} has ${row.length}`);
    data.set(row, p * units);
  });
  return { shape: [rows.length, units], data };
}
