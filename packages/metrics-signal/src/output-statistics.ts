import { exp, log, log1p } from "@sonde/core/math";

/** What the outputs of one network are on a set of points. */
export interface OutputStatistics {
  /** Mean over points and outputs. */
  readonly mean: number;
  /** Standard deviation over the points, root mean square over the outputs: 0 for a network that is constant. */
  readonly spread: number;
  /** The root of the mean square over points and outputs. */
  readonly rootMeanSquare: number;
  /** The share of outputs that are zero at every point. */
  readonly dead: number;
  /** 1 if all outputs are zero at every point, else 0. */
  readonly allDead: number;
  /** The share of outputs that have one value only. */
  readonly constant: number;
  /** The share of outputs that are at least 0 at every point, or at most 0 at every point, and vary. */
  readonly oneSigned: number;
}

/** The outputs of a network: `[points, outputs]`. */
export interface Outputs {
  readonly data: ArrayLike<number>;
  readonly outputs: number;
}

/**
 * Mean and spread of the outputs `[points, outputs]`, and how many of them are dead, constant or of one sign.
 *
 * @example
 * const { dead, spread } = outputStatistics({ data: [0, 1, 0, 3], outputs: 2 });
 * [dead, spread] // [0.5, 0.7071067811865476]
 */
export function outputStatistics({ data, outputs }: Outputs): OutputStatistics {
  const points = data.length / outputs;
  let sum = 0;
  let squares = 0;
  let spread = 0;
  let dead = 0;
  let constant = 0;
  let oneSigned = 0;
  for (let j = 0; j < outputs; j++) {
    const first = data[j];
    let own = 0;
    let deviations = 0;
    let positive = false;
    let negative = false;
    let differs = false;
    for (let k = j; k < data.length; k += outputs) {
      const value = data[k];
      sum += value;
      squares += value * value;
      own += value - first;
      deviations += (value - first) * (value - first);
      if (value > 0) positive = true;
      if (value < 0) negative = true;
      if (value !== first) differs = true;
    }
    if (!positive && !negative) dead++;
    if (!differs) constant++;
    else {
      spread += Math.max(0, (deviations - (own * own) / points) / points);
      if (!(positive && negative)) oneSigned++;
    }
  }
  return {
    mean: sum / data.length,
    spread: Math.sqrt(spread / outputs),
    rootMeanSquare: Math.sqrt(squares / data.length),
    dead: dead / outputs,
    allDead: dead === outputs ? 1 : 0,
    constant: constant / outputs,
    oneSigned: oneSigned / outputs,
  };
}

/**
 * The cross-entropy of logits `[points, classes]` where every class is equally likely to be the right one: mean over points of ln sum_c e^z_c - mean_c z_c. A constant prediction has ln classes;
 * untrained logits that are far apart have more: the network is sure of what it does not know. A single logit is that of two classes, with 0 for the other.
 *
 * @example
 * startingCrossEntropy({ data: [0, 0, 0, 0], outputs: 4 }) // 1.38629436111989...
 * startingCrossEntropy({ data: [20, -20], outputs: 2 }) // 20
 */
export function startingCrossEntropy({ data, outputs }: Outputs): number {
  const points = data.length / outputs;
  let total = 0;
  for (let p = 0; p < points; p++) {
    if (outputs === 1) {
      const z = data[p];
      total += Math.max(z, 0) + log1p(exp(-Math.abs(z))) - z / 2;
      continue;
    }
    let largest = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let mean = 0;
    for (let c = 0; c < outputs; c++) largest = Math.max(largest, data[p * outputs + c]);
    for (let c = 0; c < outputs; c++) {
      sum += exp(data[p * outputs + c] - largest);
      mean += (data[p * outputs + c] - largest) / outputs;
    }
    total += log(sum) - mean;
  }
  return total / points;
}
