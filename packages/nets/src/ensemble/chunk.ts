import { ConfigError, quote } from "@sonde/core";
import { hiddenLayers } from "../hidden-layers.js";
import { prepareExecutor } from "./executors.js";
import type { AnyMetric, MetricContext } from "./metric.js";
import { metricsObserver } from "./observer.js";
import type { EnsemblePlan, PlannedMetric } from "./plan.js";

/** One state per metric of the plan, in its order. */
export type States = unknown[];

/** Prepares a plan once and returns the function that computes the states of one chunk. */
export function prepareChunks(plan: EnsemblePlan, metrics: readonly AnyMetric[]): (chunk: number) => States {
  const contexts = metricContexts(plan);
  const execute = prepareExecutor(plan, metrics);
  return (chunk) => {
    const states = metrics.map((metric, m) => metric.empty(contexts[m]));
    const first = (plan.first ?? 0) + chunk * plan.chunk;
    execute(first, Math.min(plan.chunk, plan.networks - first), metricsObserver(metrics, contexts, states, plan));
    return states;
  };
}

/** The metrics that a plan names, in its order: out of those at hand, or from the modules that it names. */
export function planMetrics(plan: EnsemblePlan, atHand: readonly AnyMetric[]): Promise<AnyMetric[]> {
  return Promise.all(
    plan.metrics.map(async (planned) => {
      const metric = atHand.find(({ name }) => name === planned.name) ?? (await importMetric(planned));
      if (metric) return metric;
      const known = atHand.map(({ name }) => name).join(", ") || "none";
      throw new ConfigError(
        `the metric ${quote(planned.name)} is not served here, only: ${known}; pass it to serveWorker(), or name its module`,
      );
    }),
  );
}

async function importMetric({ name, module }: PlannedMetric): Promise<AnyMetric | undefined> {
  if (module === undefined) return undefined;
  const metric = Object.values(await load(module)).find((value) => isMetric(value) && value.name === name);
  if (metric) return metric as AnyMetric;
  throw new ConfigError(
    `the module ${quote(module)} exports no metric with the name ${quote(name)}: export an object with that name and the functions trace, empty, fold and merge`,
  );
}

/** What a module exports; bundlers leave the import as it is, since they cannot know the module. */
async function load(module: string): Promise<Record<string, unknown>> {
  if (!URL.canParse(module))
    throw new ConfigError(
      `a metric's module is named by a URL, got ${quote(module)}: pass new URL(${quote(module)}, import.meta.url).href`,
    );
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ module);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    throw new ConfigError(`the module ${quote(module)} cannot be loaded: ${reason}`);
  }
}

function isMetric(value: unknown): value is AnyMetric {
  const parts = ["trace", "empty", "fold", "merge"] as const;
  return typeof value === "object" && parts.every((part) => typeof (value as Partial<AnyMetric> | null)?.[part] === "function");
}

/** The context of every metric of a plan. */
export function metricContexts(plan: EnsemblePlan): MetricContext<unknown>[] {
  const layers = hiddenLayers(plan.architecture).length;
  return plan.metrics.map(({ options }) => ({ layers, points: plan.inputs.rows, options }));
}
