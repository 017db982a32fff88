import { DomainError, matrix, normals, split } from "@sonde/core";
import { trainingStream } from "../streams.js";
import { checkPoints } from "./checks.js";
import type { TrainingData } from "./training-data.js";

/**
 * Exclusive or: the corners (0, 0), (0, 1), (1, 0), (1, 1) with the classes 0, 1, 1, 0; with more than four points normal clouds of standard deviation `spread` (default 0.1) around them, corner after corner in turn.
 *
 * Throws `DomainError` for fewer than four points or a spread that is not a finite number from 0.
 *
 * @example
 * [...xorData().targets.data] // [0, 1, 1, 0]
 */
export function xorData({
  points = 4,
  spread = 0.1,
  seed = 0,
}: {
  readonly points?: number;
  readonly spread?: number;
  readonly seed?: number;
} = {}): TrainingData {
  checkPoints(points);
  if (points < 4) throw new DomainError(`exclusive or has four corners, got ${points} points: take 4 or more`);
  if (!(spread >= 0 && spread < Number.POSITIVE_INFINITY))
    throw new DomainError(`the spread of the clouds is a finite number from 0, got ${spread}`);
  const inputs = matrix(points, 2);
  const targets = matrix(points, 1);
  const noise = points === 4 ? new Float64Array(8) : normals(split(trainingStream(seed), 0), new Float64Array(2 * points));
  for (let p = 0; p < points; p++) {
    const [first, second] = [(p >> 1) & 1, p & 1];
    inputs.data[2 * p] = first + spread * noise[2 * p];
    inputs.data[2 * p + 1] = second + spread * noise[2 * p + 1];
    targets.data[p] = first ^ second;
  }
  const name = points === 4 ? "exclusive or" : `exclusive or, clouds of ${points} points`;
  return { name, inputs, targets, classes: 2, probe: inputs };
}
