import { type DeathRecord, type DeathState, deathRecord, deathRequest } from "@sonde/metrics-death";
import { type Finding, percent } from "../finding.js";
import { thresholds } from "../thresholds.js";
import type { Examination } from "./examination.js";

/** Is the network born dead? */
export const deathExamination: Examination<DeathState, DeathRecord> = {
  name: "death",
  request: () => deathRequest(),
  record: (state, { architecture, domain }, { method, executor, interrupted }) => ({
    ...deathRecord(state, architecture, domain),
    method,
    executor,
    interrupted,
  }),
  findings: (death) => (death.value > thresholds.bornDead.atRisk ? [bornDead(death)] : []),
  vitals: ({ value, standardError, low, high, networks, layers }) => ({
    bornDead: { value, standardError, low, high, networks },
    livingRatio: layers.at(-1)?.livingRatio,
  }),
};

function bornDead({ value, networks, layers }: DeathRecord): Finding {
  const deadHere = layers.map((layer) => layer.deadHere.value);
  const layer = deadHere.indexOf(Math.max(...deadHere)) + 1;
  return {
    pathology: "born-dead",
    severity: value > thresholds.bornDead.degenerate ? "degenerate" : "at-risk",
    layer,
    evidence: `${percent(value)} of ${networks} networks are zero at every input in some layer, most often first in layer ${layer} (${percent(deadHere[layer - 1])})${halfway(deadHere)}`,
    explanation:
      "Such a network is constant: no gradient reaches its weights up to the dead layer, so no training revives it. A layer of N ReLU units is dead at an input with probability 2^-N, and every further layer is another chance to die.",
    source: "Lu, Shin, Su, Karniadakis 2019 (arXiv 1903.06733); Rister, Rubin 2021 (arXiv 2007.06192)",
  };
}

/** By which layer half of the networks have died, if so many do. */
function halfway(deadHere: readonly number[]): string {
  let dead = 0;
  let layer = 0;
  while (dead < 0.5 && layer < deadHere.length) dead += deadHere[layer++];
  return dead >= 0.5 ? `; half of them are dead by layer ${layer}` : "";
}
