import type { EnsemblePlan } from "@sonde/nets";

/** How many networks a pass of its own looks at, by the work of one: a share of the diagnosis' budget, from `fewest` to as many as say no more. */
export interface Looks {
  readonly fewest: number;
  /** With the whole budget of a diagnosis; a change is tried with as much less. */
  readonly networks: number;
  readonly share: number;
}

/** The budget of a whole diagnosis in elementary steps. */
export const wholeBudget = 1e10;

/** The number of networks for a pass whose plan for one network is known. */
export function fewNetworks({ fewest, networks, share }: Looks, one: EnsemblePlan, budget = wholeBudget): number {
  const most = Math.max(2 * fewest, Math.floor(networks * Math.min(1, budget / wholeBudget)));
  return Math.max(fewest, Math.min(most, Math.floor((share * budget) / one.work)));
}
