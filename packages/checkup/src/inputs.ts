import { ConfigError, count, type Matrix, matrix, oneHot, split } from "@sonde/core";
import { type DataSet, type DataSetOptions, gaussianPoints } from "@sonde/formats";
import type { Interval } from "@sonde/metrics-death";
import { type Architecture, checkMemory, isHomogeneous, outputSize, sharedStream, standardise } from "@sonde/nets";
import { affordablePoints } from "@sonde/predictor";
import { type AskedOptions, defaultPoints } from "./asked/options.js";

/** Where inputs come from: a data set, or a box that the metric turns into points itself. */
export interface Inputs {
  /** In words. */
  readonly name: string;
  /** The options that lead to these inputs. */
  readonly settings: { readonly data?: string; readonly domain?: string; readonly points: number; readonly standardize?: true };
  readonly data?: Matrix<Float64Array>;
  readonly domain?: readonly Interval[];
  /** What is to be learned at the data's points, where labels came with them that fit the outputs. */
  readonly targets?: Matrix<Float64Array>;
}

/** The points that a diagnosis looks at: those that were asked for, else as many as give a first answer in seconds. */
export function firstPoints(architecture: Architecture, { points }: Pick<AskedOptions, "points">): number {
  return points ?? affordablePoints(architecture, defaultPoints);
}

/** Reads a data set that is known by its name or path: `inputs` columns, at most `points` rows, drawn by `random` where there are more. */
export type ReadData = (name: string, options: DataSetOptions) => Promise<DataSet>;

/** What inputs are asked for with. */
export interface InputsAsked extends Pick<AskedOptions, "data" | "points" | "seed" | "standardize"> {
  domain?: readonly Interval[];
}

/** The inputs that the options ask for: a domain, a data set, or by default [-1, 1] for one input and Gaussian points for several. */
export async function inputsFor(architecture: Architecture, options: InputsAsked, readData: ReadData): Promise<Inputs> {
  const { data, domain, points = defaultPoints, seed, standardize } = options;
  const features = product(architecture.input);
  if (data !== undefined && domain) throw new ConfigError("--data and --domain exclude each other: give one of them");
  if (domain || (data === undefined && features === 1)) {
    if (standardize)
      throw new ConfigError("--standardize is for data, but the inputs are an interval or a box: give --data, or leave it out");
    const box = domain ?? [[-1, 1]];
    if (box.length > 1 || !isHomogeneous(architecture)) checkMemory(architecture, points);
    const text = box.map((ends) => ends.join(",")).join(";");
    const name = box.length <= 3 ? box.map(([low, high]) => `[${low}, ${high}]`).join(" x ") : `a box of ${box.length} intervals`;
    return { name, settings: { domain: text, points }, domain: box };
  }
  if (data === undefined || data === "gaussian") {
    checkMemory(architecture, points);
    const drawn = gaussianPoints(split(sharedStream(seed), 0), points, features);
    return standardised(
      architecture,
      { name: "standard normal inputs", settings: { data: "gaussian", points }, data: drawn },
      options,
    );
  }
  const set = await readData(data, { inputs: features, points, random: split(sharedStream(seed), 0) });
  checkMemory(architecture, set.points.rows);
  const targets = set.labels && targetsOf(set.labels, outputSize(architecture));
  const inputs = { name: set.name, settings: { data, points }, data: set.points, ...(targets && { targets }) };
  return standardised(architecture, inputs, options);
}

/** Labels as an output for each class, or as values of a single output; nothing where they are neither. */
function targetsOf(labels: Float64Array, outputs: number): Matrix<Float64Array> | undefined {
  if (outputs === 1) return matrix(labels.length, 1, labels);
  if (!labels.every((label) => Number.isInteger(label) && label >= 0 && label < outputs)) return undefined;
  return oneHot(labels, outputs);
}

/** The points as they are, or with `--standardize` with every feature (of images every channel) at mean 0 and variance 1 over them. */
function standardised(
  { input }: Architecture,
  inputs: Inputs & { readonly data: Matrix<Float64Array> },
  { standardize }: Pick<AskedOptions, "standardize">,
): Inputs {
  if (!standardize) return inputs;
  if (inputs.data.rows < 2)
    throw new ConfigError("--standardize needs at least 2 points, got 1: give more data, or leave it out");
  const { points, constant } = standardise(inputs.data, { channels: input[input.length - 1] });
  const blank = constant.length > 0 ? ` (${count(constant.length, "feature")} without spread: 0)` : "";
  return {
    ...inputs,
    name: `${inputs.name}, standardised${blank}`,
    settings: { ...inputs.settings, standardize: true },
    data: points,
  };
}

/** So many points of [-1, 1], evenly; one alone is 1. */
export function linePoints(points: number): Float64Array {
  if (points === 1) return Float64Array.of(1);
  return Float64Array.from({ length: points }, (_, p) => -1 + (2 * p) / (points - 1));
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}
