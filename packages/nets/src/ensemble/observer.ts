import type { AnyMetric, MetricContext, ObservedLayer } from "./metric.js";

/** What an executor tells of the networks it walks through: groups of networks, layer by layer. */
export interface Observer {
  /** A group of networks begins; its members are slots 0 to `networks - 1`. */
  begin(networks: number): void;
  observe(slot: number, layer: ObservedLayer): void;
  /** The group's networks are finished. */
  end(): void;
}

/** Shows every network to every metric; folds finished networks, in order, into `states`. */
export function metricsObserver(
  metrics: readonly AnyMetric[],
  contexts: readonly MetricContext<unknown>[],
  states: readonly unknown[],
): Observer {
  let traces: unknown[][] = [];
  return {
    begin(networks) {
      traces = Array.from({ length: networks }, () => metrics.map((metric, m) => metric.trace(contexts[m])));
    },
    observe(slot, layer) {
      const own = traces[slot];
      for (let m = 0; m < metrics.length; m++) metrics[m].observe(own[m], layer, contexts[m]);
    },
    end() {
      for (const own of traces) {
        for (let m = 0; m < metrics.length; m++) metrics[m].fold(states[m], own[m], contexts[m]);
      }
    },
  };
}
