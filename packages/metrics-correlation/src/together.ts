import { type Angle, angleBetween, type Matrix, row } from "@sonde/core";
import { atan2, log } from "@sonde/core/math";
import { correlation } from "./correlation.js";
import type { Pair } from "./pairs.js";

/** How two points of a layer lie to one another. */
export interface Together {
  /** `undefined` if one of them is zero. */
  readonly angle: Angle | undefined;
  /** Pearson's over the units; `undefined` if a point is constant over them. */
  readonly correlation: number | undefined;
}

/** |cos theta| up to which the product of two points tells their angle: sin^2 theta is above 0.0199, its relative error below 1e-13 for a thousand units. */
const apart = 0.99;

/** The share of a point's square that is not its mean, down to which sums about 0 tell the correlation to as many digits. */
const spread = 0.01;

/** Squares of points whose products stay within float64. */
const comfortable = { least: 1e-100, most: 1e100 };

/**
 * The angle and the correlation of two points of a layer, from one look at both:
 *
 *     cos theta = x . y / (|x| |y|),   r = (x . y - n mean(x) mean(y)) / (n sd(x) sd(y));
 *
 * where these would lose digits, `angleBetween` and `correlation` give them.
 */
export function together(points: Matrix, [i, j]: Pair): Together {
  const { cols, data } = points;
  const [from, other] = [i * cols, j * cols];
  let xSum = 0;
  let ySum = 0;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let k = 0; k < cols; k++) {
    const x = data[from + k];
    const y = data[other + k];
    xSum += x;
    ySum += y;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  const inRange = Math.min(xx, yy) > comfortable.least && Math.max(xx, yy) < comfortable.most;
  const cosine = xy / Math.sqrt(xx * yy);
  const [xVariation, yVariation] = [xx - (xSum * xSum) / cols, yy - (ySum * ySum) / cols];
  const isApart = inRange && Math.abs(cosine) < apart;
  const isSpread = inRange && xVariation > spread * xx && yVariation > spread * yy;
  // Arrays of one kind: what reads both kinds is slow with each.
  const [x, y] = isApart && isSpread ? [] : [i, j].map((point) => new Float64Array(row(points, point)));
  return {
    angle: isApart ? ofCosine(cosine) : angleBetween(x, y),
    correlation: isSpread ? bounded((xy - (xSum * ySum) / cols) / Math.sqrt(xVariation * yVariation)) : correlation(x, y),
  };
}

function ofCosine(cosine: number): Angle {
  const sin2 = (1 - cosine) * (1 + cosine);
  return { theta: atan2(Math.sqrt(sin2), cosine), logSin2: log(sin2), cosine };
}

const bounded = (r: number) => Math.max(-1, Math.min(1, r));
