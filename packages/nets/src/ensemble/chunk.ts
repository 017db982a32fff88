import { ConfigError, quote } from "@sonde/core";
import { hiddenLayers } from "../hidden-layers.js";
import { prepareExecutor } from "./executors.js";
import type { AnyMetric, MetricContext } from "./metric.js";
import { metricsObserver } from "./observer.js";
import type { EnsemblePlan } from "./plan.js";

/** One state per metric of the plan, in its order. */
export type States = unknown[];

/** Prepares a plan once and returns the function that computes the states of one chunk. */
export function prepareChunks(plan: EnsemblePlan, metrics: readonly AnyMetric[]): (chunk: number) => States {
  const chosen = chooseMetrics(plan, metrics);
  const contexts = metricContexts(plan);
  const execute = prepareExecutor(plan);
  return (chunk) => {
    const states = chosen.map((metric, m) => metric.empty(contexts[m]));
    const first = chunk * plan.chunk;
    execute(first, Math.min(plan.chunk, plan.networks - first), metricsObserver(chosen, contexts, states));
    return states;
  };
}

/** The metrics that a plan names, out of those at hand. */
export function chooseMetrics(plan: EnsemblePlan, metrics: readonly AnyMetric[]): AnyMetric[] {
  return plan.metrics.map(({ name }) => {
    const metric = metrics.find((candidate) => candidate.name === name);
    if (metric) return metric;
    const known = metrics.map((candidate) => candidate.name).join(", ");
    throw new ConfigError(`this worker does not serve the metric ${quote(name)}, only: ${known}; pass it to serveWorker()`);
  });
}

/** The context of every metric of a plan. */
export function metricContexts(plan: EnsemblePlan): MetricContext<unknown>[] {
  const layers = hiddenLayers(plan.architecture).length;
  return plan.metrics.map(({ options }) => ({ layers, points: plan.inputs.rows, options }));
}
