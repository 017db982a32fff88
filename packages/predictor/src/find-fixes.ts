import type { Architecture } from "@sonde/nets";
import { briefEffort } from "./effort.js";
import type { PathologyName } from "./finding.js";
import { type Attempt, byEffect, type Fix, improves, weightOf } from "./fix.js";
import type { MeasureOptions } from "./measurement.js";
import { firstAttempts } from "./remedies/attempts.js";
import { pairsOf } from "./remedies/pairs.js";
import { tryWithin } from "./try-changes.js";
import type { Vitals } from "./vitals.js";

/** Pairs of remedies that a diagnosis tries. */
const mostPairs = 12;

/** Elementary steps (of about a tenth of a nanosecond) that trying changes may take: then the diagnosis is there in seconds, and `advise` tries the rest. Where one change takes `long`, the first cure is enough, and pairs are left to `advise` too. */
const mostWork = { single: 3e10, pairs: 1e10, long: 1e10 };

/** The first of every family, then the second of each, and so on: where not all can be tried, some of every kind are. */
function byTurns(attempts: readonly Attempt[]): Attempt[] {
  const turns = new Map<string, number>();
  const turnOf = ({ remedies: [{ family }] }: Attempt) => {
    const turn = turns.get(family) ?? 0;
    turns.set(family, turn + 1);
    return turn;
  };
  return attempts
    .map((attempt) => ({ attempt, turn: turnOf(attempt) }))
    .sort((a, b) => a.turn - b.turn)
    .map(({ attempt }) => attempt);
}

/** What comes of the inputs' own scale: then the rest is tried only where changing the inputs, or a norm, is not enough. */
const ofInputs: ReadonlySet<PathologyName> = new Set(["input-scale", "input-offset", "uneven-inputs", "overconfident-outputs"]);

function mendsInputs({ remedies }: Attempt): boolean {
  return remedies.every(({ family }) => family === "inputs" || family === "normalisation");
}

/** The changes that improve an architecture, best first: every remedy that applies, and where no single one makes it healthy the most promising pairs, of which those are kept that do better than all single ones. */
export async function findFixes(architecture: Architecture, before: Vitals, options: MeasureOptions): Promise<Fix[]> {
  const trying = briefEffort(options);
  const attempts = byTurns(firstAttempts(architecture, options));
  const asked = before.findings.every(({ pathology }) => ofInputs.has(pathology)) ? attempts.filter(mendsInputs) : attempts;
  const { fixes: first, left, long } = await tryWithin({ steps: mostWork.single, long: mostWork.long }, asked, before, trying);
  const enough = first.some(({ after }) => after.verdict === "healthy");
  const rest = enough ? [] : attempts.filter((attempt) => !asked.includes(attempt));
  const single = [...first, ...(await tryWithin({ steps: left, long: mostWork.long }, rest, before, trying)).fixes];
  const least = single.reduce((least, { after }) => Math.min(least, weightOf(after.findings)), weightOf(before.findings));
  const pairs = least > 0 && !long ? pairsOf(architecture, single, options, mostPairs) : [];
  const { fixes: twice } = await tryWithin({ steps: mostWork.pairs }, pairs, before, trying);
  const better = twice.filter(({ after }) => weightOf(after.findings) < least);
  return [...single, ...better].filter(improves).sort(byEffect);
}
