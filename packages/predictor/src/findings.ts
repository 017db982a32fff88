import type { Measurement } from "./measure.js";
import { thresholds } from "./thresholds.js";

export type Verdict = "healthy" | "at-risk" | "degenerate";

export interface Finding {
  readonly pathology: "born-dead" | "degenerate-pairs" | "vanishing-angles";
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

/** The pathologies that a measurement shows, by the table of `thresholds`. */
export function findingsOf({ death, angles }: Measurement): Finding[] {
  const findings: Finding[] = [];
  if (death.value > thresholds.bornDead.atRisk) {
    const layers = death.layers.map(({ deadHere }) => deadHere.value);
    const layer = layers.indexOf(Math.max(...layers)) + 1;
    findings.push({
      pathology: "born-dead",
      severity: death.value > thresholds.bornDead.degenerate ? "degenerate" : "at-risk",
      layer,
      evidence: `${percent(death.value)} of ${death.networks} networks are zero at every input in some layer, most often first in layer ${layer} (${percent(layers[layer - 1])})${halfway(layers)}`,
      explanation:
        "Such a network is constant: no gradient reaches its weights up to the dead layer, so no training revives it. A layer of N ReLU units is dead at an input with probability 2^-N, and every further layer is another chance to die.",
      source: "Lu, Shin, Su, Karniadakis 2019 (arXiv 1903.06733); Rister, Rubin 2021 (arXiv 2007.06192)",
    });
  }
  const last = angles?.layers.at(-1);
  if (!angles || !last) return findings;
  if (last.degenerate > thresholds.degeneratePairs.degenerate) {
    const layer = angles.layers.findIndex(({ degenerate }) => degenerate > thresholds.degeneratePairs.degenerate) + 1;
    findings.push({
      pathology: "degenerate-pairs",
      severity: "degenerate",
      layer,
      evidence: `${percent(last.degenerate)} of the pairs of inputs cannot be told apart by direction at the last hidden layer; more than ${percent(thresholds.degeneratePairs.degenerate)} from layer ${layer} on`,
      explanation:
        "One input of the pair is mapped to zero or the two are exactly collinear, so later layers see them as the same up to scale.",
      source: "Jakub, Nica 2024 (arXiv 2302.09712)",
    });
  }
  if (last.logSin2.value < thresholds.logSin2.atRisk) {
    const layer = angles.layers.findIndex(({ logSin2 }) => logSin2.value < thresholds.logSin2.atRisk) + 1;
    findings.push({
      pathology: "vanishing-angles",
      severity: "at-risk",
      layer,
      evidence: `mean ln sin^2 of the angle between inputs is ${last.logSin2.value.toFixed(2)} at the last hidden layer (${last.angle.value.toPrecision(2)} rad), below ${thresholds.logSin2.atRisk} from layer ${layer} on`,
      explanation: "Different inputs become nearly parallel with depth, so the output layer can hardly tell them apart.",
      source: "Jakub, Nica 2023 (arXiv 2306.01513)",
    });
  }
  return findings;
}

/** By which layer half of the networks have died, if so many do. */
function halfway(deadHere: readonly number[]): string {
  let dead = 0;
  let layer = 0;
  while (dead < 0.5 && layer < deadHere.length) dead += deadHere[layer++];
  return dead >= 0.5 ? `; half of them are dead by layer ${layer}` : "";
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
