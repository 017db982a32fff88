import { ConfigError } from "@sonde/core";
import type { Effort } from "./effort.js";
import { type Attempt, type Fix, fixOf } from "./fix.js";
import { measureWithin } from "./measure.js";
import { standardisedInputs } from "./remedies/inputs.js";
import { type Vitals, vitalsOf } from "./vitals.js";

/**
 * What a change would do, measured like the architecture itself; `undefined` where that is too large to be computed beside it, or the signal ended the run.
 */
export async function tryChange(attempt: Attempt, before: Vitals, { mostWork, ...options }: Effort): Promise<Fix | undefined> {
  try {
    // A change can ask for another way to draw its layers than the architecture has.
    const { architecture, standardise } = attempt;
    const inputs = standardise ? { domain: undefined, data: undefined, ...standardisedInputs(architecture, options) } : {};
    const asked = { ...options, ...inputs, method: "auto" as const, progress: undefined };
    const measured = await measureWithin(architecture, asked, mostWork);
    return measured && !measured.interrupted ? fixOf(attempt, before, vitalsOf(measured)) : undefined;
  } catch (error) {
    // The options were good for the architecture itself: it is its change that does not fit into memory.
    if (options.signal?.aborted || error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** The same of many; those that were finished, if the signal ends it. */
export async function tryChanges(attempts: Iterable<Attempt>, before: Vitals, options: Effort): Promise<Fix[]> {
  const fixes: Fix[] = [];
  for (const attempt of attempts) {
    if (options.signal?.aborted) break;
    const fix = await tryChange(attempt, before, options);
    if (fix) fixes.push(fix);
  }
  return fixes;
}
