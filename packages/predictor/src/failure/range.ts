import { type Architecture, allLayers, hiddenLayers, size } from "@sonde/nets";
import { digits } from "../finding.js";
import type { Measurement } from "../measurement.js";
import { outputActivations } from "../remedies/edit.js";
import { calibration } from "./calibration.js";
import { indicators, type Reading } from "./indicators.js";

/** The architectures that are like those of the calibration: widths were sampled up to 256, and twice as wide is not another question. */
export const calibratedRange = {
  depth: [1, 100],
  width: [2, 512],
  inputs: 784,
  activations: ["relu", "leaky-relu", "tanh", "sigmoid", "gelu", "silu", "elu", "selu", "softplus", "erf", "sin"],
  kinds: ["dense", "embedding", "activation", "norm", "residual", "concat", "flatten"],
} as const;

/** Why what was measured of an architecture is not like what the calibration saw, in words. */
export function outsideByNumbers(measurement: Measurement, readings: ReadonlyMap<string, Reading>): string[] {
  return measurement.conditioning ? beyond(readings) : [unconditioned(measurement)];
}

/** Why there is no tangent kernel. */
function unconditioned({ inputs }: Measurement): string {
  if (inputs.points < 2) return "there is a single point to learn from";
  return "its tangent kernel would take too long to measure";
}

/** How far beyond the largest value of the calibration an indicator may lie, as a share of the range that was seen. */
const margin = 0.1;

/** The indicators that lie where no network of the calibration did. */
function beyond(readings: ReadonlyMap<string, Reading>): string[] {
  return indicators.flatMap(({ name, meaning }) => {
    const reading = readings.get(name);
    const seen = calibration.seen[name];
    if (!reading || !seen) return [];
    const [low, high] = seen;
    return reading.value > high + margin * (high - low)
      ? [`${meaning} is ${digits(reading.value)}, and at most ${digits(high)} in the calibration`]
      : [];
  });
}

/** Why an architecture is not like those of the calibration, in words. */
export function outsideByDescription(architecture: Architecture): string[] {
  const hidden = hiddenLayers(architecture);
  const { depth, width, inputs, activations, kinds } = calibratedRange;
  const widths = hidden.map(({ units }) => units);
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  const layers = allLayers(architecture.layers);
  const strange = layers.find(({ kind }) => !(kinds as readonly string[]).includes(kind));
  const other = layers.find(
    (layer) => layer.kind === "activation" && !(activations as readonly string[]).includes(layer.activation.split(":")[0]),
  );
  return [
    ...(outputActivations(architecture).length > 0 ? ["its outputs have an activation"] : []),
    ...(strange ? [`it has ${strange.kind} layers`] : []),
    ...(other?.kind === "activation" ? [`its activation is ${other.activation}`] : []),
    ...(hidden.length < depth[0] || hidden.length > depth[1]
      ? [`it has ${hidden.length} hidden layers, not ${depth[0]} to ${depth[1]}`]
      : []),
    ...(hidden.length > 0 && (least < width[0] || most > width[1])
      ? [`its layers are ${least === most ? least : `${least} to ${most}`} wide, not ${width[0]} to ${width[1]}`]
      : []),
    ...(size(architecture.input) > inputs ? [`it has ${size(architecture.input)} inputs, not up to ${inputs}`] : []),
  ];
}
