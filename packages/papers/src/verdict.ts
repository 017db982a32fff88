import type { Comparison } from "./comparison.js";

/** What the numbers say of a claim. */
export type Verdict = "confirmed" | "confirmed with a correction" | "not confirmed" | "undecided" | "not run";

/**
 * The verdict that comparisons lead to: not confirmed as soon as one of what the sentence says fails, undecided where one is undecided (measure at a larger scale), confirmed with a correction where a published value fails,
 * otherwise confirmed.
 *
 * @example
 * verdictOf([above("share", { value: 1 }, { value: 0 })]) // "confirmed"
 * verdictOf([]) // "not run"
 */
export function verdictOf(comparisons: readonly Comparison[]): Verdict {
  if (comparisons.length === 0) return "not run";
  const some = (bears: Comparison["bears"], outcome: Comparison["outcome"]) =>
    comparisons.some((one) => one.bears === bears && one.outcome === outcome);
  if (some("claim", "fails")) return "not confirmed";
  if (some("claim", "undecided")) return "undecided";
  return some("value", "fails") ? "confirmed with a correction" : "confirmed";
}
