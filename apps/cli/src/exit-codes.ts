import type { Verdict } from "@sonde/predictor";

/** Exit codes of the command line. */
export const exitCodes = { done: 0, found: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** What `--fail-on` may be. */
export type FailOn = "degenerate" | "at-risk" | "never";

/** Verdicts that make `check` exit with 1. */
const failing: Readonly<Record<FailOn, readonly Verdict[]>> = {
  degenerate: ["degenerate"],
  "at-risk": ["degenerate", "at-risk"],
  never: [],
};

/** The exit code of `check`. */
export function exitCodeOf(verdict: Verdict, failOn: FailOn): number {
  return failing[failOn].includes(verdict) ? exitCodes.found : exitCodes.done;
}
