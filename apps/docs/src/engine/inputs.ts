import { type Matrix, matrix, oneHot, split } from "@sonde/core";
import { gaussianPoints, parseDataSet } from "@sonde/formats";
import { type Architecture, outputSize, sharedStream, size } from "@sonde/nets";
import type { Subject } from "./protocol.js";

/** The points of the command line where `--points` is not given. */
export const defaultPoints = 512;

/** Where the inputs come from, as the command line has them. */
export interface Inputs {
  readonly data?: Matrix<Float64Array>;
  readonly domain?: readonly [number, number][];
  /** What is to be learned at the data's points, where labels came with them that fit the outputs. */
  readonly targets?: Matrix<Float64Array>;
}

/** Bytes of the digits that ship with Sonde. */
export type FetchDigits = () => Promise<Uint8Array>;

/** The same inputs as the command line's for the same settings: [-1, 1] for one input, 512 normal points, or 512 rows of a file. */
export async function inputsOf(
  architecture: Architecture,
  { settings, data: own }: Subject,
  fetchDigits: FetchDigits,
  points = defaultPoints,
): Promise<Inputs> {
  const features = size(architecture.input);
  const random = split(sharedStream(settings.seed), 0);
  if (settings.data === "interval" || (settings.data === "gaussian" && features === 1)) return { domain: [[-1, 1]] };
  if (settings.data === "gaussian") return { data: gaussianPoints(random, points, features) };
  const bytes = settings.data === "csv" && own ? own.bytes : await fetchDigits();
  const set = await parseDataSet(bytes, { inputs: features, points, random });
  const targets = set.labels && targetsOf(set.labels, outputSize(architecture));
  return { data: set.points, ...(targets && { targets }) };
}

/** Labels as an output for each class, or as values of a single output; nothing where they are neither. */
function targetsOf(labels: Float64Array, outputs: number): Matrix<Float64Array> | undefined {
  if (outputs === 1) return matrix(labels.length, 1, labels);
  if (!labels.every((label) => Number.isInteger(label) && label >= 0 && label < outputs)) return undefined;
  return oneHot(labels, outputs);
}

/** So many points of [-1, 1], evenly. */
export function linePoints(points: number): Matrix<Float64Array> {
  return matrix(
    points,
    1,
    Float64Array.from({ length: points }, (_, p) => -1 + (2 * p) / (points - 1)),
  );
}
