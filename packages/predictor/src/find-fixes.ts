import type { Architecture } from "@sonde/nets";
import { byEffect, type Fix, improves, weightOf } from "./fix.js";
import { sampledRows } from "./looked-at.js";
import type { MeasureOptions } from "./measurement.js";
import { firstAttempts } from "./remedies/attempts.js";
import { pairsOf } from "./remedies/pairs.js";
import { type Effort, tryChanges } from "./try-changes.js";
import type { Vitals } from "./vitals.js";

/** Pairs of remedies that a diagnosis tries. */
const mostPairs = 12;

/** Values of all points together with which a change is tried. */
const mostValues = 2 ** 16;

/** The numbers of the fixes guide a choice: a fraction of a diagnosis' work shows each, on fewer points where these are large, and what takes several times that is left out. */
function effort({ budget = 1e10, data, ...options }: MeasureOptions): Effort {
  const { seed = 0 } = options;
  return {
    ...options,
    data: data && sampledRows(data, Math.max(64, Math.floor(mostValues / data.cols)), seed),
    budget: budget / 80,
    mostWork: budget / 20,
    pairs: 64,
    networks: undefined,
    relativeError: undefined,
  };
}

/** The changes that improve an architecture, best first: every remedy that applies, and where no single one makes it healthy the most promising pairs, of which those are kept that do better than all single ones. */
export async function findFixes(architecture: Architecture, before: Vitals, options: MeasureOptions): Promise<Fix[]> {
  const trying = effort(options);
  const single = await tryChanges(firstAttempts(architecture, options), before, trying);
  const least = single.reduce((least, { after }) => Math.min(least, weightOf(after.findings)), weightOf(before.findings));
  const twice = least > 0 ? await tryChanges(pairsOf(architecture, single, options, mostPairs), before, trying) : [];
  const better = twice.filter(({ after }) => weightOf(after.findings) < least);
  return [...single, ...better].filter(improves).sort(byEffect);
}
