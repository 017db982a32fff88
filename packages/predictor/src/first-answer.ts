import { ConfigError, type Matrix } from "@sonde/core";
import { type Architecture, planEstimate, size, worthWorkers } from "@sonde/nets";

/** Elementary steps (of about a tenth of a nanosecond) that a first answer takes in one pass: a few seconds of one core. */
export const firstAnswer = { shared: 1.25e10, apart: 6e9 };

/** Networks without which nothing is worth saying, and of those that take long. */
const fewestNetworks = { usual: 16, large: 8 };

/** Networks that are drawn at most where nothing is said. */
const mostNetworks = 10_000;

/** Points below which a first answer does not go. */
const fewestPoints = 32;

/**
 * The points on which a first answer about an architecture is found in seconds: `most`, or half as many as often as 16 networks take too long or too much memory on them. It follows from shapes alone.
 *
 * @example
 * affordablePoints(mlp("64-64x8-10"), 512) // 512
 */
export function affordablePoints(architecture: Architecture, most: number): number {
  let points = most;
  while (points > fewestPoints && !isAffordable(architecture, points)) points = Math.max(fewestPoints, Math.floor(points / 2));
  return points;
}

/**
 * Whether the networks of a first answer on so many points are sure to be drawn by workers. It follows from shapes alone.
 *
 * @example
 * asksWorkers(mlp("64-128x10-10"), 512) // true
 * asksWorkers(mlp("2-8x3-1"), 4) // false
 */
export function asksWorkers(architecture: Architecture, points: number, networks = mostNetworks): boolean {
  try {
    return networks * stepsOf(architecture, points) > worthWorkers;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

function isAffordable(architecture: Architecture, points: number): boolean {
  try {
    return fewestNetworks.usual * stepsOf(architecture, points) <= firstAnswer.shared;
  } catch (error) {
    // Too many values for the memory.
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** The steps of one network on so many points. */
export function stepsOf(architecture: Architecture, points: number): number {
  const zeros = { rows: points, cols: size(architecture.input), data: new Float64Array(0) } satisfies Matrix;
  return planEstimate(architecture, zeros, [], { networks: 1, method: "weights" }).work;
}

/** How many networks fit into so many steps, from `fewestNetworks.large` on. */
export function affordableNetworks(most: number, steps: number, budget: number): number {
  return Math.min(most, Math.max(fewestNetworks.large, Math.floor(budget / steps)));
}
