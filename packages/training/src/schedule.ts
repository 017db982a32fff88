import { cos, pow } from "@sonde/core/math";
import type { TrainingPlan } from "./plan.js";

/**
 * How the learning rate changes, t being the steps since the end of the warm-up and T all there are after it:
 *
 * - `constant`
 * - `step`: times factor^floor(t / every)
 * - `cosine`: times (1 + cos(pi t / T)) / 2
 */
export type Schedule =
  | { readonly name: "constant" | "cosine" }
  | { readonly name: "step"; readonly every: number; readonly factor: number };

/**
 * The learning rate of step 0, 1, 2, ...: in the warm-up `learningRate (step + 1) / warmup`, then by the schedule.
 *
 * @example
 * rateAt({ learningRate: 1, warmup: 4, schedule: { name: "constant" }, steps: 10 }, 0) // 0.25
 * rateAt({ learningRate: 1, warmup: 0, schedule: { name: "step", every: 3, factor: 0.5 }, steps: 10 }, 6) // 0.25
 */
export function rateAt(
  { learningRate, warmup, schedule, steps }: Pick<TrainingPlan, "learningRate" | "warmup" | "schedule" | "steps">,
  step: number,
): number {
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  const t = step - warmup;
  switch (schedule.name) {
    case "constant":
      return learningRate;
    case "step":
      return learningRate * pow(schedule.factor, Math.floor(t / schedule.every));
    case "cosine":
      return (learningRate * (1 + cos((Math.PI * t) / (steps - warmup)))) / 2;
  }
}
