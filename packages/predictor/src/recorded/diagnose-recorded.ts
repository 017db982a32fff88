import { pathologyThresholds } from "@sonde/moments";
import { angleFindings, type JudgedAngles } from "../examinations/angles.js";
import { deadForGood, deathSource } from "../examinations/death.js";
import { unevenGradients, vanishedGradients } from "../examinations/gradients.js";
import { inputsExamination } from "../examinations/inputs.js";
import { changedSignal, deadUnits, type JudgedScale, linearLayers, saturation } from "../examinations/scale.js";
import { signalFinding } from "../examinations/signal.js";
import { nodesExamination } from "../examinations/vanishing-nodes.js";
import { type Finding, percent, type Verdict, verdictOf } from "../finding.js";
import type { RecordedArray } from "./arrays.js";
import { growingSums } from "./growing-sums.js";
import { measureRecorded, type RecordedLayer, type RecordedMeasurement, type RecordedPlace } from "./measure-recorded.js";
import { type Suggestion, suggestionsFor } from "./suggestions.js";
import { type Unmeasured, unmeasuredOf } from "./unmeasured.js";

export interface RecordedDiagnosis {
  readonly verdict: Verdict;
  /** With the names of the arrays. */
  readonly findings: readonly Finding[];
  /** What usually helps against them. Computed effects need the architecture. */
  readonly suggestions: readonly Suggestion[];
  readonly measurement: RecordedMeasurement;
  /** Questions that the recording does not answer, the probability of failing to train among them, and why. */
  readonly unmeasured: readonly Unmeasured[];
}

export interface DiagnoseRecordedOptions {
  /** Draws pairs of points and, of large arrays, samples. Default 0. */
  readonly seed?: number;
  /** Whether the gradients are those of errors of unit variance at the outputs, so that their size itself is judged, and not only how it changes. Default false. */
  readonly unitErrors?: boolean;
  /** Sums of branches in the network, where it is known to have no norm. Default 0. */
  readonly sums?: number;
}

/**
 * The doctor on activations that were recorded anywhere, of one network, trained or not: dead and constant layers and units, scale, angles, units that are copies of one another, dimensions of the signal, and where
 * pre-activations or gradients were recorded too, slopes, saturation and gradients, by the same thresholds as those of `diagnose`. One array for each hidden layer, in order, at the same points; a first one named as
 * input is described as such, and a last one named as output or logits judged only for being constant.
 *
 * @throws ConfigError or ShapeError for what are no activations, or not of the same points
 *
 * @example
 * const { verdict, findings } = diagnoseRecorded([{ name: "fc1", shape: [2, 2], data: Float64Array.of(0, 0, 0, 0) }]);
 * verdict // "degenerate"
 * findings[0].evidence // "all 2 units of layer 1 are zero at all 2 points (95 %: at a new one like these some unit fires with a probability below 77.6 %)"
 */
export function diagnoseRecorded(
  arrays: readonly RecordedArray[],
  { seed = 0, unitErrors = false, sums = 0 }: DiagnoseRecordedOptions = {},
): RecordedDiagnosis {
  const measurement = measureRecorded(arrays, seed);
  const { inputs, layers, outputs } = measurement;
  const names = [inputs?.name, ...layers.map(({ name }) => name), outputs?.name];
  const path = layers.filter(({ beside }) => !beside);
  const changed = changedSignal(scaleOf(measurement, path), inputs ? "theirs" : "the first layer's");
  const findings = [
    ...(inputs ? inputsExamination.findings(inputs) : []),
    ...silentLayer(measurement),
    ...changed,
    ...(changed.length > 0 ? [] : growingSums(sums, path)),
    ...saturation({ layers: layers.map(slopesOf) }),
    ...linearLayers({ layers: layers.map(slopesOf) }),
    ...deadUnits(
      { layers: layers.filter((layer) => !isSilent(layer)), points: measurement.points },
      ({ deadUnits: { rateBelow } }) => `95 %: each fires at less than ${percent(rateBelow)} of such points`,
    ),
    ...angleFindings({
      layers: path.filter(hasAngles).map((layer) => withoutRounding(layer, measurement.points)),
      inputLogSin2: inputs?.logSin2 ?? Number.NaN,
    }),
    ...(path.length > 0 && isMeasurable(path[path.length - 1])
      ? [...nodeFindings(measurement, path), ...dimensionFindings(measurement, path)]
      : []),
    ...gradientFindings(measurement, path, unitErrors),
  ].map((finding): Finding => {
    const name = names[finding.layer];
    return name === undefined ? finding : { ...finding, name };
  });
  return {
    verdict: verdictOf(findings),
    findings,
    suggestions: suggestionsFor(findings, measurement),
    measurement,
    unmeasured: unmeasuredOf(measurement),
  };
}

function slopesOf({ layer, activation, signal: { logMeanSquare }, slope, saturated, linear }: RecordedLayer) {
  return { layer, activation, logMeanSquare, slope, saturated, linear };
}

/** Where gradients were recorded: how much they differ from layer to layer, and of errors of unit variance how small they are. */
function gradientFindings(
  { gradients, points }: RecordedMeasurement,
  path: readonly RecordedLayer[],
  unitErrors: boolean,
): Finding[] {
  const none = { networks: 0, zero: 0 };
  const layers = path.map(({ layer, gradient }) => ({ layer, activations: none, ...gradient }));
  const record = { layers, points, ...gradients };
  return unevenGradients(record) ?? (unitErrors ? vanishedGradients(record) : undefined) ?? [];
}

/** Whether every unit has one value only. */
function isSilent({ deadUnits, constantUnits }: RecordedPlace): boolean {
  return deadUnits.value === 1 || constantUnits.value === 1;
}

/** The first layer that says the same of every point. */
function silentLayer({ layers, outputs, points }: RecordedMeasurement): Finding[] {
  const silent = [
    ...layers.filter(({ beside }) => !beside),
    ...(outputs ? [outputs] : []),
    // Around a layer beside the path other ways lead to the outputs.
    ...layers.filter(({ beside }) => beside),
  ].find(isSilent);
  if (!silent) return [];
  const { layer, units, deadUnits } = silent;
  const dead = deadUnits.value === 1;
  const all = units === 1 ? "the one unit" : `all ${units} units`;
  const are = units === 1 ? "is" : "are";
  return [
    {
      pathology: dead ? "dead-layer" : "constant-layer",
      severity: "beside" in silent ? "at-risk" : "degenerate",
      layer,
      evidence: dead
        ? `${all} of layer ${layer} ${are} zero at all ${points} points (95 %: at a new one like these some unit fires with a probability below ${percent(deadUnits.rateBelow)})`
        : `${all} of layer ${layer} ${are} the same at all ${points} points`,
      explanation: dead
        ? deadForGood
        : "What follows sees the same whatever the input is, and so the output is constant. Such a layer is saturated, or behind one that is dead, or rounded to one value.",
      source: deathSource,
    },
  ];
}

/** The scale of the signal; without recorded inputs that of the first layer is what it began with. */
function scaleOf({ inputs, growth }: RecordedMeasurement, path: readonly RecordedLayer[]): JudgedScale {
  const signal = path[0]?.signal;
  const { logVariance = Number.NaN, logMeanSquare = Number.NaN } = inputs ?? {
    logVariance: signal?.logVariance.value,
    logMeanSquare: signal?.logMeanSquare.value,
  };
  return {
    layers: path.map(({ layer, signal }) => ({ layer, ...signal })),
    inputs: { logVariance, logMeanSquare },
    ...(growth && growth.networks > 0 && { growth }),
    // Norms and bounds are not recorded, and either brings the signal to a scale of its own.
    rescaled: true,
  };
}

function hasAngles(layer: RecordedLayer): layer is RecordedLayer & JudgedAngles {
  return layer.logSin2 !== undefined && layer.angle !== undefined && layer.degenerate !== undefined;
}

/** Where angles are rounding, so are pairs on one ray: only those with a dead point are degenerate for sure. */
function withoutRounding(layer: RecordedLayer & JudgedAngles, points: number): JudgedAngles {
  const alive = layer.livingRatio.value * points;
  const withDead = 1 - (alive * (alive - 1)) / (points * (points - 1));
  return layer.rounding ? { ...layer, degenerate: Math.min(layer.degenerate, withDead) } : layer;
}

/** Whether what differs between the points at a layer is there, and more than rounding. */
function isMeasurable(layer: RecordedLayer): boolean {
  return !isSilent(layer) && !layer.rounding;
}

function nodeFindings({ fewestNodes }: RecordedMeasurement, layers: readonly RecordedLayer[]): Finding[] {
  const known = layers.flatMap(({ layer, units, vni, effectiveNodes }) =>
    vni && effectiveNodes !== undefined ? [{ layer, units, vni, effectiveNodes }] : [],
  );
  // Inputs along a line give units no second dimension.
  if (!(fewestNodes.atRisk > 1)) return [];
  const few = layers.some(({ shape }) => shape.slice(0, -1).reduce((product, size) => product * size, 1) < fewestSamples);
  return few ? [] : nodesExamination.findings({ layers: known, hiddenLayers: known.length, fewest: fewestNodes });
}

/** Samples without which units are not compared. */
const fewestSamples = 32;

/** Whether the signal lives in no dimension, or in one, at the last layer. */
function dimensionFindings({ inputs, points }: RecordedMeasurement, layers: readonly RecordedLayer[]): Finding[] {
  if (points < fewestSamples) return [];
  const rank = {
    value: (inputs ?? layers[0]).effectiveRank ?? Number.NaN,
    whose: inputs ? "that of the inputs" : "that of the first layer",
  };
  const judged = (name: "spread" | "effectiveRank", pathology: "zero-dimensional-signal" | "one-dimensional-signal") => {
    const curve = layers.map((layer) => layer[name] ?? Number.NaN);
    const value = curve[curve.length - 1];
    let at = curve.length - 1;
    while (at > 0 && curve[at - 1] < pathologyThresholds[name]) at--;
    // A layer of one unit has one dimension, whatever comes to it.
    const narrow = name === "effectiveRank" && layers[layers.length - 1].units === 1;
    const present = !narrow && value < pathologyThresholds[name];
    return signalFinding({ pathology, present, layer: layers[at].layer, value }, { rank, on: `${points} points` });
  };
  return [...judged("spread", "zero-dimensional-signal"), ...judged("effectiveRank", "one-dimensional-signal")];
}
