import type { Architecture } from "@sonde/nets";
import { type Attempt, attempt } from "../fix.js";
import { remedies } from "./list.js";

/** One attempt at every remedy that applies to an architecture. */
export function firstAttempts(architecture: Architecture): Attempt[] {
  return remedies.flatMap((remedy) => {
    const change = remedy.change(architecture);
    return change ? [attempt(remedy, change)] : [];
  });
}
