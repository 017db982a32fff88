import { ConfigError, DomainError, type Matrix, matrix, ShapeError, split, uniforms } from "@sonde/core";
import { type Architecture, isHomogeneous, sharedStream, size } from "@sonde/nets";

/** An interval `[low, high]` of one input. */
export type Interval = readonly [low: number, high: number];

/** How a box becomes points: `exact` where a theorem or the network's breakpoints allow it, an even `grid`, or uniform `random` points. */
export type Sampling = "exact" | "grid" | "random";

/**
 * What points are: `rays`: exact, one for every ray from 0, because the network is positively homogeneous; `interval`: exact, the ends of an interval whose breakpoints are followed; `grid`: evenly spaced, ends
 * included; `sample`: uniform random points of a box; `data`: the points given.
 */
export type DomainKind = "rays" | "interval" | "grid" | "sample" | "data";

/** The points that stand for a domain. */
export interface DomainPoints {
  readonly inputs: Matrix<Float64Array>;
  /** The share of the domain that each point stands for, summing to 1; equal shares if absent. */
  readonly shares?: readonly number[];
  readonly kind: DomainKind;
}

/**
 * The points that stand for a box of inputs. An interval of one input is exact for a positively homogeneous network (zero bias, ReLU-like, no normalisation): the
 * network is fixed by the images of +1 and -1. Otherwise an interval becomes a grid of `points` points, ends included, and a box a uniform random sample of so many, or with `sampling: "grid"` a
 * grid of m points along each input, m the largest number with m^inputs <= points.
 *
 * @throws ShapeError if the box does not have one interval per input, DomainError if an interval is empty, ConfigError if a grid would have fewer than two points along an input
 */
export function domainPoints(
  architecture: Architecture,
  box: readonly Interval[],
  { points, seed, sampling }: { readonly points: number; readonly seed: number; readonly sampling?: "grid" | "random" },
): DomainPoints {
  const inputs = size(architecture.input);
  checkBox(box, inputs);
  if (box.length === 1 && !sampling && isHomogeneous(architecture)) return rays(...box[0]);
  const byDefault = box.length === 1 ? "grid" : "random";
  return (sampling ?? byDefault) === "grid" ? grid(box, points) : randomPoints(box, points, seed);
}

/** The ends of an interval whose breakpoints are followed. */
export function intervalEnds([low, high]: Interval): DomainPoints {
  return { inputs: matrix(2, 1, Float64Array.of(low, high)), kind: "interval" };
}

/** Throws `ShapeError` unless a box has one interval per input, `DomainError` if one is empty. */
export function checkBox(box: readonly Interval[], inputs: number): void {
  if (box.length !== inputs)
    throw new ShapeError(`the domain needs one interval per input: the model has ${inputs}, the domain ${box.length}`);
  for (const [low, high] of box) {
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw new DomainError(`an interval of the domain goes from a number to a larger one, got ${low},${high}`);
  }
}

function rays(low: number, high: number): DomainPoints {
  const ends = [low, high].filter((end, i) => (i === 0 ? end < 0 : end > 0));
  // The interval may lie on one side of 0: then there is one ray.
  const inputs = Float64Array.from(ends, (end) => (end < 0 ? -1 : 1));
  const shares = inputs.length === 1 ? [1] : [-low / (high - low), high / (high - low)];
  return { inputs: matrix(inputs.length, 1, inputs), shares, kind: "rays" };
}

function grid(box: readonly Interval[], points: number): DomainPoints {
  const side = gridSide(points, box.length);
  const rows = box.reduce((product) => product * side, 1);
  const at = matrix(rows, box.length);
  for (let p = 0; p < rows; p++) {
    // The digits of p, the last input's first.
    let rest = p;
    for (let c = box.length - 1; c >= 0; c--) {
      const [low, high] = box[c];
      at.data[p * box.length + c] = low + ((high - low) * (rest % side)) / (side - 1);
      rest = Math.floor(rest / side);
    }
  }
  return { inputs: at, kind: "grid" };
}

/** The largest m with m^inputs <= points. */
function gridSide(points: number, inputs: number): number {
  const fits = (m: number) => {
    let product = 1;
    for (let i = 0; i < inputs && product <= points; i++) product *= m;
    return product <= points;
  };
  let side = 1;
  while (fits(side + 1)) side++;
  if (side < 2)
    throw new ConfigError(
      `a grid of ${inputs} inputs has at least 2^${inputs} points, but only ${points} are asked for: take more points, or sample at random`,
    );
  return side;
}

function randomPoints(box: readonly Interval[], points: number, seed: number): DomainPoints {
  const sample = uniforms(split(sharedStream(seed), 1), new Float64Array(points * box.length));
  sample.forEach((u, i) => {
    const [low, high] = box[i % box.length];
    sample[i] = low + u * (high - low);
  });
  return { inputs: matrix(points, box.length, sample), kind: "sample" };
}
