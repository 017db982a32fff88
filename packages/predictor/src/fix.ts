import { parameterCount } from "@sonde/nets";
import type { Verdict } from "./finding.js";
import { type Change, type Family, families, type Remedy } from "./remedies/remedy.js";
import { thresholds } from "./thresholds.js";
import type { Vitals } from "./vitals.js";

/** A change, and the numbers before and after it, computed. */
export interface Fix extends Change {
  /** The names of the remedies that it applies, and the families that they belong to: one, or two where one is not enough. */
  readonly remedies: readonly string[];
  readonly families: readonly Family[];
  /** Trainable values after the change. */
  readonly parameters: number;
  /** What it asks for beside parameters, in words. */
  readonly cost: string;
  /** What it does not mend, in words. */
  readonly leaves: string;
  readonly before: Vitals;
  readonly after: Vitals;
}

/** A change of an architecture by one remedy or more, not measured yet. */
export interface Attempt extends Change {
  readonly remedies: readonly Remedy[];
}

/** An attempt at one remedy. */
export function attempt(remedy: Remedy, change: Change): Attempt {
  return { ...change, remedies: [remedy] };
}

/** The record of a measured attempt. */
export function fixOf({ remedies, ...change }: Attempt, before: Vitals, after: Vitals): Fix {
  return {
    ...change,
    remedies: remedies.map(({ name }) => name),
    families: remedies.map(({ family }) => family),
    parameters: parameterCount(change.architecture),
    cost: [...new Set(remedies.map(({ cost }) => cost))]
      .filter((cost, _, all) => cost !== "nothing" || all.length === 1)
      .join("; "),
    leaves: remedies.map(({ leaves }) => leaves).join("; "),
    before,
    after,
  };
}

const severity: Record<Verdict, number> = { healthy: 0, "at-risk": 1, degenerate: 2 };

/** Whether the verdict is better after a change; or the same with fewer findings; or with as many and numbers that are better by more than chance: two standard errors. */
export function improves({ before, after }: Pick<Fix, "before" | "after">): boolean {
  const better = severity[before.verdict] - severity[after.verdict] || weight(before) - weight(after);
  const [was, is] = [burden(before), burden(after)];
  return better > 0 || (better === 0 && was.value - is.value > 2 * Math.sqrt(was.variance + is.variance));
}

/** Orders fixes by their effect, best first: the verdict, the findings that are left, what is left of the trouble; those that make healthy, and equal effects, by the size of the change. */
export function byEffect(a: Fix, b: Fix): number {
  const worse = severity[a.after.verdict] - severity[b.after.verdict] || weight(a.after) - weight(b.after);
  const healthy = a.after.verdict === "healthy";
  return worse || (healthy ? 0 : burden(a.after).value - burden(b.after).value) || bySize(a, b);
}

/** Orders fixes by how little they change: fewer remedies, then the order of `families`, then parameters, then what is left of the trouble. */
export function bySize(a: Fix, b: Fix): number {
  const rank = ({ families: own }: Fix) => own.reduce((most, family) => Math.max(most, families.indexOf(family)), 0);
  return (
    a.remedies.length - b.remedies.length ||
    rank(a) - rank(b) ||
    a.parameters - b.parameters ||
    burden(a.after).value - burden(b.after).value
  );
}

/** How much is found: one degenerate finding outweighs any number of others. */
function weight({ findings }: Vitals): number {
  return findings.reduce((sum, { severity: own }) => sum + (own === "degenerate" ? 1000 : 1), 0);
}

/** One number to rank by among equal findings: the failing shares in units of the share that is degenerate, and its variance. */
function burden({ bornDead, degenerate }: Vitals): { value: number; variance: number } {
  const parts = [
    { estimate: bornDead, most: thresholds.bornDead.degenerate },
    ...(degenerate ? [{ estimate: degenerate, most: thresholds.degeneratePairs.degenerate }] : []),
  ];
  return parts.reduce(
    ({ value, variance }, { estimate, most }) => ({
      value: value + estimate.value / most,
      variance: variance + (estimate.standardError / most) * (estimate.standardError / most),
    }),
    { value: 0, variance: 0 },
  );
}
