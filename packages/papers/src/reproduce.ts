import type { Claim, ClaimContext, Measured, Part, PartsOptions, Scale } from "./claim.js";
import type { Comparison } from "./comparison.js";
import { type Verdict, verdictOf } from "./verdict.js";

/** What `reproduce` is asked. */
export interface ReproduceOptions extends ClaimContext, PartsOptions {
  /** Whole number from 0; 0 for the runs that are recorded. Default: 0. */
  readonly seed?: number;
  /** Parts that are finished already: they are not measured again where their settings are the same. */
  readonly known?: readonly Measured[];
  /** Called with every part as it is finished. */
  readonly finished?: (part: Measured, done: number, all: number) => void;
}

/** A claim as it came out. */
export interface Reproduction {
  readonly claim: string;
  readonly number: string;
  readonly sentence: string;
  readonly scale: Scale;
  readonly seed: number;
  readonly parts: readonly Measured[];
  readonly comparisons: readonly Comparison[];
  readonly verdict: Verdict;
  /** Parts are missing, so nothing is compared. */
  readonly interrupted: boolean;
}

/** So much is added to the seeds of all parts for every seed: no part of a claim has one as large. */
const apartSeeds = 1_000_000;

/**
 * The independent parts of a claim at a scale, with all settings: what a plan of many machines is made of.
 *
 * @example
 * const claim = { parts: () => [{ name: "one", settings: { seed: 3 } }] };
 * partsAt(claim, { scale: "quick", images: "digits", seed: 1 })[0].settings.seed // 1000003
 */
export function partsAt(
  claim: Pick<Claim, "parts">,
  { seed = 0, ...options }: PartsOptions & { readonly seed?: number },
): Part[] {
  return claim
    .parts(options)
    .map(({ name, settings }) => ({ name, settings: { ...settings, seed: settings.seed + apartSeeds * seed } }));
}

/**
 * Measures a claim part by part and compares. An interruption keeps the parts that are finished; given again as `known` they lead to the same bits as a run without one.
 *
 * Throws the signal's reason where it came before any part was finished, and whatever a measurement throws.
 */
export async function reproduce(claim: Claim, options: ReproduceOptions): Promise<Reproduction> {
  const { seed = 0, known = [], finished, signal, readData } = options;
  const context: ClaimContext = { ...options, readData: readData && remembering(readData) };
  const asked = partsAt(claim, options);
  const parts: Measured[] = [];
  for (const part of asked) {
    const measured = known.find((one) => samePart(one, part)) ?? (await measuredPart(claim, part, context));
    if (!measured) break;
    parts.push(measured);
    finished?.(measured, parts.length, asked.length);
  }
  const interrupted = parts.length < asked.length;
  if (interrupted && parts.length === 0) signal?.throwIfAborted();
  return judged(claim, { scale: options.scale, seed, parts, interrupted });
}

/** What finished parts say of a claim. */
export function judged(claim: Claim, run: Pick<Reproduction, "scale" | "seed" | "parts" | "interrupted">): Reproduction {
  const comparisons = run.interrupted ? [] : claim.compare(run.parts);
  const { id, number, sentence } = claim;
  return { claim: id, number, sentence, ...run, comparisons, verdict: run.interrupted ? "undecided" : verdictOf(comparisons) };
}

/** Nothing where an interruption came first, whose half a result would not be that of the settings. */
async function measuredPart(claim: Claim, part: Part, context: ClaimContext): Promise<Measured | undefined> {
  const { signal } = context;
  if (signal?.aborted) return undefined;
  try {
    const result = await claim.measure(part.settings, context);
    // As JSON keeps it, so that a resumed run compares the very same numbers.
    return signal?.aborted ? undefined : { ...part, result: JSON.parse(JSON.stringify(result)) };
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

/** Reads a data set once where several parts ask for the same of it one after the other. */
function remembering(read: NonNullable<ClaimContext["readData"]>): typeof read {
  let last: string | undefined;
  let images: ReturnType<typeof read> | undefined;
  return (name, options) => {
    const asked = JSON.stringify([name, options]);
    if (!images || asked !== last) images = read(name, options);
    last = asked;
    return images;
  };
}

function samePart(known: Part, part: Part): boolean {
  return known.name === part.name && JSON.stringify(known.settings) === JSON.stringify(part.settings);
}
