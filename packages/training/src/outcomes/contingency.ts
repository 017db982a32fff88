import { type Estimate, proportion, quantiles } from "@sonde/core";
import { type Outcome, outcomeNames } from "./thresholds.js";

/** A network's diagnosis at initialisation, by the names of the quantities; null where one does not exist. */
export type Diagnosis = Readonly<Record<string, number | null>>;

/** Networks whose diagnosis was alike, and what became of them. */
export interface ContingencyRow {
  /** The values of the quantity that they have, both included. */
  readonly from: number;
  readonly to: number;
  readonly networks: number;
  readonly outcomes: Partial<Record<Outcome, number>>;
  /** The share that learned, with its Wilson interval. */
  readonly learned: Estimate;
  /** The share that is constant, wherever. */
  readonly collapsed: Estimate;
}

const collapses: readonly Outcome[] = ["collapsedMean", "collapsedMedian", "collapsedOther"];

/** Networks with a value that a quantity needs to be told of. */
const fewest = 8;

/** Whether it is one of the three ways to be constant. */
export function isCollapse(outcome: Outcome): boolean {
  return collapses.includes(outcome);
}

/** So many networks of each outcome; those that did not happen are left out. */
function countOutcomes(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const name of outcomeNames) {
    const count = outcomes.filter((outcome) => outcome === name).length;
    if (count > 0) counts[name] = count;
  }
  return counts;
}

/**
 * What became of networks by what the diagnosis at initialisation said of each: for every quantity its values in up to four groups of about equal size, from the smallest. Networks without a value are left
 * out, and quantities that fewer than 8 networks have or all share.
 */
export function contingency(
  networks: readonly { readonly diagnosis: Diagnosis; readonly outcome: Outcome }[],
): Record<string, ContingencyRow[]> {
  const names = new Set(networks.flatMap(({ diagnosis }) => Object.keys(diagnosis)));
  const tables: Record<string, ContingencyRow[]> = {};
  for (const name of names) {
    const known = networks.flatMap(({ diagnosis, outcome }) => {
      const value = diagnosis[name];
      return value === null || !Number.isFinite(value) ? [] : [{ value, outcome }];
    });
    const groups = groupsOf(known);
    if (groups.length > 1) tables[name] = groups.map(rowOf);
  }
  return tables;
}

interface Known {
  readonly value: number;
  readonly outcome: Outcome;
}

/** Split at the quartiles; equal values stay together. */
function groupsOf(known: readonly Known[]): Known[][] {
  if (known.length < fewest) return [];
  const edges = [
    ...new Set(
      quantiles(
        known.map(({ value }) => value),
        [0.25, 0.5, 0.75],
      ),
    ),
  ];
  const groups = Array.from({ length: edges.length + 1 }, (): Known[] => []);
  for (const one of known) groups[edges.filter((edge) => one.value > edge).length].push(one);
  return groups.filter((group) => group.length > 0);
}

function rowOf(group: readonly Known[]): ContingencyRow {
  const values = group.map(({ value }) => value);
  const outcomes = group.map(({ outcome }) => outcome);
  const share = (of: (outcome: Outcome) => boolean) => proportion(outcomes.filter(of).length, group.length);
  return {
    from: values.reduce((low, value) => Math.min(low, value)),
    to: values.reduce((high, value) => Math.max(high, value)),
    networks: group.length,
    outcomes: countOutcomes(outcomes),
    learned: share((outcome) => outcome === "learned"),
    collapsed: share(isCollapse),
  };
}
