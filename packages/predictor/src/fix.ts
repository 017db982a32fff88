import type { Estimate } from "@sonde/core";
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

/** The verdict as a number: 0 is healthy. */
function severityOf({ verdict }: Vitals): number {
  return severity[verdict];
}

/** P(fails to train), where it is calibrated. */
function chanceOf({ failure }: Vitals): Pick<Estimate, "value" | "standardError"> | undefined {
  return failure?.inRange ? failure : undefined;
}

/** By how much the probability of failure falls, in whole steps of a tenth: what is less is no reason to prefer a change. */
function drop(before: Vitals, after: Vitals): number {
  const [was, is] = [chanceOf(before), chanceOf(after)];
  return was && is ? Math.round(10 * was.value) - Math.round(10 * is.value) : 0;
}

/** Whether the verdict is better after a change; or the same and less likely to fail, or with fewer findings; or with as many and numbers that are better by more than chance: two standard errors. */
export function improves({ before, after }: Pick<Fix, "before" | "after">): boolean {
  const better =
    severityOf(before) - severityOf(after) || drop(before, after) || weightOf(before.findings) - weightOf(after.findings);
  const [was, is] = [burden(before), burden(after)];
  return better > 0 || (better === 0 && was.value - is.value > 2 * Math.sqrt(was.variance + is.variance));
}

/** Orders fixes by their effect, best first: the verdict, the probability of failure, the findings that are left, what is left of the trouble; those that make healthy, and equal effects, by the size of the change. */
export function byEffect(a: Fix, b: Fix): number {
  const worse =
    severityOf(a.after) - severityOf(b.after) ||
    drop(a.after, b.after) ||
    weightOf(a.after.findings) - weightOf(b.after.findings);
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
export function weightOf(findings: Vitals["findings"]): number {
  return findings.reduce((sum, { severity: own }) => sum + { note: 0, "at-risk": 1, degenerate: 1000 }[own], 0);
}

/** One number to rank by among equal findings, and its variance: by how much each of the numbers is beyond where it is at risk, in units of what makes it degenerate. A new vital is a line here. */
function burden({ bornDead, degenerate, deadOutputs, saturated, logSin2, logSpread, gradientSpread }: Vitals): {
  value: number;
  variance: number;
} {
  const { vanishing, exploding } = thresholds.logSpread;
  const parts = [
    excess(bornDead, thresholds.bornDead),
    excess(degenerate, thresholds.degeneratePairs),
    excess(deadOutputs, thresholds.deadOutputs),
    excess(saturated, thresholds.saturated),
    excess(logSin2, thresholds.logSin2),
    excess(logSpread, vanishing),
    excess(logSpread, exploding),
    excess(
      gradientSpread === undefined ? undefined : { value: gradientSpread, standardError: 0 },
      thresholds.gradients.weightSpread,
    ),
  ];
  return parts.reduce((sum, part) => ({ value: sum.value + part.value, variance: sum.variance + part.variance }));
}

/** 0 up to where an estimate is at risk, 1 where it is degenerate; nothing is known of one that is absent. */
function excess(
  estimate: Pick<Estimate, "value" | "standardError"> | undefined,
  { atRisk, degenerate }: { readonly atRisk: number; readonly degenerate: number },
): { value: number; variance: number } {
  if (!estimate || !Number.isFinite(estimate.value)) return { value: 0, variance: 0 };
  const value = (estimate.value - atRisk) / (degenerate - atRisk);
  const error = estimate.standardError / (degenerate - atRisk);
  return value > 0 ? { value, variance: Number.isFinite(error) ? error * error : 0 } : { value: 0, variance: 0 };
}
