import { DomainError, type Matrix, matrix, ShapeError, split, uniforms } from "@sonde/core";
import { type Architecture, isHomogeneous, sharedStream, size } from "@sonde/nets";

/** An interval `[low, high]` of one input. */
export type Interval = readonly [low: number, high: number];

/** The points that stand for a domain. */
export interface DomainPoints {
  readonly inputs: Matrix<Float64Array>;
  /** The share of the domain that each point stands for, summing to 1; equal shares if absent. */
  readonly shares?: readonly number[];
  /**
   * `rays`: exact, one point for every ray from 0, because the network is positively homogeneous; `grid`: evenly spaced, ends included; `sample`: uniform random
   * points of a box; `data`: the points given.
   */
  readonly kind: "rays" | "grid" | "sample" | "data";
}

/**
 * The points that stand for a box of inputs. An interval of one input is exact for a positively homogeneous network (zero bias, ReLU-like, no normalisation): the
 * network is fixed by the images of +1 and -1. Otherwise an interval becomes a grid and a box a uniform sample of `points` points.
 *
 * @throws ShapeError if the box does not have one interval per input, DomainError if an interval is empty
 */
export function domainPoints(
  architecture: Architecture,
  box: readonly Interval[],
  { points, seed }: { readonly points: number; readonly seed: number },
): DomainPoints {
  const inputs = size(architecture.input);
  if (box.length !== inputs)
    throw new ShapeError(`the domain needs one interval per input: the model has ${inputs}, the domain ${box.length}`);
  for (const [low, high] of box) {
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw new DomainError(`an interval of the domain goes from a number to a larger one, got ${low},${high}`);
  }
  if (box.length === 1) {
    const [low, high] = box[0];
    return isHomogeneous(architecture) ? rays(low, high) : grid(low, high, points);
  }
  const sample = uniforms(split(sharedStream(seed), 1), new Float64Array(points * box.length));
  sample.forEach((u, i) => {
    const [low, high] = box[i % box.length];
    sample[i] = low + u * (high - low);
  });
  return { inputs: matrix(points, box.length, sample), kind: "sample" };
}

function rays(low: number, high: number): DomainPoints {
  const ends = [low, high].filter((end, i) => (i === 0 ? end < 0 : end > 0));
  // The interval may lie on one side of 0: then there is one ray.
  const inputs = Float64Array.from(ends, (end) => (end < 0 ? -1 : 1));
  const shares = inputs.length === 1 ? [1] : [-low / (high - low), high / (high - low)];
  return { inputs: matrix(inputs.length, 1, inputs), shares, kind: "rays" };
}

function grid(low: number, high: number, points: number): DomainPoints {
  const at = Float64Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
  return { inputs: matrix(points, 1, at), kind: "grid" };
}
