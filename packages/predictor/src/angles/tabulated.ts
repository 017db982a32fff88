import { lagrange, type Stencil, stencil } from "./interpolation.js";
import { memo } from "./memo.js";
import { normalParts, parts } from "./shape.js";
import { smallAngleLaw } from "./small-angle.js";
import { type StepMoments, stepMoments } from "./step-moments.js";
import { table as leaky1 } from "./tables/leaky-1.js";
import { table as leaky10 } from "./tables/leaky-10.js";
import { table as leaky30 } from "./tables/leaky-30.js";
import { table as relu } from "./tables/relu.js";
import type { StepTable, TabulatedWidth } from "./tables/step-table.js";

/** What the matched normal law of a layer lacks at some angle. */
export interface Correction {
  /** Of width times the mean, and of width times the variance. */
  readonly mean: number;
  readonly variance: number;
  /** The means of the parts of the standardised law. */
  readonly shape: readonly number[];
}

/** The tables have the angles k pi / steps. */
const steps = 32;

/** Whether the exact law of layers with this slope below 0 is tabulated. */
export function isTabulated(slope: number): boolean {
  return slope >= 0 && slope <= leaky30.slope;
}

/** The narrowest layer whose law is known well: any for ReLU, those of the tables for their slopes, 16 units where it is interpolated between slopes or only matched. */
export function narrowestPredicted(slope: number): number {
  if (slope === 0) return 1;
  return [leaky1, leaky10, leaky30].find((table) => table.slope === slope)?.widths[0].width ?? 16;
}

/**
 * The correction to the matched law at a width, as a function of theta in [0, pi], for slopes from 0 to 0.3: cubic in theta between the angles of the table, and cubic in 1 / width (the
 * shape: in 1 / sqrt(width)) between its widths and infinity, where the law is the matched one. Slopes other than 0 lie between three tables.
 */
export function tabulatedCorrections(slope: number): (width: number) => (theta: number) => Correction {
  const tables = slope === 0 ? [relu] : [leaky1, leaky10, leaky30];
  const between = lagrange(
    tables.map((table) => table.slope),
    slope,
  );
  const atWidth = tables.map(correctionsAtWidth);
  const angles = Array.from({ length: steps + 1 }, (_, k) => (k * Math.PI) / steps);
  return (width) => {
    const corrections = atWidth.map((correction) => correction(width));
    const atAngles = angles.map((_, k) =>
      blend(
        between,
        corrections.map((ofTable) => ofTable[k]),
      ),
    );
    return (theta) => {
      const { first, weights } = stencil(angles, theta);
      return blend(weights, atAngles.slice(first, first + 4));
    };
  };
}

/** The corrections of one table at any width, angle by angle. */
function correctionsAtWidth(table: StepTable): (width: number) => Correction[] {
  const moments = memo(stepMoments(table.slope));
  const entry = memo((w: number) => correctionsOf(table.slope, moments, table.widths[w]));
  const inverses = [...table.widths.map(({ width }) => 1 / width), 0];
  const roots = inverses.map((inverse) => Math.sqrt(inverse));
  const blended = ({ first, weights }: Stencil, k: number): Correction =>
    blend(
      weights,
      weights.map((_, w) => entry(first + w)[k]),
    );
  return (width) => {
    const [around, shapeAround] = [stencil(inverses, 1 / width), stencil(roots, 1 / Math.sqrt(width))];
    return Array.from({ length: steps + 1 }, (_, k) => ({ ...blended(around, k), shape: blended(shapeAround, k).shape }));
  };
}

/** The corrections at one width of a table, or at infinity; at pi, where a ReLU layer's law is a point, the last ones. */
function correctionsOf(slope: number, moments: (theta: number) => StepMoments, entry: TabulatedWidth | undefined): Correction[] {
  if (!entry) return Array.from({ length: steps + 1 }, () => ({ mean: 0, variance: 0, shape: normalParts() }));
  const { width } = entry;
  const small = smallAngleLaw(width, slope);
  const limit = moments(0);
  const [means, variances] = [numbers(entry.mean), numbers(entry.variance)];
  const found = entry.shape.map((text, k): Correction => {
    const { drift, diffusion } = moments((k * Math.PI) / steps);
    // The law of ReLU layers is known exactly there.
    const exact = slope === 0 && k === 0;
    return {
      mean: exact ? 0 : means[k] + (drift * width * small.drift) / limit.drift,
      variance: exact ? 0 : variances[k] - (diffusion * width * small.variance) / limit.diffusion,
      shape: numbers(text).map((thousandths) => thousandths / 1000),
    };
  });
  const last = found[steps - 1];
  return [...found, slope === 0 ? { ...last, mean: 0, variance: 0 } : last];
}

function blend(weights: readonly number[], corrections: readonly Correction[]): Correction {
  const sum = (value: (correction: Correction) => number): number =>
    weights.reduce((total, weight, k) => total + weight * value(corrections[k]), 0);
  return {
    mean: sum(({ mean }) => mean),
    variance: sum(({ variance }) => variance),
    shape: Array.from({ length: parts }, (_, part) => sum(({ shape }) => shape[part])),
  };
}

function numbers(text: string): number[] {
  return text.split(",").map(Number);
}
