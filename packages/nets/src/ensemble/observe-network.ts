import { ConfigError, type Matrix } from "@sonde/core";
import { forward } from "../forward.js";
import { hiddenLayers } from "../hidden-layers.js";
import type { Network } from "../network.js";
import type { Observation } from "../observation.js";
import { type Tangents, tangent } from "../tangent.js";
import type { AnyMetric } from "./metric.js";
import { layerViews } from "./observed-layer.js";
import { metricsObserver } from "./observer.js";

/** A metric and what it is asked. */
export interface NetworkMetric {
  readonly metric: AnyMetric;
  readonly options: unknown;
}

/**
 * What metrics say of one given network at these points, such as a trained one: one state for each metric, as an ensemble of this network alone gives it. States merge by `metric.merge`. With `directions`, one for each
 * point, metrics see tangents, in which the statistics of batch norm are constants.
 *
 * Throws `ConfigError` for a metric that looks inside blocks, or at tangents where there are none, `ShapeError` where points or directions do not fit, `NumericalError` for activations that are not finite.
 */
export function observeNetwork(
  network: Network,
  inputs: Matrix,
  metrics: readonly NetworkMetric[],
  { directions }: { readonly directions?: Matrix } = {},
): unknown[] {
  const visiting = metrics.find(({ metric }) => metric.visit);
  if (visiting)
    throw new ConfigError(
      `the metric ${visiting.metric.name} looks inside blocks: only those of hidden layers see given networks`,
    );
  const layers = hiddenLayers(network.architecture).length;
  const contexts = metrics.map(({ options }) => ({ layers, points: inputs.rows, options }));
  const states = metrics.map(({ metric }, m) => metric.empty(contexts[m]));
  const observer = metricsObserver(
    metrics.map(({ metric }) => metric),
    contexts,
    states,
    { executor: "reference" },
  );
  const view = layerViews(network.architecture);
  observer.begin(1);
  const observe = (seen: Observation & Partial<Tangents>) =>
    observer.observe(0, view(seen.layer, seen.activations, seen.exponent, seen));
  if (directions) tangent(network, inputs, directions, { observe });
  else forward(network, inputs, { observe });
  observer.end();
  return states;
}
