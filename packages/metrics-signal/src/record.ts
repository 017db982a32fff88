import { type Estimate, type Running, runningEstimate } from "@sonde/core";
import type { Architecture } from "@sonde/nets";
import type { LayerNumber, OutputNumber, SignalState } from "./metric.js";
import { signalPlaces } from "./places.js";

/** The signal at one hidden layer; see `ActivationStatistics` and `SlopeStatistics`. Logarithms are averaged over the networks where they exist: `networks` counts them. */
export interface SignalLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** Units, or channels. */
  readonly units: number;
  /** Its activation, of a block the first inside. */
  readonly activation?: string;
  readonly logMeanSquare: Estimate;
  readonly logVariance: Estimate;
  readonly logLargest: Estimate;
  readonly deadUnits: Estimate;
  readonly constantUnits: Estimate;
  readonly copiedUnits: Estimate;
  readonly slope?: Estimate;
  readonly saturated?: Estimate;
  readonly linear?: Estimate;
}

/** The outputs before training; see `OutputStatistics`. */
export interface SignalOutput {
  readonly outputs: number;
  /** The activation after the last layer with weights, if there is one. */
  readonly activation?: string;
  readonly mean: Estimate;
  readonly spread: Estimate;
  readonly rootMeanSquare: Estimate;
  readonly dead: Estimate;
  readonly allDead: Estimate;
  readonly constant: Estimate;
  readonly oneSigned: Estimate;
  /** The cross-entropy at the start, see `startingCrossEntropy`, of the values before the output's activation. */
  readonly crossEntropy: Estimate;
}

export interface SignalRecord {
  readonly layers: readonly SignalLayer[];
  readonly output: SignalOutput;
  /** By how much ln of the mean square grows a layer, from the first hidden layer to the last; absent for fewer than two. */
  readonly growth?: Estimate;
  readonly networks: number;
  readonly interrupted?: boolean;
}

/** The estimates behind a finished state. */
export function signalRecord(architecture: Architecture, state: SignalState): SignalRecord {
  const places = signalPlaces(architecture);
  const layers = places.layers.map(({ layer, units, slope }, l) => ({
    layer,
    units,
    ...(slope && { activation: slope.activation }),
    ...estimates<LayerNumber>(state.layers[l]),
  }));
  const { outputs, activation } = places.output;
  return {
    layers: layers as SignalLayer[],
    output: {
      outputs,
      ...(activation !== undefined && { activation }),
      ...estimates<OutputNumber>(state.output),
    } as SignalOutput,
    ...(state.growth.count > 0 && { growth: runningEstimate(state.growth) }),
    networks: state.networks,
  };
}

function estimates<Name extends string>(sums: Partial<Record<Name, Running>>): Partial<Record<Name, Estimate>> {
  return Object.fromEntries(Object.entries(sums).map(([name, own]) => [name, runningEstimate(own as Running)])) as Partial<
    Record<Name, Estimate>
  >;
}
