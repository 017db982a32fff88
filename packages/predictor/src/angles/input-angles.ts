import { angleBetween, ConfigError, DomainError, type Matrix, row } from "@sonde/core";
import { angleMap } from "@sonde/infinite-width/angles";
import { measuredPairs, twoInputs } from "@sonde/metrics-correlation";
import type { Architecture } from "@sonde/nets";

/** Which inputs a prediction is about. */
export interface InputAnglesOptions {
  /** Angle of the two inputs in (0, pi]. Default pi/2; with one input pi. */
  readonly theta0?: number;
  /** A data set `[points, inputs]` instead of two inputs: the prediction is for a random one of its pairs. */
  readonly data?: Matrix;
  /** Pairs of data points: all if there are no more, otherwise so many drawn at random, the same ones as `measureAngles` takes. Default 256. */
  readonly pairs?: number;
  /** Decides which pairs. Default 0. */
  readonly seed?: number;
}

/** The angles between the inputs of pairs that are not degenerate themselves, and the number of all pairs. */
export interface InputAngles {
  readonly angles: readonly number[];
  readonly pairs: number;
}

/** How far beyond pi/2 an angle may lie after a layer, where ln sin^2 does not tell it from one below. */
const slack = 0.03;

/**
 * The angles between the inputs that a prediction begins with.
 *
 * @throws DomainError if an angle lies outside (0, pi], if all pairs are degenerate, and for a `slope` with which some angle stays above pi/2
 */
export function inputAngles(architecture: Architecture, slope: number, options: InputAnglesOptions): InputAngles {
  const { data } = options;
  const all = data ? pairAngles(data, options) : [angleOfTwo(architecture, options.theta0)];
  // Odd and even activations do not tell an input from its negative.
  const folded = Math.abs(slope) === 1 ? all.map((theta) => Math.min(theta, Math.PI - theta)) : all;
  const angles = folded.filter((theta) => theta > 0);
  if (angles.length === 0)
    throw new DomainError("every pair of inputs is zero or collinear, so there is no angle to predict: give other inputs");
  const obtuse = angles.find((theta) => angleMap(theta, slope) > Math.PI / 2 + slack);
  if (obtuse !== undefined)
    throw new DomainError(
      `inputs at the angle ${obtuse} stay at an obtuse angle with a slope of ${slope} below 0, which is not predicted: take an angle up to pi/2, or measure it with measureAngles (sonde angles)`,
    );
  return { angles, pairs: all.length };
}

function angleOfTwo(architecture: Architecture, theta0?: number): number {
  // Checks the angle.
  const { cols } = twoInputs(architecture, theta0);
  return theta0 ?? (cols === 1 ? Math.PI : Math.PI / 2);
}

/** Of the pairs that are told apart. */
function pairAngles(data: Matrix, { theta0, pairs, seed }: InputAnglesOptions): number[] {
  if (theta0 !== undefined) throw new ConfigError("theta0 is the angle of two inputs, but there are data: give one of them");
  if (data.rows < 2) throw new DomainError(`angles need at least two points, got ${data.rows}`);
  return measuredPairs(data, { pairs, seed }).pairs.map(([i, j]) => angleBetween(row(data, i), row(data, j))?.theta ?? 0);
}
