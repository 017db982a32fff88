import { log } from "@sonde/core/math";
import { columnsOf, repeats } from "./repeats.js";

/** What the values of one layer of one network say about their scale; logarithms are natural and -Infinity of 0. */
export interface ActivationStatistics {
  /** ln of the mean of x^2 over points and units. */
  readonly logMeanSquare: number;
  /** ln of the variance over the points, averaged over the units. */
  readonly logVariance: number;
  /** ln of the largest |x|. */
  readonly logLargest: number;
  /** The share of units that are zero at every point (and position). */
  readonly deadUnits: number;
  /** The share of units with one value only, dead ones included. */
  readonly constantUnits: number;
  /** The share of units that equal an earlier one at every point and are not constant: copies; of the first 4096 units. */
  readonly copiedUnits: number;
}

/** Values `[...samples, units]`, points and positions being samples, over 2^exponent. */
export interface Values {
  readonly data: ArrayLike<number>;
  readonly units: number;
  readonly exponent?: number;
}

/** Units that are compared with one another. */
const mostCompared = 4096;

/**
 * The scale of one layer's values and the units that say nothing. `[...samples, units]`; with one sample the variance is 0.
 *
 * @example
 * activationStatistics({ data: [0, 1, 0, 3], units: 2 }).deadUnits // 0.5
 * activationStatistics({ data: [0, 1, 0, 3], units: 2 }).logVariance // -0.6931471805599453
 */
export function activationStatistics({ data, units, exponent = 0 }: Values): ActivationStatistics {
  const samples = data.length / units;
  let squares = 0;
  let spread = 0;
  let largest = 0;
  let dead = 0;
  let constant = 0;
  const varying: number[] = [];
  const sums = new Map<number, number>();
  for (let u = 0; u < units; u++) {
    const first = data[u];
    let sum = 0;
    let own = 0;
    let square = 0;
    let most = 0;
    let differs = false;
    for (let k = u; k < data.length; k += units) {
      const value = data[k];
      // Relative to the first value, so that a constant unit has exactly no variance.
      const deviation = value - first;
      if (deviation !== 0) differs = true;
      sum += deviation;
      own += deviation * deviation;
      square += value * value;
      most = Math.max(most, Math.abs(value));
    }
    squares += square;
    largest = Math.max(largest, most);
    if (most === 0) dead++;
    if (differs) {
      spread += Math.max(0, (own - (sum * sum) / samples) / samples);
      if (u < mostCompared) {
        varying.push(u);
        sums.set(u, sum + samples * first);
      }
    } else constant++;
  }
  const scale = 2 * exponent * Math.LN2;
  return {
    logMeanSquare: log(squares / data.length) + scale,
    logVariance: log(spread / units) + scale,
    logLargest: log(largest) + scale / 2,
    deadUnits: dead / units,
    constantUnits: constant / units,
    copiedUnits:
      repeats(
        varying,
        columnsOf(data, units, (u) => sums.get(u) ?? 0),
      ).length / Math.min(units, mostCompared),
  };
}
