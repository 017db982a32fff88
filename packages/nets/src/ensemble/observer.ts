import { type LivingTrace, livingTrace, watchLiving } from "./living.js";
import type { AnyMetric, Living, MetricContext, ObservedGradient, ObservedLayer, ObservedPlace } from "./metric.js";
import type { EnsemblePlan, Executor } from "./plan.js";

/** What an executor tells of the networks it walks through: groups of networks, layer by layer. */
export interface Observer {
  /** A group of networks begins; its members are slots 0 to `networks - 1`. */
  begin(networks: number): void;
  observe(slot: number, layer: ObservedLayer): void;
  visit(slot: number, place: ObservedPlace): void;
  backward(slot: number, gradient: ObservedGradient): void;
  /** The group's networks are finished. */
  end(found?: { living?: (slot: number) => Living; conditional?: readonly number[] }): void;
}

/** What metrics ask of an executor. */
export interface Demands {
  /** Whether some metric watches layers. */
  readonly watches: boolean;
  /** Whether some metric looks everywhere. */
  readonly visits: boolean;
  /** Whether some metric looks at gradients. */
  readonly backward: boolean;
  /** Whether some metric needs living points. */
  readonly living: boolean;
  /** Whether some metric looks behind the last hidden layer too, up to the outputs. */
  readonly outputs: boolean;
}

/** What these metrics ask of an executor. */
export function demandsOf(metrics: readonly AnyMetric[]): Demands {
  return {
    watches: metrics.some(({ observe }) => observe !== undefined),
    visits: metrics.some(({ visit }) => visit !== undefined),
    backward: metrics.some(({ backward }) => backward !== undefined),
    living: metrics.some(({ needs }) => needs?.includes("living")),
    outputs: metrics.some(({ needs }) => needs?.includes("outputs")),
  };
}

/** Executors that work living points out themselves, or need none. */
const findLiving: readonly Executor[] = ["kernels", "law", "survivors", "breakpoints"];

/** Shows every network to every metric; folds finished networks, in order, into `states`. */
export function metricsObserver(
  metrics: readonly AnyMetric[],
  contexts: readonly MetricContext<unknown>[],
  states: readonly unknown[],
  { shares, executor }: Pick<EnsemblePlan, "shares" | "executor">,
): Observer {
  const watching = metrics.flatMap((metric, m) => (metric.observe ? [m] : []));
  const { living } = demandsOf(metrics);
  const layers = contexts[0]?.layers ?? 0;
  const points = contexts[0]?.points ?? 0;
  const watchesLiving = living && !findLiving.includes(executor);
  // Small networks come by the million: no closures and no new arrays for each.
  const traces: unknown[][] = [];
  const livingTraces: LivingTrace[] = [];
  let members = 0;
  return {
    begin(networks) {
      members = networks;
      for (let slot = 0; slot < networks; slot++) {
        traces[slot] ??= [];
        for (let m = 0; m < metrics.length; m++) traces[slot][m] = metrics[m].trace(contexts[m]);
        if (watchesLiving) livingTraces[slot] = livingTrace(layers, points);
      }
    },
    observe(slot, layer) {
      for (const m of watching) metrics[m].observe?.(traces[slot][m], layer, contexts[m]);
      if (watchesLiving) watchLiving(livingTraces[slot], layer, shares);
    },
    visit(slot, place) {
      for (let m = 0; m < metrics.length; m++) metrics[m].visit?.(traces[slot][m], place, contexts[m]);
    },
    backward(slot, gradient) {
      for (let m = 0; m < metrics.length; m++) metrics[m].backward?.(traces[slot][m], gradient, contexts[m]);
    },
    end({ living: found, conditional } = {}) {
      for (let slot = 0; slot < members; slot++) {
        const network = { living: living ? (found?.(slot) ?? livingTraces[slot]) : undefined, conditional };
        for (let m = 0; m < metrics.length; m++) metrics[m].fold(states[m], traces[slot][m], contexts[m], network);
      }
    },
  };
}
