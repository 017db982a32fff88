import type { Matrix } from "@sonde/core";
import { type EnsemblePlan, type EstimationOptions, type MetricRequest, planEstimate } from "@sonde/nets";
import type { Asked } from "./examinations/examination.js";
import { lookedAt } from "./looked-at.js";

/** What a pass of its own looks at: a few networks, by the work of one, from `fewest` to as many as say no more. */
export interface Looks {
  readonly points: number;
  readonly fewest: number;
  /** With the whole budget of a diagnosis; a change is tried with as much less. */
  readonly networks: number;
  /** Of the budget. */
  readonly share: number;
}

// biome-ignore lint/suspicious/noExplicitAny: the state of a request is its examination's own affair
type AnyRequest = MetricRequest<any>;

/** A pass that is planned and not run yet. */
export interface Pass {
  readonly points: Matrix<Float64Array>;
  readonly requests: readonly AnyRequest[];
  readonly plan: EnsemblePlan;
  readonly run: EstimationOptions;
}

/** The budget of a whole diagnosis in elementary steps: a second and a half of two cores, with all that comes to it. */
export const wholeBudget = 4e9;

/** Plans a pass of its own for one request. */
export function planPass(
  asked: Asked,
  { points: most, fewest, networks, share }: Looks,
  requestOf: (points: Matrix<Float64Array>) => AnyRequest,
): Pass {
  const { architecture, options } = asked;
  const points = lookedAt(asked, most);
  const { seed, relaxed, threads, createWorker, signal, budget = wholeBudget } = options;
  const run = { seed, relaxed, threads, createWorker, signal };
  const requests = [requestOf(points)];
  const { work } = planEstimate(architecture, points, requests, { ...run, networks: 1 });
  const enough = Math.max(2 * fewest, Math.floor(networks * Math.min(1, budget / wholeBudget)));
  const drawn = Math.max(fewest, Math.min(enough, Math.floor((share * budget) / work)));
  return { points, requests, run, plan: planEstimate(architecture, points, requests, { ...run, networks: drawn }) };
}
