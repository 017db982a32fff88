import { ConfigError, ShapeError } from "@sonde/core";
import { type Activations, activationsOf, type RecordedActivations } from "./activations.js";

/** Which recorded points live through a network. */
export interface LivingPoints {
  readonly points: number;
  /** The share of points alive through each layer, at index layer - 1: every layer so far has a unit that is not zero there. */
  readonly livingRatio: readonly number[];
  /** Whether each point is alive through all layers. */
  readonly alive: readonly boolean[];
  /** Layers, from 1, that are zero at every point: with any, the network is dead on these points. */
  readonly deadLayers: readonly number[];
  /** Whether no single point is alive through all layers. With biases a network can be without dead layers and without living points. */
  readonly noLivingPoint: boolean;
}

/**
 * The points that are alive through all hidden layers of one network, from its recorded activations: one array `[points, units]` or `[points, ...positions, channels]` for each hidden layer, in order,
 * at the same points.
 *
 * @throws ShapeError or ConfigError for what are no activations, no layers, or different numbers of points
 * @see Rister and Rubin, arXiv 2007.06192
 *
 * @example
 * livingPoints([[[1, 0], [0, 0]], [[0], [2]]]) // { points: 2, livingRatio: [0.5, 0], alive: [false, false], deadLayers: [], noLivingPoint: true }
 */
export function livingPoints(layers: readonly RecordedActivations[]): LivingPoints {
  if (layers.length === 0) throw new ConfigError("living points need the activations of at least one hidden layer, got none");
  let alive: boolean[] | undefined;
  const livingRatio: number[] = [];
  const deadLayers: number[] = [];
  layers.forEach((layer, l) => {
    const activations = activationsOf(layer);
    const here = alivePoints(activations);
    if (alive && alive.length !== here.length)
      throw new ShapeError(
        `all layers need the same points, but layer 1 has ${alive.length} and layer ${l + 1} has ${here.length}: record them together`,
      );
    alive = alive ? alive.map((lives, p) => lives && here[p]) : here;
    if (!here.includes(true)) deadLayers.push(l + 1);
    livingRatio.push(alive.reduce((count, lives) => count + (lives ? 1 : 0), 0) / alive.length);
  });
  const through = alive ?? [];
  return { points: through.length, livingRatio, alive: through, deadLayers, noLivingPoint: !through.includes(true) };
}

function alivePoints({ points, positions, units, data }: Activations): boolean[] {
  const size = positions * units;
  return Array.from({ length: points }, (_, p) => {
    for (let k = p * size; k < (p + 1) * size; k++) if (data[k] !== 0) return true;
    return false;
  });
}
