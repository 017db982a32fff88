import { type Activations, DomainError } from "@sonde/core";
import { measureUnits, type UnitOptions, type UnitRecord } from "../measure-units.js";

/** When a run is beyond help. */
export interface VniThresholds {
  /** Fewer effective nodes than this are too few. Default 2, as in Sonde's verdict; 1 never stops. */
  readonly minEffectiveNodes?: number;
  /** A VNI above this is too large, from 0 to 1. Default 1: never. */
  readonly maxVni?: number;
  /** Observations of a layer in succession beyond a threshold until the run should stop, from 1. Default 1. */
  readonly patience?: number;
}

/** What one look at one layer told. */
export interface VniObservation extends UnitRecord {
  /** Counted from 1, for each layer on its own. */
  readonly step: number;
  readonly layer: string;
  /** Why the threshold is exceeded, in a sentence. */
  readonly exceeded?: string;
  /** Whether the run should stop: a layer has exceeded a threshold `patience` times in succession. */
  readonly stop: boolean;
}

export interface VniMonitor {
  /** Looks at activations of a layer, `[points, units]`. Throws as `measureUnits` does: activations with NaN say so. */
  observe(activations: Activations, layer?: string): VniObservation;
  /** Everything observed so far, in order. */
  readonly history: readonly VniObservation[];
}

/**
 * Watches the VNI while a network trains, in any framework: call `observe` with a layer's activations on a fixed batch, and stop when it says so. What cannot be compared (all units constant) counts as exceeded, and says why.
 *
 * Throws `DomainError` for thresholds out of their range.
 *
 * @example
 * const monitor = vniMonitor({ minEffectiveNodes: 1.5 });
 * monitor.observe([[1, 2], [2, 4], [3, 6], [5, 10]], "hidden").stop // true
 */
export function vniMonitor({
  minEffectiveNodes = 2,
  maxVni = 1,
  patience = 1,
  ...options
}: VniThresholds & UnitOptions = {}): VniMonitor {
  if (!(minEffectiveNodes >= 1)) throw new DomainError(`minEffectiveNodes is a number from 1, got ${minEffectiveNodes}`);
  if (!(maxVni >= 0 && maxVni <= 1)) throw new DomainError(`maxVni is a number from 0 to 1, got ${maxVni}`);
  if (!(Number.isInteger(patience) && patience >= 1)) throw new DomainError(`patience is a whole number from 1, got ${patience}`);
  const history: VniObservation[] = [];
  const steps = new Map<string, { step: number; beyond: number }>();
  const problem = ({ vni, effectiveNodes, reason }: UnitRecord): string | undefined => {
    if (reason !== undefined) return reason;
    if (effectiveNodes < minEffectiveNodes)
      return `${effectiveNodes.toPrecision(3)} effective nodes are fewer than ${minEffectiveNodes}`;
    return vni > maxVni ? `the VNI ${vni.toPrecision(3)} is above ${maxVni}` : undefined;
  };
  return {
    history,
    observe(activations, layer = "layer") {
      const record = measureUnits(activations, options);
      const exceeded = problem(record);
      const { step, beyond } = steps.get(layer) ?? { step: 0, beyond: 0 };
      const now = { step: step + 1, beyond: exceeded === undefined ? 0 : beyond + 1 };
      steps.set(layer, now);
      const observation = {
        ...record,
        step: now.step,
        layer,
        ...(exceeded !== undefined && { exceeded }),
        stop: now.beyond >= patience,
      };
      history.push(observation);
      return observation;
    },
  };
}
