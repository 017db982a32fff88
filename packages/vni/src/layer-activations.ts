import { type Activations, activationArray, ConfigError, type Matrix, matrix, type Reals, ShapeError } from "@sonde/core";

/** What the positions of convolutional activations `[points, ...positions, channels]` count as. */
export type Positions = "points" | "pooled" | "units";

export interface PositionOptions {
  /**
   * Of convolutional activations `[points, ...positions, channels]`: `points` (default), every position is a point and every channel a unit; `pooled`, the mean over the positions is taken first; `units`, every
   * position of every channel is a unit of its own. Without positions all are the same.
   */
  readonly positions?: Positions;
}

/**
 * Activations of one layer with one row for each point and one column for each unit, as `positions` says. A view where nothing has to be averaged. `[points, ...positions, channels] -> [points', units]`.
 *
 * Throws `ShapeError` for no points or no units, `ConfigError` for what holds no real numbers.
 *
 * @example
 * layerActivations({ shape: [2, 3, 3, 4], data: new Float32Array(72) }).rows // 18
 */
export function layerActivations(source: Activations, { positions = "points" }: PositionOptions = {}): Matrix {
  const { shape, data } = activationArray(source);
  if (data.length === 0)
    throw new ShapeError(`activations need at least one point and one unit, got the shape [${shape.join(", ")}]`);
  const [points] = shape;
  const channels = shape[shape.length - 1];
  const places = data.length / (points * channels);
  switch (positions) {
    case "points":
      return matrix(points * places, channels, data);
    case "units":
      return matrix(points, places * channels, data);
    case "pooled":
      return places === 1 ? matrix(points, channels, data) : pooled(data, points, places, channels);
    default:
      throw new ConfigError(`positions count as points, pooled or units, got ${String(positions)}`);
  }
}

function pooled(data: Reals, points: number, places: number, channels: number): Matrix {
  const result = matrix(points, channels);
  for (let p = 0; p < points; p++)
    for (let q = 0; q < places; q++)
      for (let c = 0; c < channels; c++) result.data[p * channels + c] += data[(p * places + q) * channels + c] / places;
  return result;
}
