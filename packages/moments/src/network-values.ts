import { exp, log } from "@sonde/core/math";
import type { ChannelSums, ObservedPlace } from "@sonde/nets";
import { boundedRank, effectiveRank } from "./effective-rank.js";
import { meanSquare, momentsOfSums, type SignalMoments, signalMoments } from "./place-moments.js";
import type { LayerPlaces, Place } from "./plan-places.js";
import { reluIncrement } from "./theory/relu-increment.js";

/** What is measured at one place of one network; NaN where there is nothing to measure. Powers are in natural logarithms, which neither overflow nor underflow. */
export interface PlaceValues {
  readonly nu1: number;
  readonly logNu2: number;
  readonly logMu2: number;
  readonly mu4: number;
  /** ln nu_2 of the noise. */
  readonly logNoise: number;
  /** ln E_c[nu_1(x+) nu_1(x-)]. */
  readonly logOverlap: number;
  readonly constantSign: number;
  readonly constantChannels: number;
  readonly effectiveRank: number;
  readonly noiseEffectiveRank: number;
}

/** Measures one place of one network; without noise what needs it is NaN. */
export function placeValues(
  place: Omit<ObservedPlace, "path" | "points" | "units">,
  { channels, ranks }: Pick<Place, "channels" | "ranks">,
  noisy: boolean,
): PlaceValues {
  const { moments, rank } = signalOf(place, channels, ranks);
  const noise = noisy ? noiseOf(place, channels, ranks) : { power: Number.NaN, rank: Number.NaN };
  const scale = 2 ** place.exponent;
  return {
    nu1: moments.nu1 * scale,
    logNu2: logOf(moments.nu2, place.exponent),
    logMu2: logOf(moments.mu2, place.exponent),
    mu4: moments.mu4 * scale * scale * scale * scale,
    logNoise: noisy ? logOf(noise.power, place.tangentExponent) : Number.NaN,
    logOverlap: logOf(moments.signOverlap, place.exponent),
    constantSign: moments.constantSign,
    constantChannels: moments.constantChannels,
    effectiveRank: rank,
    noiseEffectiveRank: noise.rank,
  };
}

type Seen = Omit<ObservedPlace, "path" | "points" | "units">;

/** Moments and effective rank of the signal; from sums that the engine makes, where it can. */
function signalOf(place: Seen, channels: number, ranks: boolean): { moments: SignalMoments; rank: number } {
  const sums = place.channelSums?.("activations", channels, ranks);
  if (sums) return { moments: momentsOfSums(sums), rank: rankOfSums(sums) };
  const signal = { data: place.activations().data, channels };
  const { means, ...moments } = signalMoments(signal);
  return { moments, rank: ranks ? effectiveRank(signal, means).value || Number.NaN : Number.NaN };
}

/** Power and effective rank of the noise. */
function noiseOf(place: Seen, channels: number, ranks: boolean): { power: number; rank: number } {
  const sums = place.channelSums?.("tangents", channels, ranks);
  if (sums) return { power: momentsOfSums(sums).nu2, rank: rankOfSums(sums) };
  const noise = { data: place.tangents().data, channels };
  return { power: meanSquare(noise.data), rank: ranks ? effectiveRank(noise).value || Number.NaN : Number.NaN };
}

/** tr C / lambda_max(C); NaN where it was not asked for, or there is no spread. */
function rankOfSums({ samples, squares, largestEigenvalue }: ChannelSums): number {
  if (!(largestEigenvalue && largestEigenvalue.value > 0)) return Number.NaN;
  const trace = squares.reduce((sum, square) => sum + square, 0);
  return boundedRank(trace, largestEigenvalue.value, samples, squares.length);
}

/** ln of value times 4^exponent; -Infinity of 0. */
function logOf(value: number, exponent: number): number {
  return value > 0 ? log(value) + 2 * Math.LN2 * exponent : Number.NEGATIVE_INFINITY;
}

/** The quantities of a layer or unit, by their names in records. */
export const layerQuantities = [
  "nu2",
  "mu2",
  "logNu2",
  "logNoise",
  "logChi",
  "chi",
  "effectiveRank",
  "noiseEffectiveRank",
  "deltaChi",
  "deltaChiNorm",
  "deltaChiActivation",
  "deltaChiUnit",
  "deltaChiBranch",
  "deltaChiPredicted",
  "deltaChiActivationPredicted",
  "kurtosis",
  "meanAbsZ",
  "spread",
  "constantSign",
] as const;

export type LayerQuantity = (typeof layerQuantities)[number];

/** The quantities of a place, by their names in records. */
export const placeQuantities = [
  "nu1",
  "nu2",
  "mu2",
  "mu4",
  "logNu2",
  "logNoise",
  "logChi",
  "effectiveRank",
  "noiseEffectiveRank",
  "constantChannels",
] as const;

export type PlaceQuantity = (typeof placeQuantities)[number];

/** The quantities of one place of a network, in the order of `placeQuantities`; noise and chi are relative to the input's. */
export function quantitiesOfPlace(place: PlaceValues, input: PlaceValues): number[] {
  const values: Record<PlaceQuantity, number> = {
    ...place,
    nu2: exp(place.logNu2),
    mu2: exp(place.logMu2),
    logNoise: place.logNoise - input.logNoise,
    logChi: logChi(place) - logChi(input),
  };
  return placeQuantities.map((name) => values[name]);
}

/** The quantities of a layer or unit of a network, in the order of `layerQuantities`. */
export function quantitiesOfLayer(values: readonly PlaceValues[], layer: LayerPlaces): number[] {
  const [input, output, before, pre] = [values[0], values[layer.output], values[layer.before], values[layer.pre]];
  const norm = layer.norm === undefined ? undefined : values[layer.norm];
  const growth = (to: PlaceValues | undefined, from: PlaceValues | undefined) =>
    to && from ? exp(logChi(to) - logChi(from)) : Number.NaN;
  const increment = values[layer.increment];
  const record: Record<LayerQuantity, number> = {
    nu2: exp(output.logNu2),
    mu2: exp(output.logMu2),
    logNu2: output.logNu2,
    logNoise: output.logNoise - input.logNoise,
    logChi: logChi(output) - logChi(input),
    chi: growth(output, input),
    effectiveRank: values[layer.rank].effectiveRank,
    noiseEffectiveRank: values[layer.rank].noiseEffectiveRank,
    deltaChi: growth(increment, before),
    deltaChiNorm: growth(norm, before),
    deltaChiActivation: growth(increment, norm),
    deltaChiUnit: growth(output, before),
    deltaChiBranch: layer.branch === undefined ? Number.NaN : growth(values[layer.branch], before),
    deltaChiPredicted:
      layer.reluOf === undefined ? Number.NaN : reluIncrement((2 / layer.reluOf) * exp(pre.logOverlap - before.logMu2)),
    deltaChiActivationPredicted: layer.reluOfBatchNorm ? reluIncrement(2 * exp(pre.logOverlap)) : Number.NaN,
    kurtosis: norm ? norm.mu4 : Number.NaN,
    meanAbsZ: norm ? norm.nu1 : Number.NaN,
    spread: exp(output.logMu2 - output.logNu2),
    constantSign: pre.constantSign,
  };
  return layerQuantities.map((name) => record[name]);
}

/** ln sqrt(nu_2(dx) / mu_2(x)). */
function logChi({ logNoise, logMu2 }: PlaceValues): number {
  return (logNoise - logMu2) / 2;
}
