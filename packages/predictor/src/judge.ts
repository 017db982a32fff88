import type { Estimate } from "@sonde/core";
import type { Failure } from "./failure/failure.js";
import type { Mechanism } from "./failure/indicators.js";
import { digits, type Finding, type PathologyName, percent, type Severity, type Verdict, verdictOf } from "./finding.js";
import { thresholds } from "./thresholds.js";

/** What the probability does not excuse: what is certain for a share of the networks, however the others train; and what asks for another learning rate, since one of the recipes searched for the best and the other scales its steps. */
const unexcused: ReadonlySet<PathologyName> = new Set<PathologyName>([
  "born-dead",
  "dead-layer",
  "dead-outputs",
  "copied-units",
  "input-scale",
  "uneven-inputs",
  "overconfident-outputs",
]);

/** A verdict, and the findings as grave as they have proved to be. */
export interface Judged {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/**
 * The verdict over findings and P(fails to train), see `thresholds`. Where the probability is calibrated it decides: findings are no graver than it says (notes, where its whole interval is low), and where none is as grave, one says what drives it. Findings that are certain for
 * some networks (born dead, dead outputs, copies) or ask for another learning rate (the inputs' scale) stay as grave as they are. Where it is not known what is to be learned only a high probability counts. Outside the calibrated
 * range the worst finding decides.
 */
export function judge(findings: readonly Finding[], failure: Failure | undefined, lastLayer: number): Judged {
  if (!failure?.inRange) return { verdict: verdictOf(findings), findings };
  const probable = graded(failure);
  // What is found is excused only where the probability is low for sure.
  const gravest = probable === "note" && failure.high > thresholds.failure.atRisk ? "at-risk" : probable;
  const own = findings.map((finding) =>
    unexcused.has(finding.pathology) ? finding : { ...finding, severity: milder(finding.severity, gravest) },
  );
  const said = failure.targets || failure.value > thresholds.failure.blind ? probable : "note";
  const missed = rank[said] > 0 && own.every(({ severity }) => rank[severity] < rank[said]);
  const all = missed ? [...own, hardToTrain(failure, said, lastLayer)] : own;
  return { verdict: verdictOf(all), findings: all };
}

const rank: Record<Severity, number> = { note: 0, "at-risk": 1, degenerate: 2 };

function milder(a: Severity, b: Severity): Severity {
  return rank[a] < rank[b] ? a : b;
}

/** What the probability says: a network that only an optimiser with scaled steps can train is at risk. */
function graded({ value, momentum }: { readonly value: number; readonly momentum: Pick<Estimate, "value"> }): Severity {
  const { atRisk, degenerate, momentum: other } = thresholds.failure;
  if (value > degenerate) return "degenerate";
  return value > atRisk || momentum.value > other ? "at-risk" : "note";
}

function hardToTrain(failure: Failure, severity: Severity, lastLayer: number): Finding {
  const { value, momentum, contributions } = failure;
  const [driver] = contributions;
  const byMomentum = value <= thresholds.failure.atRisk;
  const chance = ({ value, low, high }: Pick<Estimate, "value" | "low" | "high">) =>
    `${percent(value)} (${percent(low)} to ${percent(high)})`;
  return {
    pathology: "hard-to-train",
    severity,
    layer: driver?.mechanism === "inputs" ? 0 : lastLayer,
    evidence: byMomentum
      ? `networks like it fail with a probability of ${chance(momentum)} by ${momentum.recipe}, and of ${percent(value)} by ${failure.recipe}`
      : `networks like it fail with a probability of ${chance(failure)}${driver ? `; most of it comes of ${driver.meaning}: ${digits(driver.value)}` : ""}`,
    explanation: byMomentum
      ? "Its gradients are too small or too uneven for steps of one size; Adam, which scales them, usually gets through."
      : explanations[driver?.mechanism ?? "size"],
    source: "Sonde's calibration on networks that were trained",
  };
}

/** Why networks fail by each mechanism, in a sentence. */
const explanations: Record<Mechanism, string> = {
  death: "Some of the networks pass nothing on, or get no gradient back.",
  angles: "Different inputs are nearly the same at the last layer.",
  nodes: "The units of the last layer are copies of a few.",
  signal: "What differs between inputs grows or shrinks too much on its way to the last layer.",
  saturation: "Units sit where their activation is flat.",
  linearity: "The layers are nearly linear, so that depth adds nothing to learn with.",
  gradients: "The gradients of the layers are too small or too far apart for one learning rate.",
  sensitivity: "Noise grows or shrinks beside the signal, so that the output follows the inputs too wildly or hardly at all.",
  outputs: "The outputs start too large, too small or all alike, and the first steps go into that.",
  conditioning:
    "Gradient descent moves the outputs of all inputs together (the tangent kernel is badly conditioned): it learns what they have in common, and what tells them apart only after very many steps.",
  size: "Narrow and deep networks lose what they need to learn in a few of their layers.",
  inputs: "The scale or the offset of the inputs hides what differs between them.",
};
