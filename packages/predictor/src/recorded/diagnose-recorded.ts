import { pathologyThresholds } from "@sonde/moments";
import { angleFindings, type JudgedAngles } from "../examinations/angles.js";
import { deadForGood, deathSource } from "../examinations/death.js";
import { inputsExamination } from "../examinations/inputs.js";
import { changedSignal, deadUnits, type JudgedScale } from "../examinations/scale.js";
import { signalFinding } from "../examinations/signal.js";
import { nodesExamination } from "../examinations/vanishing-nodes.js";
import { type Finding, percent, type Verdict, verdictOf } from "../finding.js";
import type { RecordedArray } from "./arrays.js";
import { measureRecorded, type RecordedLayer, type RecordedMeasurement, type RecordedPlace } from "./measure-recorded.js";

export interface RecordedDiagnosis {
  readonly verdict: Verdict;
  /** With the names of the arrays. Cures are not among what is known: they need the architecture. */
  readonly findings: readonly Finding[];
  readonly measurement: RecordedMeasurement;
}

/**
 * The doctor on activations that were recorded anywhere, of one network, trained or not: dead and constant layers and units, scale, angles, units that are copies of one another, dimensions of the signal, by the
 * same thresholds as those of `diagnose`. One array for each hidden layer, in order, at the same points; a first one named as input is described as such, and a last one named as output or logits judged only for
 * being constant.
 *
 * @param options.seed draws pairs of points and, of large arrays, samples; default 0
 * @throws ConfigError or ShapeError for what are no activations, or not of the same points
 *
 * @example
 * const { verdict, findings } = diagnoseRecorded([{ name: "fc1", shape: [2, 2], data: Float64Array.of(0, 0, 0, 0) }]);
 * verdict // "degenerate"
 * findings[0].evidence // "all 2 units of layer 1 are zero at all 2 points (95 %: at a new one like these some unit fires with a probability below 77.6 %)"
 */
export function diagnoseRecorded(
  arrays: readonly RecordedArray[],
  { seed = 0 }: { readonly seed?: number } = {},
): RecordedDiagnosis {
  const measurement = measureRecorded(arrays, seed);
  const { inputs, layers, outputs } = measurement;
  const names = [inputs?.name, ...layers.map(({ name }) => name), outputs?.name];
  const findings = [
    ...(inputs ? inputsExamination.findings(inputs) : []),
    ...silentLayer(measurement),
    ...changedSignal(scaleOf(measurement), inputs ? "theirs" : "the first layer's"),
    ...deadUnits(
      { layers: layers.filter((layer) => !isSilent(layer)), points: measurement.points },
      ({ deadUnits: { rateBelow } }) => `95 %: each fires at less than ${percent(rateBelow)} of such points`,
    ),
    ...angleFindings({
      layers: layers.filter(hasAngles).map((layer) => withoutRounding(layer, measurement.points)),
      inputLogSin2: inputs?.logSin2 ?? Number.NaN,
    }),
    ...(isMeasurable(layers[layers.length - 1]) ? [...nodeFindings(measurement), ...dimensionFindings(measurement)] : []),
  ].map((finding): Finding => {
    const name = names[finding.layer];
    return name === undefined ? finding : { ...finding, name };
  });
  return { verdict: verdictOf(findings), findings, measurement };
}

/** Whether every unit has one value only. */
function isSilent({ deadUnits, constantUnits }: RecordedPlace): boolean {
  return deadUnits.value === 1 || constantUnits.value === 1;
}

/** The first layer that says the same of every point. */
function silentLayer({ layers, outputs, points }: RecordedMeasurement): Finding[] {
  const silent = [...layers, ...(outputs ? [outputs] : [])].find(isSilent);
  if (!silent) return [];
  const { layer, units, deadUnits } = silent;
  const dead = deadUnits.value === 1;
  const all = units === 1 ? "the one unit" : `all ${units} units`;
  const are = units === 1 ? "is" : "are";
  return [
    {
      pathology: dead ? "dead-layer" : "constant-layer",
      severity: "degenerate",
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
function scaleOf({ inputs, layers, growth }: RecordedMeasurement): JudgedScale {
  const [{ signal }] = layers;
  const { logVariance = Number.NaN, logMeanSquare = Number.NaN } = inputs ?? {
    logVariance: signal.logVariance.value,
    logMeanSquare: signal.logMeanSquare.value,
  };
  return {
    layers: layers.map(({ layer, signal }) => ({ layer, ...signal })),
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

function nodeFindings({ layers, fewestNodes }: RecordedMeasurement): Finding[] {
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
function dimensionFindings({ inputs, layers, points }: RecordedMeasurement): Finding[] {
  if (points < fewestSamples) return [];
  const rank = {
    value: (inputs ?? layers[0]).effectiveRank ?? Number.NaN,
    whose: inputs ? "that of the inputs" : "that of the first layer",
  };
  const judged = (name: "spread" | "effectiveRank", pathology: "zero-dimensional-signal" | "one-dimensional-signal") => {
    const curve = layers.map((layer) => layer[name] ?? Number.NaN);
    const value = curve[curve.length - 1];
    let layer = curve.length;
    while (layer > 1 && curve[layer - 2] < pathologyThresholds[name]) layer--;
    // A layer of one unit has one dimension, whatever comes to it.
    const narrow = name === "effectiveRank" && layers[layers.length - 1].units === 1;
    const present = !narrow && value < pathologyThresholds[name];
    return signalFinding({ pathology, present, layer, value }, { rank, on: `${points} points` });
  };
  return [...judged("spread", "zero-dimensional-signal"), ...judged("effectiveRank", "one-dimensional-signal")];
}
