import { type Estimate, proportion } from "@sonde/core";
import type { Measured, Settings } from "./claim.js";

/** Parts that differ by their seed alone, such as the halves of a long run, by what they are called before ` #`. */
export function grouped<S extends Settings, R>(parts: readonly Measured<S, R>[]): Map<string, Measured<S, R>[]> {
  const groups = new Map<string, Measured<S, R>[]>();
  for (const part of parts) {
    const name = part.name.split(" #")[0];
    groups.set(name, [...(groups.get(name) ?? []), part]);
  }
  return groups;
}

/** A run of so many networks as parts of at most `most` of them, their names numbered, each with a seed of its own. */
export function inShards<S extends Settings & { readonly networks: number }>(
  name: string,
  settings: S,
  most: number,
): { readonly name: string; readonly settings: S }[] {
  const count = Math.ceil(settings.networks / most);
  if (count === 1) return [{ name, settings }];
  return Array.from({ length: count }, (_, k) => ({
    name: `${name} #${k + 1}`,
    settings: { ...settings, networks: Math.min(most, settings.networks - k * most), seed: settings.seed + 1000 * k },
  }));
}

/** The share that counts of several parts make together. */
export function share(counts: readonly { readonly count: number; readonly networks: number }[]): Estimate {
  const sum = (key: "count" | "networks") => counts.reduce((total, one) => total + one[key], 0);
  return proportion(sum("count"), sum("networks"));
}

/** A mean over networks as a part keeps it. */
export interface MeanValue {
  readonly value: number | null;
  readonly standardError: number | null;
  readonly networks: number;
}

/** The mean that the means of several parts make together, each weighted by its networks; NaN where none has a value. */
export function pooledMean(means: readonly MeanValue[]): { value: number; standardError: number; networks: number } {
  const known = means.filter(({ value, networks }) => value !== null && networks > 0);
  const networks = known.reduce((total, one) => total + one.networks, 0);
  let value = 0;
  let square = 0;
  for (const one of known) {
    const weight = one.networks / networks;
    value += weight * (one.value as number);
    square += weight * weight * (one.standardError ?? Number.NaN) * (one.standardError ?? Number.NaN);
  }
  return known.length === 0
    ? { value: Number.NaN, standardError: Number.NaN, networks }
    : { value, standardError: Math.sqrt(square), networks };
}
