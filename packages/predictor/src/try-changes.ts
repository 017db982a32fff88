import { ConfigError } from "@sonde/core";
import type { Effort } from "./effort.js";
import { type Attempt, type Fix, fixOf } from "./fix.js";
import { measureWithin } from "./measure.js";
import { standardisedInputs } from "./remedies/inputs.js";
import { type Vitals, vitalsOf } from "./vitals.js";

/**
 * What a change would do, measured like the architecture itself; `undefined` where that is too large to be computed beside it, or the signal ended the run.
 */
export async function tryChange(attempt: Attempt, before: Vitals, options: Effort): Promise<Fix | undefined> {
  return (await tried(attempt, before, options))?.fix;
}

/** How much longer a step takes outside of the kernels, where layers are drawn from what arrives at them. */
const ofReference = 4;

/** A change and the elementary steps that it took to measure it. */
interface Tried {
  readonly fix: Fix;
  readonly work: number;
}

async function tried(attempt: Attempt, before: Vitals, { mostWork, ...options }: Effort): Promise<Tried | undefined> {
  try {
    // A change can ask for another way to draw its layers than the architecture has.
    const { architecture, standardise } = attempt;
    const inputs = standardise ? { domain: undefined, data: undefined, ...standardisedInputs(architecture, options) } : {};
    const asked = { ...options, ...inputs, method: "auto" as const, progress: undefined };
    const measured = await measureWithin(architecture, asked, mostWork);
    if (!measured || measured.interrupted) return undefined;
    const slow = measured.death.executor === "reference" ? ofReference : 1;
    return { fix: fixOf(attempt, before, vitalsOf(architecture, measured)), work: slow * measured.work };
  } catch (error) {
    // The options were good for the architecture itself: it is its change that does not fit into memory.
    if (options.signal?.aborted || error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** Elementary steps that preparing the passes of a change takes, whatever its size. */
const ofEachChange = 1e9;

/** The elementary steps that changes may take. */
interface Allowance {
  /** All of them together. */
  readonly steps: number;
  /** Where a change takes as many, one that makes the model healthy is enough, and none is begun for which too little is left. */
  readonly long?: number;
}

/** What came of changes: those that were finished, how many steps are `left`, and whether one was `long`. */
interface TriedWithin {
  readonly fixes: Fix[];
  readonly left: number;
  readonly long: boolean;
}

/** The same of many, in turn, within an allowance; the signal ends it. */
export async function tryWithin(
  { steps, long: many = Number.POSITIVE_INFINITY }: Allowance,
  attempts: Iterable<Attempt>,
  before: Vitals,
  options: Effort,
): Promise<TriedWithin> {
  const fixes: Fix[] = [];
  let [left, long] = [steps, false];
  for (const attempt of attempts) {
    if (options.signal?.aborted || left <= 0) break;
    const found = await tried(attempt, before, options);
    if (!found) continue;
    fixes.push(found.fix);
    const taken = found.work + ofEachChange;
    left -= taken;
    long ||= taken >= many;
    if (taken >= many && (left < taken || found.fix.after.verdict === "healthy")) break;
  }
  return { fixes, left, long };
}
