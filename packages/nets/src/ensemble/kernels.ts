import type { Execute } from "./executors.js";
import type { EnsemblePlan } from "./plan.js";

export const kernelActivations: ReadonlySet<string> = new Set();

export function kernelsExecutor(_plan: EnsemblePlan): Execute {
  throw new TypeError("not yet");
}
