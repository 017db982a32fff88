import type { Address } from "./memory.js";

/** Putting the lanes together and taking them apart. */
export interface LaneKernels {
  /** out [count][4] = values [count], the same in every lane. */
  readonly broadcast: (values: Address, count: number, out: Address) => void;
  /** out [4][count] = the lanes of values [count][4], one after the other. */
  readonly separate: (values: Address, count: number, out: Address) => void;
}

export interface LaneModule {
  broadcastLanes(values: number, count: number, out: number): void;
  separateLanes(values: number, count: number, out: number): void;
}

export function laneKernels(module: LaneModule): LaneKernels {
  return { broadcast: module.broadcastLanes, separate: module.separateLanes };
}
