import type { Pathology } from "@sonde/moments";

export type Verdict = "healthy" | "at-risk" | "degenerate";

/** Everything that the doctor can find. */
export type PathologyName =
  | "input-scale"
  | "input-offset"
  | "uneven-inputs"
  | "copied-units"
  | "norm-over-one"
  | "bottleneck"
  | "born-dead"
  | "dead-layer"
  | "constant-layer"
  | "dead-units"
  | "degenerate-pairs"
  | "vanishing-angles"
  | "vanishing-nodes"
  | "vanishing-signal"
  | "exploding-signal"
  | "growing-sums"
  | "saturation"
  | "linear-layers"
  | "dead-outputs"
  | "overconfident-outputs"
  | "vanishing-gradients"
  | "exploding-gradients"
  | "hard-to-train"
  | Pathology["pathology"];

export type Severity = "note" | "at-risk" | "degenerate";

export interface Finding {
  readonly pathology: PathologyName;
  /** A note: it is there, and networks like this one train all the same. */
  readonly severity: Severity;
  /** The layer that the finding points at, from 1; 0 for the inputs, and one more than there are hidden layers for the outputs. */
  readonly layer: number;
  /** The layer's own name, where it has one: that of a recorded array. */
  readonly name?: string;
  /** The measured numbers, in words. */
  readonly evidence: string;
  /** What it means and why it happens, in a sentence or two. */
  readonly explanation: string;
  readonly source: string;
}

/** The verdict over findings: the worst of them. */
export function verdictOf(findings: readonly Pick<Finding, "severity">[]): Verdict {
  if (findings.some(({ severity }) => severity === "degenerate")) return "degenerate";
  return findings.some(({ severity }) => severity === "at-risk") ? "at-risk" : "healthy";
}

/** A share in words. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** A number in words, with three digits. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return value === Number.POSITIVE_INFINITY ? "more than 1.8e+308" : "an unknown amount";
  const short = Number(value.toPrecision(3));
  return Math.abs(short) >= 1e5 || (short !== 0 && Math.abs(short) < 1e-3) ? short.toExponential() : `${short}`;
}
