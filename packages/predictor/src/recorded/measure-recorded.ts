import { type Estimate, type Matrix, matrix, pointRows } from "@sonde/core";
import { recordedAngles } from "@sonde/metrics-correlation";
import { deadUnits, livingPoints } from "@sonde/metrics-death";
import { activationStatistics, slopeStatistics } from "@sonde/metrics-signal";
import { recordedMoments } from "@sonde/moments";
import { measureUnits } from "@sonde/vni";
import { described, type InputsRecord } from "../examinations/inputs.js";
import { fewestNodes, type NodesRecord } from "../examinations/vanishing-nodes.js";
import { sampledRows } from "../looked-at.js";
import { type RecordedArray, recordedRoles } from "./arrays.js";
import { alongGradients, type RecordedGradient, type RecordedGradients, recordedGradient } from "./recorded-gradients.js";

/** What one recorded array says by itself. Numbers of one network are exact on its points: `networks` is 1 and the error 0, but for angles of pairs that were drawn. */
export interface RecordedPlace {
  /** Counted from 1 over the hidden layers; one more for the outputs. */
  readonly layer: number;
  /** That of the array. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Units, or channels. */
  readonly units: number;
  /** The share of units that are zero at every point (and position), which those are, from 0, and what their firing rate on new points is below, at 95 %. */
  readonly deadUnits: Estimate & { readonly dead: readonly number[]; readonly rateBelow: number };
  /** The share of units with one value only, dead ones included; says nothing of a single value. */
  readonly constantUnits: Estimate;
  /** Logarithms, see `activationStatistics`; `growth` is by how much ln of the mean square is above that of the array before, the inputs included. */
  readonly signal: {
    readonly logMeanSquare: Estimate;
    readonly logVariance: Estimate;
    readonly logLargest: Estimate;
    readonly copiedUnits: Estimate;
    readonly growth?: Estimate;
  };
}

/** A hidden layer. What does not exist is absent. */
export interface RecordedLayer extends RecordedPlace {
  /** Whether it lies beside the main path; then nothing of it is counted through other layers. */
  readonly beside?: true;
  /** The share of points alive through all hidden layers of the main path so far, or here where it lies beside that. */
  readonly livingRatio: Estimate;
  readonly activation?: string;
  /** Where pre-activations were recorded, and the activation is known: see `slopeStatistics`. */
  readonly slope?: Estimate;
  readonly saturated?: Estimate;
  readonly linear?: Estimate;
  /** Where gradients were recorded: ln of their mean square. */
  readonly gradient?: RecordedGradient;
  /** Over the pairs that are not degenerate; absent for layers of one number a point, and where the inputs tell no two points apart. */
  readonly logSin2?: Estimate & { readonly sd: number };
  readonly angle?: Estimate;
  /** The share of pairs that are degenerate here or before, of those that the inputs tell apart where they were recorded. */
  readonly degenerate?: number;
  /** ln sin^2 below which the type of the array holds nothing but rounding. */
  readonly resolution?: number;
  /** Whether the mean ln sin^2 is below that, here or, where no pair is left, before. */
  readonly rounding?: boolean;
  /** Mean squared correlation of the units over points and positions, and 1 over it. */
  readonly vni?: Estimate;
  readonly effectiveNodes?: number;
  /** tr C / lambda_max(C) of the units' covariance, and the share of the power that varies. */
  readonly effectiveRank?: number;
  readonly spread?: number;
}

/** The recorded inputs, described as those of a random network are. */
export interface RecordedInputs extends InputsRecord {
  readonly name: string;
  readonly shape: readonly number[];
  /** ln of the variance over the points and of the mean square; absent where that is 0. */
  readonly logVariance?: number;
  readonly logMeanSquare?: number;
  /** Mean ln sin^2 of the measured pairs at the inputs; absent without any. */
  readonly logSin2?: number;
  readonly effectiveRank?: number;
}

export interface RecordedMeasurement {
  readonly points: number;
  /** Pairs of points whose angles were measured; 0 where there are none. */
  readonly pairs: number;
  readonly inputs?: RecordedInputs;
  readonly layers: readonly RecordedLayer[];
  readonly outputs?: RecordedPlace;
  /** By how much ln of the mean square grows a layer, from the first hidden layer to the last; absent for fewer than two. */
  readonly growth?: Estimate;
  /** How gradients change on the way back; absent where they were not recorded in every layer of the main path, or are 0. */
  readonly gradients?: RecordedGradients;
  /** Fewer effective nodes than these are too few. */
  readonly fewestNodes: NodesRecord["fewest"];
}

/** ln sin^2 of angles some ten times the rounding of a type: below, recorded numbers hold nothing else. */
const resolutions: Readonly<Record<string, number>> = { bfloat16: -6, float16: -9, float32: -27, float64: -67 };

/** Elementary steps that units are compared with, and angles: a second or so. */
const budget = { units: 5e9, angles: 2 ** 28, inputs: 2 ** 20 };

/** Everything that the doctor asks of recorded arrays. `seed` draws pairs and, of large arrays, rows. */
export function measureRecorded(arrays: readonly RecordedArray[], seed: number): RecordedMeasurement {
  const { input, hidden, output } = recordedRoles(arrays);
  const [points] = hidden[0].shape;
  const path = hidden.filter(({ beside }) => !beside);
  // Layers beside the path are judged by themselves.
  const parts = [...(path.length > 0 ? [path] : []), ...hidden.flatMap((array) => (array.beside ? [[array]] : []))];
  const found = new Map<RecordedArray, Pick<RecordedLayer, "livingRatio"> & Partial<FoundAngles>>();
  let [pairs, ofInput]: [number, Angles["input"]] = [0, undefined];
  let rounding = false;
  for (const part of parts) {
    const angles = anglesOf(input, part, seed);
    const { livingRatio } = livingPoints(part);
    if (pairs === 0) [pairs, ofInput] = [angles.pairs, angles.input];
    rounding = false;
    part.forEach((array, l) => {
      const own = angles.layers.get(l);
      const resolution = resolutions[array.type ?? (array.data instanceof Float32Array ? "float32" : "float64")];
      if (own) rounding = own.logSin2.value < resolution || (rounding && own.degenerate === 1);
      found.set(array, {
        livingRatio: exact(livingRatio[l]),
        ...own,
        ...(own && resolution !== undefined && { resolution, rounding }),
      });
    });
  }
  const inputs = input && inputsOf(input, { pairs, input: ofInput }, seed);
  const places = [...hidden, ...(output ? [output] : [])].map((array, l) => placeOf(array, l + 1));
  const grown = withGrowth(places, (l) => !hidden[l]?.beside, inputs?.logMeanSquare);
  const layers = hidden.map((array, l): RecordedLayer => {
    const gradient = recordedGradient(array);
    return {
      ...grown[l],
      ...(array.beside && { beside: true as const }),
      ...(found.get(array) as Pick<RecordedLayer, "livingRatio">),
      ...unitsOf(array, seed),
      ...slopesOf(array),
      ...(gradient && { gradient }),
    };
  });
  const main = layers.filter(({ beside }) => !beside);
  const [first, last] = [main[0], main[main.length - 1]].map((layer) => layer?.signal.logMeanSquare.value);
  const gradients = alongGradients(main, exact, hidden.find(({ gradientPoints }) => gradientPoints)?.gradientPoints ?? points);
  return {
    points,
    pairs,
    ...(inputs && { inputs }),
    layers,
    ...(output && { outputs: grown[grown.length - 1] }),
    ...(main.length > 1 && { growth: exact((last - first) / (main.length - 1)) }),
    ...(gradients && { gradients }),
    fewestNodes: fewestNodes(input && inputRows(input, seed)),
  };
}

/** Every place of the main path with the growth from the place before it there, the first from the inputs. */
function withGrowth(
  places: readonly RecordedPlace[],
  isOnPath: (index: number) => boolean,
  start: number | undefined,
): RecordedPlace[] {
  let before = start;
  return places.map((place, l) => {
    if (!isOnPath(l)) return place;
    const own = place.signal.logMeanSquare.value;
    const grown = before === undefined ? place : { ...place, signal: { ...place.signal, growth: exact(own - before) } };
    before = own;
    return grown;
  });
}

/** How steep and how linear the activation is where it is used, where that is known. */
function slopesOf({
  activation,
  preActivations: data,
  shape,
}: RecordedArray): Pick<RecordedLayer, "activation" | "slope" | "saturated" | "linear"> {
  if (activation === undefined) return {};
  if (!data) return { activation };
  const { slope, saturated, linear } = slopeStatistics(activation, { data, units: shape[shape.length - 1] });
  return {
    activation,
    ...(slope !== undefined && { slope: exact(slope) }),
    ...(saturated !== undefined && { saturated: exact(saturated) }),
    ...(linear !== undefined && { linear: exact(linear) }),
  };
}

/** A number without error; one that does not exist is of no network. */
function exact(value: number): Estimate {
  if (!Number.isFinite(value))
    return { value: Number.NaN, standardError: Number.NaN, low: Number.NaN, high: Number.NaN, networks: 0 };
  return { value, standardError: 0, low: value, high: value, networks: 1 };
}

function placeOf(array: RecordedArray, layer: number): RecordedPlace {
  const { name, shape, data } = array;
  const units = shape[shape.length - 1];
  const { dead, deadShare, rateBelow } = deadUnits(array);
  const { logMeanSquare, logVariance, logLargest, constantUnits, copiedUnits } = activationStatistics({ data, units });
  return {
    layer,
    name,
    shape,
    units,
    deadUnits: { ...exact(deadShare), dead, rateBelow },
    constantUnits: exact(data.length > units ? constantUnits : Number.NaN),
    signal: {
      logMeanSquare: exact(logMeanSquare),
      logVariance: exact(logVariance),
      logLargest: exact(logLargest),
      copiedUnits: exact(data.length > units ? copiedUnits : Number.NaN),
    },
  };
}

interface FoundAngles extends Required<Pick<RecordedLayer, "logSin2" | "angle" | "degenerate">> {}

interface Angles {
  readonly pairs: number;
  /** Of the inputs, where they were recorded. */
  readonly input?: { readonly logSin2: number; readonly leftOut: number };
  /** By index of the hidden layer. */
  readonly layers: ReadonlyMap<number, FoundAngles>;
}

/** Angles of the layers that have some; of the pairs that the inputs tell apart, where they were recorded. */
function anglesOf(input: RecordedArray | undefined, hidden: readonly RecordedArray[], seed: number): Angles {
  const kept = hidden.flatMap((array, l) => (array.data.length > array.shape[0] ? [l] : []));
  const asked = [...(input ? [input] : []), ...kept.map((l) => hidden[l])];
  const [points] = hidden[0].shape;
  if (points < 2 || kept.length === 0) return { pairs: 0, layers: new Map() };
  const values = asked.reduce((sum, { data }) => sum + data.length / points, 0);
  const most = Math.max(256, Math.min(10_000, Math.floor(budget.angles / values)));
  const { pairs, layers } = recordedAngles(asked, { pairs: most, seed, quantiles: [] });
  const leftOut = input ? layers[0].degenerate : 0;
  const own = input ? layers.slice(1) : layers;
  return {
    pairs,
    ...(input && { input: { logSin2: layers[0].logSin2.mean, leftOut: Math.round(leftOut * pairs) } }),
    layers: new Map(
      leftOut === 1
        ? []
        : own.map(({ logSin2, angle, degenerate }, k) => [
            kept[k],
            {
              logSin2: { ...summary(logSin2), sd: logSin2.sd },
              angle: summary(angle),
              degenerate: (degenerate - leftOut) / (1 - leftOut),
            },
          ]),
    ),
  };
}

/** Its error is that of pairs drawn instead of all. */
function summary({ mean, standardError }: { readonly mean: number; readonly standardError: number }): Estimate {
  if (!(standardError > 0)) return exact(mean);
  const reach = 1.959963984540054 * standardError;
  return { value: mean, standardError, low: mean - reach, high: mean + reach, networks: 1 };
}

function inputsOf(input: RecordedArray, { pairs, input: angles }: Pick<Angles, "pairs" | "input">, seed: number): RecordedInputs {
  const { name, shape, data } = input;
  const rows = inputRows(input, seed);
  const { logVariance, logMeanSquare } = activationStatistics({ data, units: data.length / shape[0] });
  const { effectiveRank } = recordedMoments(rows);
  return {
    ...described(rows),
    name,
    shape,
    indistinguishablePairs: { leftOut: angles?.leftOut ?? 0, pairs },
    // What follows the inputs is not known.
    normalised: false,
    ...(Number.isFinite(logVariance) && { logVariance }),
    ...(Number.isFinite(logMeanSquare) && { logMeanSquare }),
    ...(angles && Number.isFinite(angles.logSin2) && { logSin2: angles.logSin2 }),
    ...(effectiveRank !== undefined && { effectiveRank }),
  };
}

/** Some of the input's points, positions flattened. */
function inputRows(input: RecordedArray, seed: number): Matrix {
  const rows = pointRows(input);
  return sampledRows(rows, Math.max(64, Math.floor(budget.inputs / rows.cols)), seed);
}

/** What the units have in common, over points and positions; of many, over some that are drawn. */
function unitsOf(
  { shape, data }: RecordedArray,
  seed: number,
): Pick<RecordedLayer, "vni" | "effectiveNodes" | "effectiveRank" | "spread"> {
  const units = shape[shape.length - 1];
  // The cheaper of the Gram matrices of units and of samples.
  const most = Math.max(budget.units / (units * units), Math.sqrt(budget.units / 2 / units));
  const samples = sampledRows(matrix(data.length / units, units, data), Math.max(32, Math.floor(most)), seed);
  const { vni, effectiveNodes } = measureUnits(samples);
  const { effectiveRank, spread } = recordedMoments(samples);
  return {
    ...(Number.isFinite(vni) && { vni: exact(vni), effectiveNodes }),
    ...(effectiveRank !== undefined && { effectiveRank }),
    ...(spread !== undefined && { spread }),
  };
}
