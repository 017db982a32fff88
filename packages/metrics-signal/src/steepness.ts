import { activation as activationOf } from "@sonde/core";

/** How steep an activation can be. */
export interface Steepness {
  /** The largest |phi'|; absent where it has no bound (`exp`) or there is no slope at all (`sign`). */
  readonly largest?: number;
  /** Whether phi' goes to 0 on both sides, so that large pre-activations of either sign stop gradients. */
  readonly saturates: boolean;
}

/** Where slopes are looked for, and how finely. */
const reach = 16;
const step = 1 / 64;

/** Pre-activations that are large for every activation, and the share of the largest slope that is nothing there. */
const far = [50, 100];
const nothing = 1e-2;

/**
 * The largest slope of an activation, found on a grid and refined, and whether it saturates.
 *
 * @example
 * steepness("tanh") // { "largest": 1.00..., "saturates": true }
 * steepness("relu") // { "largest": 1, "saturates": false }
 * steepness("gelu").largest // 1.128904...
 * steepness("exp").largest // undefined
 */
export function steepness(name: string): Steepness {
  const { derivative } = activationOf(name);
  const slope = (z: number) => Math.abs(derivative(z));
  let best = 0;
  let at = 0;
  for (let z = -reach; z <= reach; z += step) if (slope(z) > best) [best, at] = [slope(z), z];
  const farther = Math.max(...far.flatMap((z) => [slope(z), slope(-z)]));
  if (best === 0) return { saturates: false };
  if (farther > 2 * best) return { saturates: false };
  return { largest: refined(slope, at, best), saturates: farther < nothing * best };
}

/** The maximum near the best point of the grid, by halving the step. */
function refined(slope: (z: number) => number, start: number, value: number): number {
  let [at, best] = [start, value];
  for (let h = step / 2; h > 1e-9; h /= 2) for (const z of [at - h, at + h]) if (slope(z) > best) [at, best] = [z, slope(z)];
  return best;
}
