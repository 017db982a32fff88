import type { RecordedActivations } from "./activations.js";
import { type DeadUnits, deadUnits } from "./dead-units.js";
import { type DormantUnits, dormantUnits } from "./dormant-units.js";
import { type LivingPoints, livingPoints } from "./living-points.js";

/** What one layer's recorded activations say of death. */
export interface ExaminedLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** The share of points alive through this layer. */
  readonly livingRatio: number;
  readonly deadUnits: DeadUnits;
  readonly dormantUnits: DormantUnits;
}

/** What the recorded activations of one network say of death. */
export interface ExaminedActivations extends Omit<LivingPoints, "livingRatio"> {
  /** Whether some layer is zero at every recorded point. */
  readonly dead: boolean;
  readonly layers: readonly ExaminedLayer[];
}

/**
 * Dead units, dormant units and living points of one network at once, from the activations of its hidden layers in order, at the same points: before training, in the middle of it or after.
 *
 * @param options.tau for `dormantUnits`, default 0.025
 * @throws what `deadUnits`, `dormantUnits` and `livingPoints` throw
 *
 * @example
 * const layers: number[][][] = [];
 * forward(randomNetwork(mlp("2-4x3-1"), stream(0)), matrixFromRows([[1, 0], [0, 1], [1, 1]]), {
 *   observe: ({ activations }) => layers.push(Array.from({ length: 3 }, (_, p) => [...row(activations, p)])),
 * });
 * examineActivations(layers).layers.length // 3
 */
export function examineActivations(
  layers: readonly RecordedActivations[],
  options: { readonly tau?: number } = {},
): ExaminedActivations {
  const { livingRatio, ...living } = livingPoints(layers);
  return {
    ...living,
    dead: living.deadLayers.length > 0,
    layers: layers.map((layer, l) => ({
      layer: l + 1,
      livingRatio: livingRatio[l],
      deadUnits: deadUnits(layer),
      dormantUnits: dormantUnits(layer, options),
    })),
  };
}
