import { ConfigError, integer, type Matrix, matrix, split } from "@sonde/core";
import { gaussianPoints, type ModelGraph } from "@sonde/formats";
import { permuted, sharedStream, standardise, type Tensor } from "@sonde/nets";
import type { AskedOptions } from "../asked/options.js";
import type { ReadData } from "../inputs.js";

/** Points for the inputs of a model file. */
export interface ModelInputs {
  /** In words. */
  readonly name: string;
  readonly values: Readonly<Record<string, Tensor>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a network takes. */
export type NetworkInputs = Pick<ModelGraph, "inputAxes"> & { readonly graph: Pick<ModelGraph["graph"], "inputs"> };

type Asked = Pick<AskedOptions, "data" | "standardize" | "seed">;

/** Points of `--data` for the first input, as rows in the file's own order of axes; undefined where none are given. */
export interface ModelData {
  readonly name: string;
  readonly rows: Matrix<Float64Array>;
}

/** The points that the data name, as many as there are up to `points`. */
export async function modelData(
  { graph, inputAxes }: NetworkInputs,
  points: number,
  { data, standardize, seed }: Asked,
  readData: ReadData,
): Promise<ModelData | undefined> {
  if (data === undefined || data === "gaussian") return undefined;
  const [first] = graph.inputs;
  if (first.entries !== undefined && standardize)
    throw new ConfigError("--standardize is for numbers, but the input chooses from a table: leave it out");
  const axis = inputAxes[first.name] ?? 0;
  const own = first.shape.filter((_, j) => j !== axis);
  const set = await readData(data, { inputs: product(own), points, random: split(sharedStream(seed), 0) });
  const { rows, cols } = set.points;
  const arranged = channelsMoved(set.pointShape, own)
    ? permuted({ shape: [rows, ...set.pointShape], data: set.points.data }, [0, own.length, ...own.slice(1).map((_, j) => j + 1)])
        .data
    : set.points.data;
  const values = matrix(rows, cols, arranged);
  return { name: set.name, rows: standardize ? standardised(values, own, axis) : values };
}

/** Values for all inputs of a graph: of the first those of the data where there are some, else standard normal points, or whole numbers where an input chooses from a table. */
export function modelInputs(
  { graph, inputAxes }: NetworkInputs,
  points: number,
  data: ModelData | undefined,
  options: Asked,
): ModelInputs {
  const { seed, standardize } = options;
  const [first] = graph.inputs;
  const values = graph.inputs.map((input, k): [string, Tensor] => {
    const axis = inputAxes[input.name];
    const shape = input.shape.map((size, j) => (j === axis ? points : size));
    if (axis !== undefined && k === 0 && data)
      return [
        input.name,
        pointsAt(matrix(points, data.rows.cols, data.rows.data.subarray(0, points * data.rows.cols)), shape, axis),
      ];
    const rows = axis === undefined ? 1 : points;
    const features = product(shape) / rows;
    const random = k === 0 ? split(sharedStream(seed), 0) : split(split(sharedStream(seed), 0), k);
    const drawn =
      input.entries === undefined ? gaussianPoints(random, rows, features) : words(random, rows, features, input.entries);
    return [input.name, axis === undefined ? { shape, data: drawn.data } : pointsAt(drawn, shape, axis)];
  });
  const kind = first.entries === undefined ? "standard normal inputs" : `whole numbers below ${first.entries}`;
  return {
    name: data?.name ?? kind,
    values: Object.fromEntries(values),
    settings: { data: options.data ?? "gaussian", points, ...(data && standardize && { standardize: true }) },
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

/** The first points of every input. */
export function firstOf(
  { graph, inputAxes }: NetworkInputs,
  inputs: Readonly<Record<string, Tensor>>,
  some: number,
): Record<string, Tensor> {
  return Object.fromEntries(graph.inputs.map(({ name }) => [name, firstPoints(inputs[name], inputAxes[name], some)]));
}

function firstPoints({ shape, data }: Tensor, axis: number | undefined, some: number): Tensor {
  if (axis === undefined) return { shape, data };
  const inner = product(shape.slice(axis + 1));
  const outer = product(shape.slice(0, axis));
  const result = new Float64Array(outer * some * inner);
  for (let o = 0; o < outer; o++)
    result.set(data.subarray(o * shape[axis] * inner, (o * shape[axis] + some) * inner), o * some * inner);
  return { shape: shape.map((n, k) => (k === axis ? some : n)), data: result };
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
