import { activation, ConfigError, quote } from "@sonde/core";
import { type Architecture, inferShapes, layerInitialiser, type ShapedLayer } from "@sonde/nets";
import { narrowestPredicted } from "./tabulated.js";

/** What the prediction of angles needs to know of an architecture. */
export interface PredictableChain {
  /** Units of the hidden layers. */
  readonly widths: readonly number[];
  /** The activation's slope below 0; above it is 1. */
  readonly slope: number;
}

const instead = "measure it with measureAngles (sonde angles)";

/**
 * The hidden widths and the activation of an architecture whose angles can be predicted: a chain of dense layers with independent normal weights and no bias, each followed by the same positively
 * homogeneous activation (relu, leaky-relu:a, linear, abs), wide enough for what is known of it. The weights' variance does not matter, nor does the output layer.
 *
 * @throws ConfigError for any other, with the first layer that is in the way
 */
export function predictableChain(architecture: Architecture): PredictableChain {
  const layers = inferShapes(architecture).filter(({ layer }) => layer.kind !== "flatten");
  const widths: number[] = [];
  let name: string | undefined;
  for (const { layer, path } of layers)
    if (layer.kind !== "dense" && layer.kind !== "activation")
      throw new ConfigError(
        `angles are predicted for chains of dense layers and activations, but ${path} is of kind ${quote(layer.kind)}: ${instead}`,
      );
  layers.forEach((shaped, i) => {
    const { layer, path } = shaped;
    if (layer.kind === "activation") {
      if (layers[i - 1]?.layer.kind !== "dense")
        throw new ConfigError(
          `the angle after ${path} (activation) is not predicted without a dense layer before it: ${instead}`,
        );
      if (name !== undefined && layer.activation !== name)
        throw new ConfigError(
          `${path} is ${quote(layer.activation)} after layers of ${quote(name)}, and angles are predicted for one activation: ${instead}`,
        );
      name = layer.activation;
      widths.push(shaped.output[0]);
    } else if (i < layers.length - 1) {
      checkWeights(shaped);
      if (layers[i + 1].layer.kind !== "activation")
        throw new ConfigError(`the angle after ${path} (dense) is not predicted without an activation after it: ${instead}`);
    }
  });
  const slope = name === undefined ? 0 : slopeOf(name);
  const least = narrowestPredicted(slope);
  const narrow = widths.findIndex((width) => width < least);
  if (narrow >= 0)
    throw new ConfigError(
      `hidden layer ${narrow + 1} has ${widths[narrow]} units, but angles through ${quote(name ?? "")} are predicted from ${least} units on: make it wider, or ${instead}`,
    );
  return { widths, slope };
}

function checkWeights({ layer, path, weights }: ShapedLayer): void {
  const { name, law, zeroBias } = layerInitialiser(layer);
  if (!zeroBias)
    throw new ConfigError(`angles are predicted without bias, but ${path} has one: choose --bias zeros, or ${instead}`);
  if (!weights || law?.(weights).distribution !== "normal")
    throw new ConfigError(
      `angles are predicted for independent normal weights, but ${path} is initialised by ${quote(name)}: choose he-normal, or ${instead}`,
    );
}

function slopeOf(name: string): number {
  const [stem, parameter] = activation(name).name.split(":");
  const slope = Number(parameter);
  const slopes: Readonly<Record<string, number>> = { relu: 0, "leaky-relu": slope, prelu: slope, linear: 1, abs: -1 };
  if (Object.hasOwn(slopes, stem)) return slopes[stem];
  throw new ConfigError(
    `angles are predicted for relu, leaky-relu, linear and abs, whose angle alone decides what follows, got ${quote(name)}: ${instead}`,
  );
}
