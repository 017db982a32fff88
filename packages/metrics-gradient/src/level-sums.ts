import { addRunning, mergeRunning, type Running, running, runningEstimate, runningSd } from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import type { MeasuredGradientLevel } from "./gradients-record.js";

/** Sums over networks of the mean square at one place, plain data. */
export interface LevelSums {
  /** Of its logarithm, where it is not 0. */
  readonly logarithms: Running;
  zero: number;
  /** Of the mean square itself over exp(shift), since it may leave float64's range. */
  readonly squares: Running;
  shift: number;
}

export function levelSums(): LevelSums {
  return { logarithms: running(), zero: 0, squares: running(), shift: 0 };
}

/** Adds a network's ln of the mean square. */
export function addLevel(sums: LevelSums, level: number): void {
  if (level === Number.NEGATIVE_INFINITY) sums.zero++;
  else {
    addRunning(sums.logarithms, level);
    if (sums.squares.sum === 0) sums.shift = level;
    else if (level > sums.shift + most) shiftTo(sums, level);
  }
  addRunning(sums.squares, exp(level - sums.shift));
}

/** Adds the sums of the next networks. */
export function mergeLevels(sums: LevelSums, next: LevelSums): void {
  sums.zero += next.zero;
  mergeRunning(sums.logarithms, next.logarithms);
  const other = { ...next, squares: { ...next.squares } };
  if (other.squares.sum > 0) {
    if (sums.squares.sum === 0) sums.shift = other.shift;
    else if (other.shift > sums.shift) shiftTo(sums, other.shift);
    shiftTo(other, sums.shift);
  }
  mergeRunning(sums.squares, other.squares);
}

/** By how much a logarithm may exceed the shift: squares of exp(300) are still numbers. */
const most = 300;

function shiftTo(sums: LevelSums, shift: number): void {
  const factor = exp(sums.shift - shift);
  sums.squares.sum *= factor;
  sums.squares.deviations *= factor * factor;
  sums.shift = shift;
}

/** The estimates behind finished sums. */
export function levelOf({ logarithms, zero, squares, shift }: LevelSums): MeasuredGradientLevel {
  const { value: mean, standardError, networks } = runningEstimate(logarithms);
  if (networks === 0) return { networks, zero };
  const expectation = runningEstimate(squares);
  const expected = {
    value: log(expectation.value) + shift,
    standardError: expectation.standardError / expectation.value,
  };
  return { mean, standardError, sd: runningSd(logarithms), networks, zero, expected };
}
