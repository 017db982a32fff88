import type { Pathology } from "@sonde/moments";

export type Verdict = "healthy" | "at-risk" | "degenerate";

export interface Finding {
  readonly pathology: "born-dead" | "degenerate-pairs" | "vanishing-angles" | "vanishing-nodes" | Pathology["pathology"];
  readonly severity: Exclude<Verdict, "healthy">;
  /** The layer that the finding points at, from 1. */
  readonly layer: number;
  /** The measured numbers, in words. */
  readonly evidence: string;
  /** What it means and why it happens, in a sentence or two. */
  readonly explanation: string;
  readonly source: string;
}

/** The verdict over findings: the worst of them. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === "degenerate")) return "degenerate";
  return findings.length > 0 ? "at-risk" : "healthy";
}

/** A share in words. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
