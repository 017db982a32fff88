import { type Activations, type Matrix, pointRows, ShapeError } from "@sonde/core";

/** Recorded layers as matrices `[points, units]` of the same points. Throws `ShapeError` for layers of different numbers of points, or fewer than `least`, beginning with the words `needs`. */
export function recordedPoints(activations: readonly Activations[], least: number, needs: string): Matrix[] {
  const layers = activations.map(pointRows);
  const points = layers[0]?.rows ?? least;
  if (points < least) throw new ShapeError(`${needs}, got ${points}`);
  layers.forEach(({ rows }, l) => {
    if (rows !== points)
      throw new ShapeError(`every layer needs the same points as the first, ${points}, but layer ${l + 1} has ${rows}`);
  });
  return layers;
}
