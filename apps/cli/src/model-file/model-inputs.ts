import { ConfigError, integer, type Matrix, matrix, quote, split } from "@sonde/core";
import { gaussianPoints, type ModelGraph } from "@sonde/formats";
import { readDataSet } from "@sonde/formats/node";
import { permuted, sharedStream, standardise, type Tensor } from "@sonde/nets";
import type { SharedOptions } from "../options.js";

/** Points for the inputs of a model file. */
export interface ModelInputs {
  /** In words. */
  readonly name: string;
  readonly values: Readonly<Record<string, Tensor>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

type Asked = Pick<SharedOptions, "data" | "standardize" | "seed">;

/** Standard normal points, whole numbers where the input chooses from a table, or those of `--data` for the first input, in the file's own order of axes. */
export async function modelInputs({ graph, inputAxes }: ModelGraph, points: number, options: Asked): Promise<ModelInputs> {
  const { data, standardize, seed } = options;
  const [first, ...others] = graph.inputs;
  if (data !== undefined && data !== "gaussian" && first.entries !== undefined && standardize)
    throw new ConfigError("--standardize is for numbers, but the input chooses from a table: leave it out");
  const drawn = (input: (typeof graph.inputs)[number], k: number): Tensor => {
    const axis = inputAxes[input.name];
    const shape = input.shape.map((size, j) => (j === axis ? points : size));
    const features = product(shape) / points;
    const random = split(split(sharedStream(seed), 0), k);
    const values = input.entries === undefined ? gaussianPoints(random, points, features) : words(random, points, features, input.entries);
    return pointsAt(values, shape, axis);
  };
  const rest = Object.fromEntries(others.map((input, k) => [input.name, drawn(input, k + 1)]));
  if (data === undefined || data === "gaussian") {
    const kind = first.entries === undefined ? "standard normal inputs" : `whole numbers below ${first.entries}`;
    return { name: kind, values: { [first.name]: drawn(first, 0), ...rest }, settings: { data: "gaussian", points } };
  }
  const axis = inputAxes[first.name];
  const own = first.shape.filter((_, j) => j !== axis);
  const set = await readDataSet(data, { inputs: product(own), points, random: split(sharedStream(seed), 0) });
  if (set.points.rows < points)
    throw new ConfigError(`data set ${quote(data)} has ${set.points.rows} points, and ${points} are needed at a time: give more`);
  const rows = standardize ? standardised(set.points, own, axis) : set.points;
  const shape = first.shape.map((size, j) => (j === axis ? points : size));
  const arranged = channelsMoved(set.pointShape, own)
    ? permuted({ shape: [points, ...set.pointShape], data: rows.data }, [0, own.length, ...own.slice(1).map((_, j) => j + 1)]).data
    : rows.data;
  return {
    name: set.name,
    values: { [first.name]: pointsAt(matrix(points, rows.cols, arranged), shape, axis), ...rest },
    settings: { data, points, ...(standardize && { standardize: true }) },
  };
}

/** Whether points have their channels last where the model takes them first. */
function channelsMoved(given: readonly number[], wanted: readonly number[]): boolean {
  if (given.length !== wanted.length || wanted.length < 2 || String(given) === String(wanted)) return false;
  return String([given[given.length - 1], ...given.slice(0, -1)]) === String(wanted);
}

/** Every feature, of images every channel, at mean 0 and variance 1 over the points. */
function standardised(points: Matrix<Float64Array>, shape: readonly number[], axis: number): Matrix<Float64Array> {
  if (points.rows < 2) throw new ConfigError("--standardize needs at least 2 points, got 1: give more data, or leave it out");
  // Of images with channels first each channel is a run of neighbours; with one there is only one way.
  if (shape.length !== 3 || axis !== 0) return standardise(points, { channels: shape[shape.length - 1] }).points;
  const [channels] = shape;
  const size = product(shape) / channels;
  const turned = permuted({ shape: [points.rows, channels, size], data: points.data }, [0, 2, 1]);
  const found = standardise(matrix(points.rows, points.cols, turned.data), { channels }).points;
  return matrix(points.rows, points.cols, permuted({ shape: [points.rows, size, channels], data: found.data }, [0, 2, 1]).data);
}

/** Rows of points as a tensor with the points on another axis. */
function pointsAt({ data }: Matrix<Float64Array>, shape: readonly number[], axis: number): Tensor {
  if (axis === 0) return { shape, data };
  const rest = shape.filter((_, j) => j !== axis);
  const order = shape.map((_, j) => (j === axis ? 0 : j < axis ? j + 1 : j));
  return permuted({ shape: [shape[axis], ...rest], data }, order);
}

function words(random: Parameters<typeof integer>[0], points: number, features: number, entries: number): Matrix<Float64Array> {
  const values = matrix(points, features);
  for (let k = 0; k < values.data.length; k++) values.data[k] = integer(random, k, entries);
  return values;
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}
