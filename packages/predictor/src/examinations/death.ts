import { type DeathRecord, type DeathState, deathRecord, deathRequest } from "@sonde/metrics-death";
import { type Architecture, layerInitialiser } from "@sonde/nets";
import { cite } from "../bibliography.js";
import { type Finding, percent } from "../finding.js";
import { thresholds } from "../thresholds.js";
import type { Examination } from "./examination.js";

/** The record of death, and whether every unit is as likely to be on as off at an input, whatever the other units are. */
export interface DoctorsDeathRecord extends DeathRecord {
  readonly fairUnits: boolean;
}

/** Is the network born dead? */
export const deathExamination: Examination<DeathState, DoctorsDeathRecord> = {
  name: "death",
  request: () => deathRequest(),
  record: (state, { architecture, domain }, { method, executor, interrupted }) => ({
    ...deathRecord(state, architecture, domain),
    fairUnits: hasFairUnits(architecture),
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

export const deathSource = `${cite("dyingRelu")}; ${cite("neuronDeath")}`;

/** What a layer that is zero at every input means. */
export const deadForGood =
  "Such a network is constant: no gradient reaches its weights up to the dead layer, so no training revives it.";

function bornDead({ value, networks, layers, fairUnits }: DoctorsDeathRecord): Finding {
  const deadHere = layers.map((layer) => layer.deadHere.value);
  const layer = deadHere.indexOf(Math.max(...deadHere)) + 1;
  return {
    pathology: "born-dead",
    severity: value > thresholds.bornDead.degenerate ? "degenerate" : "at-risk",
    layer,
    evidence: `${percent(value)} of ${networks} networks are zero at every input in some layer, most often first in layer ${layer} (${percent(deadHere[layer - 1])})${halfway(deadHere)}`,
    explanation: `${deadForGood}${
      fairUnits
        ? " A layer of N ReLU units is dead at an input with probability 2^-N, and every further layer is another chance to die."
        : ""
    }`,
    source: deathSource,
  };
}

/** Whether the signs of a layer's units are independent and fair, and nothing but ReLU follows them: then 2^-N is why layers die. */
function hasFairUnits({ layers }: Architecture): boolean {
  return layers.every((layer, index) => {
    if (layer.kind === "dense" || layer.kind === "conv") return layerInitialiser(layer).symmetry !== "none";
    if (layer.kind === "activation") return layer.activation === "relu" || index === layers.length - 1;
    return layer.kind === "flatten";
  });
}

/** By which layer half of the networks have died, if so many do. */
function halfway(deadHere: readonly number[]): string {
  let dead = 0;
  let layer = 0;
  while (dead < 0.5 && layer < deadHere.length) dead += deadHere[layer++];
  return dead >= 0.5 ? `; half of them are dead by layer ${layer}` : "";
}
