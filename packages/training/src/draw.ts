import { type Network, networkStream, randomNetwork } from "@sonde/nets";
import type { TrainingPlan } from "./plan.js";

/** Network k of a plan before training: the one that an ensemble of the same seed draws. Initialisers that look at data see the training points. */
export function initialNetwork(
  { architecture, inputs, seed }: Pick<TrainingPlan, "architecture" | "inputs" | "seed">,
  k: number,
): Network {
  return randomNetwork(architecture, networkStream(seed, k), { inputs });
}
