import type { Architecture } from "@sonde/nets";
import type { Effort } from "./effort.js";
import { attempt, bySize, type Fix } from "./fix.js";
import { remedies } from "./remedies/list.js";
import { pairsOf } from "./remedies/pairs.js";
import type { Remedy } from "./remedies/remedy.js";
import { tryChange, tryWithin } from "./try-changes.js";
import type { Vitals } from "./vitals.js";

/** Pairs of remedies that are tried. */
const mostPairs = 40;

/** The changes that make an architecture healthy, the smallest first: single remedies, those in sizes at the smallest that does, and pairs where no single one does. `compared` are all remedies tried alone. */
export async function findCures(
  architecture: Architecture,
  before: Vitals,
  compared: readonly Fix[],
  { steps, ...options }: Effort & { readonly steps: number },
): Promise<Fix[]> {
  const sized: Fix[] = [];
  for (const remedy of remedies) {
    const fix = await smallestSize(remedy, architecture, before, options);
    if (fix) sized.push(fix);
  }
  const inSizes = new Set(remedies.flatMap(({ name, sizes }) => (sizes ? [name] : [])));
  const single = [...compared.filter(({ after, remedies: [name] }) => cured(after) && !inSizes.has(name)), ...sized];
  if (single.length > 0) return single.sort(bySize);
  const { fixes: twice } = await tryWithin({ steps }, pairsOf(architecture, compared, options, mostPairs), before, options);
  return twice.filter(({ after }) => cured(after)).sort(bySize);
}

/** By bisection, the smallest size of a remedy that cures, as far as its largest does. */
async function smallestSize(
  remedy: Remedy,
  architecture: Architecture,
  before: Vitals,
  options: Effort,
): Promise<Fix | undefined> {
  const sizes = remedy.sizes?.(architecture);
  if (!sizes || sizes.count === 0) return undefined;
  const measured = (index: number) => tryChange(attempt(remedy, sizes.at(index)), before, options);
  let [low, high] = [-1, sizes.count - 1];
  let best = await measured(high);
  if (!best || !cured(best.after)) return undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const fix = await measured(middle);
    if (fix && cured(fix.after)) [high, best] = [middle, fix];
    else low = middle;
  }
  return options.signal?.aborted ? undefined : best;
}

function cured({ verdict }: Vitals): boolean {
  return verdict === "healthy";
}
