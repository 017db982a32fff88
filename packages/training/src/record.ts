import { type Estimate, proportion } from "@sonde/core";
import { hiddenLayers } from "@sonde/nets";
import type { Look } from "./look.js";
import type { Constants } from "./outcomes/constants.js";
import { type ContingencyRow, contingency, type Diagnosis, isCollapse } from "./outcomes/contingency.js";
import type { Verdict } from "./outcomes/outcome-of.js";
import { type Outcome, outcomeNames } from "./outcomes/thresholds.js";
import type { TrainingPlan } from "./plan.js";
import { type Quantiles, quantilesOver } from "./quantiles.js";

/** One network: what it was at initialisation, and what became of it. Numbers that do not exist are null. */
export interface TrainedNetwork {
  /** Its number: it was drawn from `networkStream(seed, network)`. */
  readonly network: number;
  readonly outcome: Outcome;
  readonly skill: number | null;
  readonly initialLoss: number | null;
  readonly loss: number | null;
  readonly accuracy?: number;
  readonly testLoss?: number;
  readonly testAccuracy?: number;
  /** What its outputs are everywhere, if they are constant. */
  readonly constant?: readonly number[];
  /** Whether a hidden layer was zero at every training point (of at most 4096) before training. */
  readonly bornDead: boolean;
  /** Whether one is at the end. */
  readonly dead: boolean;
  readonly diagnosis: Diagnosis;
}

/** How many units of a layer are dead, on average over networks. */
export interface DeadUnitChanges {
  readonly bornDead: number;
  /** Dead at the end, not at the start. */
  readonly died: number;
  /** Dead at the start, not at the end. */
  readonly revived: number;
}

export interface TrainedLayer {
  readonly layer: number;
  readonly label: string;
  readonly units: number;
  /** What monitors saw before and after training. */
  readonly start: Readonly<Record<string, Quantiles>>;
  readonly end: Readonly<Record<string, Quantiles>>;
  readonly deadUnits?: DeadUnitChanges;
}

export interface TrainingRecord {
  readonly runs: number;
  /** Steps done. */
  readonly steps: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** The share of each outcome, with its Wilson interval. */
  readonly shares: Readonly<Record<Outcome, Estimate>>;
  /** The share of networks that are constant at the end, wherever. */
  readonly collapsed: Estimate;
  /** The constants of the training sample, and where collapsed networks ended. */
  readonly constants: Constants & { readonly reached: Readonly<Partial<Record<Outcome, readonly Quantiles[]>>> };
  /** Networks that were dead before training, and what became of them and the others. */
  readonly bornDead: {
    readonly share: Estimate;
    readonly dead: Readonly<Record<Outcome, number>>;
    readonly alive: Readonly<Record<Outcome, number>>;
  };
  /** How the networks that are constant at the end became so. */
  readonly deaths: {
    readonly bornDead: number;
    /** Some layer is zero at every training point at the end, but none was before. */
    readonly diedInTraining: number;
    /** No layer is zero. */
    readonly constantAlive: number;
    /** Dead before, and no longer: impossible without weight decay. */
    readonly revived: number;
  };
  readonly contingency: Readonly<Record<string, readonly ContingencyRow[]>>;
  readonly layers: readonly TrainedLayer[];
  /** The norm of the loss's gradient by the parameters of each layer with weights, before and after training. */
  readonly gradientNorms: readonly { readonly start: Quantiles; readonly end: Quantiles }[];
  /** Over networks, at each step that they were looked at; what monitors see is of the last hidden layer. */
  readonly curves: {
    readonly steps: readonly number[];
    readonly loss: readonly Quantiles[];
    readonly accuracy?: readonly Quantiles[];
    readonly testLoss?: readonly Quantiles[];
    readonly testAccuracy?: readonly Quantiles[];
    readonly range: readonly Quantiles[];
    readonly gradientNorm: readonly Quantiles[];
    readonly monitors: Readonly<Record<string, readonly Quantiles[]>>;
  };
  readonly networks: readonly TrainedNetwork[];
  readonly executor: string;
  readonly interrupted: boolean;
}

/** The record of a run from its looks, `[steps][networks]`, and its verdicts. */
export function trainingRecord(
  {
    plan,
    executor,
    interrupted,
    constants,
    verdicts,
  }: {
    readonly plan: TrainingPlan;
    readonly executor: string;
    readonly interrupted: boolean;
    readonly constants: Constants;
    readonly verdicts: readonly Verdict[];
  },
  looks: readonly (readonly Look[])[],
): TrainingRecord {
  const [start] = looks;
  const end = looks[looks.length - 1];
  const networks = verdicts.map((verdict, k) => trainedNetwork(k, verdict, start[k], end[k]));
  const outcomes = networks.map(({ outcome }) => outcome);
  const runs = networks.length;
  const count = (of: (network: TrainedNetwork) => boolean) => networks.filter(of).length;
  const dead = networks.filter(({ bornDead }) => bornDead);
  const counts = countAll(outcomes);
  return {
    runs,
    steps: end[0].step,
    outcomes: counts,
    shares: byOutcome((name) => proportion(counts[name], runs)),
    collapsed: proportion(outcomes.filter(isCollapse).length, runs),
    constants: { ...constants, reached: reachedConstants(networks) },
    bornDead: {
      share: proportion(dead.length, runs),
      dead: countAll(dead.map(({ outcome }) => outcome)),
      alive: countAll(networks.flatMap(({ bornDead, outcome }) => (bornDead ? [] : [outcome]))),
    },
    deaths: {
      bornDead: count(({ outcome, bornDead }) => isCollapse(outcome) && bornDead),
      diedInTraining: count(({ outcome, bornDead, dead }) => isCollapse(outcome) && !bornDead && dead),
      constantAlive: count(({ outcome, bornDead, dead }) => isCollapse(outcome) && !bornDead && !dead),
      revived: count(({ bornDead, dead }) => bornDead && !dead),
    },
    contingency: contingency(networks),
    layers: trainedLayers(plan, start, end),
    gradientNorms: start[0].gradientNorms.map((_, p) => ({
      start: quantilesOver(start, ({ gradientNorms }) => gradientNorms[p]),
      end: quantilesOver(end, ({ gradientNorms }) => gradientNorms[p]),
    })),
    curves: curvesOf(looks),
    networks,
    executor,
    interrupted,
  };
}

function trainedNetwork(network: number, { outcome, skill, constant }: Verdict, start: Look, end: Look): TrainedNetwork {
  return {
    network,
    outcome,
    skill: orNull(skill),
    initialLoss: orNull(start.loss),
    loss: orNull(end.loss),
    ...(end.accuracy !== undefined && { accuracy: end.accuracy }),
    ...(end.testLoss !== undefined && { testLoss: end.testLoss }),
    ...(end.testAccuracy !== undefined && { testAccuracy: end.testAccuracy }),
    ...(constant && { constant }),
    bornDead: isDead(start),
    dead: isDead(end),
    diagnosis: diagnosisOf(start),
  };
}

/** What is said of a network at initialisation: at its last hidden layer, and of its gradients. */
function diagnosisOf({ layers, gradientNorms }: Look): Diagnosis {
  const last = (name: string) => layers[name]?.at(-1) ?? null;
  const first = gradientNorms[0];
  const lastNorm = gradientNorms[gradientNorms.length - 1];
  return {
    livingRatio: last("livingRatio"),
    logSin2: last("logSin2"),
    vni: last("vni"),
    weightedVni: last("weightedVni"),
    localVni: last("localVni"),
    gradientNorm: orNull(first),
    gradientRatio: lastNorm > 0 ? orNull(first / lastNorm) : null,
  };
}

function isDead({ layers }: Look): boolean {
  return layers.deadHere?.some((dead) => dead !== null && dead > 0) ?? false;
}

function trainedLayers({ architecture }: TrainingPlan, start: readonly Look[], end: readonly Look[]): TrainedLayer[] {
  return hiddenLayers(architecture).map(({ layer, label, units }) => {
    const seen = (looks: readonly Look[]) => {
      const names = new Set(looks.flatMap(({ layers }) => Object.keys(layers)));
      names.delete("deadHere");
      return Object.fromEntries([...names].map((name) => [name, quantilesOver(looks, (look) => look.layers[name]?.[layer - 1])]));
    };
    const changes = deadUnitChanges(start, end, layer - 1);
    return { layer, label, units, start: seen(start), end: seen(end), ...(changes && { deadUnits: changes }) };
  });
}

function deadUnitChanges(start: readonly Look[], end: readonly Look[], l: number): DeadUnitChanges | undefined {
  const sums = { bornDead: 0, died: 0, revived: 0 };
  let networks = 0;
  start.forEach((before, k) => {
    const [was, is] = [before.dead?.[l], end[k].dead?.[l]];
    if (!was || !is) return;
    networks++;
    was.forEach((dead, j) => {
      sums.bornDead += dead;
      sums.died += is[j] & ~dead & 1;
      sums.revived += dead & ~is[j] & 1;
    });
  });
  if (networks === 0) return undefined;
  return { bornDead: sums.bornDead / networks, died: sums.died / networks, revived: sums.revived / networks };
}

function curvesOf(looks: readonly (readonly Look[])[]): TrainingRecord["curves"] {
  const over = (value: (look: Look) => number | null | undefined) => looks.map((at) => quantilesOver(at, value));
  const has = (key: "accuracy" | "testLoss" | "testAccuracy") => looks[0].some((look) => look[key] !== undefined);
  // What is watched in between, and at the last layer.
  const names = Object.keys((looks[1] ?? looks[0]).find(({ layers }) => Object.keys(layers).length > 0)?.layers ?? {});
  return {
    steps: looks.map(([{ step }]) => step),
    loss: over(({ loss }) => loss),
    ...(has("accuracy") && { accuracy: over(({ accuracy }) => accuracy) }),
    ...(has("testLoss") && { testLoss: over(({ testLoss }) => testLoss) }),
    ...(has("testAccuracy") && { testAccuracy: over(({ testAccuracy }) => testAccuracy) }),
    range: over(({ range }) => range),
    gradientNorm: over(({ gradientNorms }) => Math.sqrt(gradientNorms.reduce((sum, norm) => sum + norm * norm, 0))),
    monitors: Object.fromEntries(
      names.filter((name) => name !== "deadHere").map((name) => [name, over(({ layers }) => layers[name]?.at(-1))]),
    ),
  };
}

/** Where collapsed networks ended, output by output. */
function reachedConstants(networks: readonly TrainedNetwork[]): Partial<Record<Outcome, Quantiles[]>> {
  const reached: Partial<Record<Outcome, Quantiles[]>> = {};
  for (const name of outcomeNames.filter(isCollapse)) {
    const ended = networks.filter(({ outcome }) => outcome === name);
    const outputs = ended[0]?.constant?.length ?? 0;
    if (outputs > 0)
      reached[name] = Array.from({ length: outputs }, (_, j) => quantilesOver(ended, ({ constant }) => constant?.[j]));
  }
  return reached;
}

function countAll(outcomes: readonly Outcome[]): Record<Outcome, number> {
  return byOutcome((name) => outcomes.filter((outcome) => outcome === name).length);
}

function byOutcome<Value>(value: (name: Outcome) => Value): Record<Outcome, Value> {
  return Object.fromEntries(outcomeNames.map((name) => [name, value(name)])) as Record<Outcome, Value>;
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
