import type { MomentsState } from "./metric.js";

/** What is known after some networks, and all that a later run of the same request needs to go on. */
export interface Checkpoint {
  readonly state: MomentsState;
  readonly networks: number;
}
