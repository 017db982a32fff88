import { ConfigError, count, type Stream, split } from "@sonde/core";
import { type ForeignProgram, type ModelGraph, type RecordedModel, recordModel } from "@sonde/formats";
import { type GraphWeights, graphShapes, limits, sharedStream, type Tensor } from "@sonde/nets";
import { isInputName, isOutputName, type MeasureOptions, type RecordedArray } from "@sonde/predictor";
import type { AskedOptions } from "../asked/options.js";
import type { ReadData } from "../inputs.js";
import { firstOf, modelData, modelInputs } from "./model-inputs.js";
import type { NetworkSource, WeightsAbout } from "./network-source.js";

/** What the numbers of a run may cost where nobody says how many points: multiplications (a nanosecond or less each), values that are kept, and the same of a way back at fewer points. */
const budget = { work: 1.6e10, values: 2 ** 24, gradients: 2 ** 24, back: 6e9, held: 2 ** 25, like: 2e10 };

/** Points of a run where nobody says how many: at most, and in any case. */
export const points = { most: 512, fewest: 8, like: 64 };

/** Networks like a model that are drawn. */
export const networks = { most: 20, fewest: 5 };

export interface RecordOptions
  extends Pick<AskedOptions, "data" | "points" | "standardize" | "seed" | "activation" | "networks"> {
  readonly init?: string;
  readonly weightVariance?: number | "default";
  readonly bias?: string;
  /** What a file of weights alone is the weights of: a parsed architecture file. */
  readonly architecture?: Readonly<Record<string, unknown>>;
}

/** A model file at some points. */
export interface ModelRecording {
  /** The inputs, named `input`, the hidden layers and the outputs, named `output`, of this network. */
  readonly arrays: readonly RecordedArray[];
  readonly hidden: readonly RecordedArray[];
  /** In words: the points. */
  readonly inputs: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  /** How the weights were drawn, and whether they were trained. */
  readonly weights: WeightsAbout;
  /** Sums of branches, where no norm keeps them to scale; else 0. */
  readonly sums: number;
  /** The other program that it ran by, in single precision; absent where Sonde ran it. */
  readonly program?: string;
  /** Networks of the same graph, drawn anew, at fewer of the same points, and this network there; absent where that was not asked for. */
  readonly like?: LikeRecordings;
}

export interface LikeRecordings {
  readonly initialiser: string;
  readonly recognised: boolean;
  readonly points: number;
  readonly own: readonly RecordedArray[];
  /** Why there are none. */
  readonly reason?: string;
  /** Draws the k-th of them and records it. */
  readonly networks: number;
  readonly record: (k: number) => readonly RecordedArray[] | Promise<readonly RecordedArray[]>;
}

/** What a model is run with, beside what was asked for. */
export interface RecordContext {
  readonly readData: ReadData;
  readonly signal?: AbortSignal;
  /** Who else computes where random networks are drawn in the kernels. */
  readonly threads?: MeasureOptions["threads"];
  readonly createWorker?: MeasureOptions["createWorker"];
  readonly progress?: (done: number, most: number, noun?: string) => void;
  /** The program for models with operators that Sonde does not run; throws `ConfigError` where it is not there. Absent where there is none. */
  readonly foreign?: (operators: readonly string[]) => ForeignProgram | Promise<ForeignProgram>;
}

export interface Wanted {
  readonly gradients?: boolean;
  readonly like?: boolean;
}

/**
 * Runs a network on points, in float64, and tells what its layers put out.
 *
 * Throws `ConfigError` or `FormatError` with one sentence for one that cannot run on these points.
 */
export async function recordNetwork(
  source: NetworkSource,
  options: RecordOptions,
  { readData, signal, progress }: RecordContext,
  { gradients = false, like = false }: Wanted = {},
): Promise<ModelRecording> {
  const { seed } = options;
  const one = source.network(1);
  const many = options.points ?? usualPoints(one);
  const data = await modelData(one, many, options, readData);
  const { network, all } = sized(source, one, data?.rows.rows ?? many);
  if (data && data.rows.rows < all)
    throw new ConfigError(
      `the model takes ${network.points} points at a time, and the data has ${data.rows.rows}: give as many, or a multiple`,
    );
  const inputs = modelInputs(network, all, data, options);
  const random = split(sharedStream(seed), 7);
  const values = valuesOf(network);
  const differentiated = gradients && all === network.points && values <= budget.gradients && workOf(network) * 3 <= budget.work;
  const run = (
    own: ModelGraph,
    given: Readonly<Record<string, Tensor>>,
    weights: GraphWeights | undefined,
    errors: boolean,
    shown: boolean,
  ) =>
    recordModel(own, given, {
      random,
      kept: budget.values,
      ...(weights && { weights }),
      gradients: errors,
      ...(signal && { signal }),
      ...(shown && progress && { progress: (done, most) => progress(done, most, "layers") }),
    });
  const recorded = run(network, inputs.values, undefined, differentiated, true);
  const [{ name: first }] = network.graph.inputs;
  const fewer = gradients && !differentiated ? gradientPoints(network, one, all) : 0;
  const back = fewer > 0 ? source.network(fewer) : undefined;
  const sent = back && run(back, firstOf(network, inputs.values, fewer), undefined, true, true);
  const arrays = withGradients(arraysOf(recorded, inputs.values[first], network.inputAxes[first]), sent, fewer);
  if (recorded.hidden.length + recorded.outputs.length === 0)
    throw new ConfigError("no layer of it puts out values for each point, so there is nothing to measure");
  const hidden = recorded.hidden.length > 0 ? recorded.hidden : recorded.outputs;
  const sums = sumsWithoutNorm(network);
  return {
    arrays,
    hidden,
    inputs: `${inputs.name}, ${count(all, "point")}`,
    settings: inputs.settings,
    warnings: [
      ...source.notes,
      ...network.notes,
      ...(recorded.hidden.length === 0 ? ["the model has no hidden layer: its output is reported in place of one"] : []),
      ...(recorded.leftOut > 0
        ? ["large layers are looked at in some of their positions, the same for all points, so that they fit into memory"]
        : []),
      ...(fewer > 0 && fewer < all
        ? [`gradients were carried back at ${count(fewer, "point")}, since they cost more than the pass forward`]
        : []),
      ...(source.weights.drawn ? [] : withoutNorms(network, sums)),
      ...(network.fixedPoints && network.points > 1
        ? [`the file fixes the batch to ${network.points}: points run in batches of that size`]
        : []),
    ],
    weights: source.weights,
    sums,
    ...(like && { like: likeOf({ source, network, options, inputs: inputs.values, run, random }) }),
  };
}

/** As many points as the budget allows. */
function usualPoints(network: ModelGraph): number {
  const work = workOf(network) / network.points;
  const room = valuesOf(network) / network.points;
  return Math.max(
    points.fewest,
    Math.min(points.most, Math.floor(budget.work / Math.max(1, work)), Math.floor((16 * budget.values) / Math.max(1, room))),
  );
}

/** The graph for so many points at a time that they fit into memory, and how many run in all. */
function sized(source: NetworkSource, one: ModelGraph, many: number): { network: ModelGraph; all: number } {
  if (one.fixedPoints) return { network: one, all: one.points * Math.max(1, Math.floor(many / one.points)) };
  const largest = graphShapes(one.graph).reduce((most, { output }) => Math.max(most, size(output)), 1);
  const together = coupled(one) ? many : Math.max(1, Math.min(many, Math.floor(budget.values / largest / 2)));
  const runs = Math.ceil(many / together);
  // As many points as asked for where they fall into equal parts, else a few less.
  const each = runs === 1 ? many : Math.floor(many / runs);
  const bytes = 8 * largest * each;
  if (bytes > limits.bytes)
    throw new ConfigError(`one layer would take ${Math.round(bytes / 2 ** 20)} MiB at ${many} points: ask for fewer --points`);
  return { network: source.network(each), all: each * runs };
}

/** Whether points look at each other, as batch norm by the statistics of the batch does. */
function coupled({ graph }: ModelGraph): boolean {
  return graph.nodes.some((node) => node.kind === "norm" && node.norm === "batch" && node.statistics !== "running");
}

/** Points that gradients are carried back at where that is too much for all of them; 0 where it is for one. */
function gradientPoints(network: ModelGraph, one: ModelGraph, all: number): number {
  if (network.fixedPoints || coupled(one) || graphShapes(one.graph).some(({ kind }) => !kind.gradient)) return 0;
  const work = 3 * Math.max(1, workOf(one));
  const affordable = Math.max(work <= budget.work ? 1 : 0, Math.floor(budget.back / work));
  return Math.min(all, affordable, Math.floor(budget.held / valuesOf(one)));
}

/** The gradients of a pass of its own beside what was recorded at more points. */
function withGradients(arrays: readonly RecordedArray[], sent: RecordedModel | undefined, points: number): RecordedArray[] {
  if (!sent) return [...arrays];
  const hidden = new Map(sent.hidden.map((place) => [place.name, place]));
  return arrays.map((array): RecordedArray => {
    const { gradients, weightGradients } = hidden.get(array.name) ?? {};
    return {
      ...array,
      ...(gradients && { gradients, gradientPoints: points }),
      ...(weightGradients && { weightGradients }),
    };
  });
}

/** Sums of branches in a network without a norm; 0 where it has one. */
function sumsWithoutNorm({ graph }: ModelGraph): number {
  if (graph.nodes.some(({ kind }) => kind === "norm")) return 0;
  const constants = new Set(graph.nodes.flatMap(({ kind, name }) => (kind === "constant" ? [name] : [])));
  return graph.nodes.filter(({ kind, inputs }) => kind === "add" && inputs.filter((name) => !constants.has(name)).length > 1)
    .length;
}

/** What it means that there is no norm in a deep network of a file: an export folds batch norm away. */
function withoutNorms({ graph, hidden }: ModelGraph, sums: number): string[] {
  const convolutions = graph.nodes.filter(({ kind }) => kind === "conv").length;
  if (graph.nodes.some(({ kind }) => kind === "norm") || convolutions + sums < 2 || hidden.length < 8) return [];
  return [
    "there is no norm in this file: if the model has batch norm, the export folded it into the weights; add training=torch.onnx.TrainingMode.PRESERVE to keep it",
  ];
}

function workOf({ graph }: ModelGraph): number {
  return graphShapes(graph).reduce((sum, { work }) => sum + work, 0);
}

function valuesOf({ graph }: ModelGraph): number {
  return graphShapes(graph).reduce((sum, { output }) => sum + size(output), 0);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** Recorded layers with the inputs before and the outputs behind them. */
export function arraysOf(
  { hidden, outputs }: RecordedModel<Float64Array> | RecordedModel<Float32Array>,
  input: Tensor,
  axis: number | undefined,
): RecordedArray[] {
  const inputs = axis === 0 && input.shape.length > 1 ? [{ name: "input", shape: input.shape, data: input.data }] : [];
  if (hidden.length === 0)
    return [...inputs, ...outputs.map((place) => ({ ...place, name: "last layer" }))].slice(0, inputs.length + 1);
  return [
    ...inputs,
    ...hidden.map((place) =>
      isInputName(place.name) || isOutputName(place.name) ? { ...place, name: `layer ${place.name}` } : place,
    ),
    ...outputs.slice(0, 1),
  ];
}

interface LikeOptions {
  readonly source: NetworkSource;
  readonly network: ModelGraph;
  readonly options: RecordOptions;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly run: (
    network: ModelGraph,
    inputs: Readonly<Record<string, Tensor>>,
    weights: GraphWeights | undefined,
    gradients: boolean,
    shown: boolean,
  ) => RecordedModel;
  readonly random: Stream;
}

/** How networks like the model are drawn and recorded, at fewer of its points. */
function likeOf({ source, network, options, inputs, run, random }: LikeOptions): LikeRecordings {
  const { graph, inputAxes } = network;
  const [{ name: first }] = graph.inputs;
  const all = inputs[first].shape[inputAxes[first] ?? 0];
  const some = network.fixedPoints || coupled(network) ? all : Math.min(all, points.like);
  const fewer = some === all ? network : source.network(some);
  const given = some === all ? inputs : firstOf(network, inputs, some);
  const work =
    Math.max(1, workOf(fewer) * Math.max(1, some / fewer.points)) + 30 * valuesOf(fewer) * Math.max(1, some / fewer.points);
  const affordable = Math.floor(budget.like / work) - 1;
  const drawn = options.networks ?? Math.min(networks.most, affordable);
  const { initialiser, recognised, draw } = source.redrawing(fewer);
  const small = valuesOf(fewer) <= budget.gradients / 4 && workOf(fewer) * 3 * drawn <= budget.work && some === fewer.points;
  const recorded = (own: GraphWeights | undefined) =>
    arraysOf(run(fewer, given, own, small, false), given[first], inputAxes[first]);
  const enough = drawn >= (options.networks === undefined ? networks.fewest : 2);
  return {
    initialiser,
    recognised,
    points: some,
    networks: enough ? drawn : 0,
    own: enough ? recorded(undefined) : [],
    ...(!enough && {
      reason: `${networks.fewest} of them would take long: add --networks ${networks.fewest} to draw them all the same`,
    }),
    record: (k) => recorded(draw(split(split(random, 1), k))),
  };
}
