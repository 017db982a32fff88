import { type LivingTrace, livingTrace, watchLiving } from "./living.js";
import type { AnyMetric, Living, MetricContext, ObservedLayer } from "./metric.js";
import type { EnsemblePlan } from "./plan.js";

/** What an executor tells of the networks it walks through: groups of networks, layer by layer. */
export interface Observer {
  /** Whether anything looks at layers. If not, `observe` need not be called. */
  readonly watches: boolean;
  /** Whether living points are wanted. An executor that works them out itself passes them to `end`, and `observe` is then for metrics that watch layers only. */
  readonly living: boolean;
  /** A group of networks begins; its members are slots 0 to `networks - 1`. */
  begin(networks: number): void;
  observe(slot: number, layer: ObservedLayer): void;
  /** The group's networks are finished. */
  end(found?: { living?: (slot: number) => Living; conditional?: readonly number[] }): void;
}

/** Shows every network to every metric; folds finished networks, in order, into `states`. */
export function metricsObserver(
  metrics: readonly AnyMetric[],
  contexts: readonly MetricContext<unknown>[],
  states: readonly unknown[],
  { shares }: Pick<EnsemblePlan, "shares">,
): Observer {
  const watching = metrics.flatMap((metric, m) => (metric.observe ? [m] : []));
  const living = metrics.some(({ needs }) => needs?.includes("living"));
  const layers = contexts[0]?.layers ?? 0;
  const points = contexts[0]?.points ?? 0;
  const watchesLiving = living;
  let traces: unknown[][] = [];
  let livingTraces: LivingTrace[] = [];
  return {
    watches: watching.length > 0 || watchesLiving,
    living,
    begin(networks) {
      traces = Array.from({ length: networks }, () => metrics.map((metric, m) => metric.trace(contexts[m])));
      if (watchesLiving) livingTraces = Array.from({ length: networks }, () => livingTrace(layers, points));
    },
    observe(slot, layer) {
      for (const m of watching) metrics[m].observe?.(traces[slot][m], layer, contexts[m]);
      if (watchesLiving) watchLiving(livingTraces[slot], layer, shares);
    },
    end({ living: found, conditional } = {}) {
      traces.forEach((own, slot) => {
        const network = { living: living ? (found?.(slot) ?? livingTraces[slot]) : undefined, conditional };
        for (let m = 0; m < metrics.length; m++) metrics[m].fold(states[m], own[m], contexts[m], network);
      });
    },
  };
}
