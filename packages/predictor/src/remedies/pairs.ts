import type { Architecture } from "@sonde/nets";
import { type Attempt, byEffect, type Fix } from "../fix.js";
import { bothOf, different } from "./attempts.js";
import { remedies } from "./list.js";
import type { Inputs } from "./remedy.js";

/** Remedies of one family that pairs are made of: the most promising ones. */
const ofFamily = 2;

/** At most so many attempts at two remedies of different families, of each family only the best that were tried alone; the best pairs of them first. */
export function pairsOf(architecture: Architecture, compared: readonly Fix[], inputs: Inputs, most: number): Attempt[] {
  const taken = new Map<string, number>();
  const best = [...compared].sort(byEffect).flatMap(({ remedies: [name], families: [family] }) => {
    const already = taken.get(family) ?? 0;
    taken.set(family, already + 1);
    return already < ofFamily ? (remedies.find((remedy) => remedy.name === name) ?? []) : [];
  });
  const tried = best.flatMap((one, k) => best.slice(0, k).flatMap((two) => bothOf(architecture, one, two, inputs) ?? []));
  return different(tried, [{ architecture }, ...compared]).slice(0, most);
}
