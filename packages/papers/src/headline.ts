import type { Comparison } from "./comparison.js";
import type { Verdict } from "./verdict.js";

/**
 * The comparison that a verdict is told by: the one of what the sentence says that fails or is undecided, the published value that is corrected, otherwise the first published one, or the first of what the sentence says. Of several that fail the one
 * that is furthest off. Undefined without comparisons.
 *
 * @example
 * headline([above("share", { value: 1 }, { value: 0 })], "confirmed")?.what // "share"
 */
export function headline(comparisons: readonly Comparison[], verdict: Verdict): Comparison | undefined {
  const furthest = (bears: Comparison["bears"], outcome: Comparison["outcome"]) =>
    comparisons
      .filter((one) => one.bears === bears && one.outcome === outcome)
      .sort((a, b) => Math.abs(b.apart ?? Number.POSITIVE_INFINITY) - Math.abs(a.apart ?? Number.POSITIVE_INFINITY))[0];
  if (verdict === "not confirmed") return furthest("claim", "fails");
  if (verdict === "undecided") return furthest("claim", "undecided");
  if (verdict === "confirmed with a correction") return furthest("value", "fails");
  return (
    comparisons.find(
      ({ expected, bears, outcome }) => expected.origin === "published" && bears !== "context" && outcome === "holds",
    ) ??
    comparisons.find(({ bears }) => bears === "claim") ??
    comparisons[0]
  );
}
