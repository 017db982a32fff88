import type { Architecture } from "@sonde/nets";
import { type Attempt, byEffect, type Fix, weightOf } from "../fix.js";
import { bothOf, different } from "./attempts.js";
import { remedies } from "./list.js";
import type { Inputs, Remedy } from "./remedy.js";

/** Pairs that one remedy is part of: different ones say more than all partners of the best. */
const ofRemedy = 3;

/**
 * At most so many attempts at two remedies of different families that were tried alone: first those that together leave the least, if each mends beside the other what it mends alone; then the best ones.
 */
export function pairsOf(architecture: Architecture, compared: readonly Fix[], inputs: Inputs, most: number): Attempt[] {
  const best = [...compared].sort(byEffect);
  const pairs = best.flatMap((one, k) =>
    best
      .slice(0, k)
      .flatMap((two) => (one.families[0] === two.families[0] ? [] : [{ one, two, left: weightOf(leftBy(one, two)) }])),
  );
  const tried: Attempt[] = [];
  const used = (remedy: Remedy) => tried.filter(({ remedies: both }) => both.includes(remedy)).length;
  for (const { one, two } of pairs.sort((a, b) => a.left - b.left)) {
    if (tried.length >= most) break;
    const both = [remedyOf(one), remedyOf(two)] as const;
    if (both.some((remedy) => used(remedy) >= ofRemedy)) continue;
    const attempt = bothOf(architecture, ...both, inputs);
    if (attempt) tried.push(...different([attempt], [{ architecture }, ...compared, ...tried]));
  }
  return tried;
}

/** The findings that neither of two remedies removes. */
function leftBy(one: Fix, two: Fix): Fix["after"]["findings"] {
  return one.after.findings.filter(({ pathology }) => two.after.findings.some((other) => other.pathology === pathology));
}

function remedyOf({ remedies: [name] }: Fix): Remedy {
  return remedies.filter((remedy) => remedy.name === name)[0];
}
