import type { Estimate } from "@sonde/core";
import type { DeathBounds } from "../bounds/death-bounds.js";

/** P(alive) = 1 - P(born dead) between its proven bounds. */
export interface Alive {
  readonly alive: Estimate;
  readonly lower: number;
  readonly upper: number;
  /** What the bounds rest on. */
  readonly theorem: string;
}

/** The complement of an estimate of P(born dead) and its bounds. */
export function aliveOf(bornDead: Estimate, { lower, upper, theorem }: DeathBounds): Alive {
  const { value, standardError, low, high, networks } = bornDead;
  return {
    alive: { value: 1 - value, standardError, low: 1 - high, high: 1 - low, networks },
    lower: 1 - upper,
    upper: 1 - lower,
    theorem,
  };
}
