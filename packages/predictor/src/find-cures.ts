import type { Architecture } from "@sonde/nets";
import { type Attempt, attempt, byEffect, bySize, type Fix } from "./fix.js";
import { different } from "./remedies/attempts.js";
import { remedies } from "./remedies/list.js";
import type { Inputs, Remedy } from "./remedies/remedy.js";
import { type Effort, tryChange, tryChanges } from "./try-changes.js";
import type { Vitals } from "./vitals.js";

/** The changes that make an architecture healthy, the smallest first: single remedies, those in sizes at the smallest that does, and pairs where no single one does. `compared` are all remedies tried alone. */
export async function findCures(
  architecture: Architecture,
  before: Vitals,
  compared: readonly Fix[],
  options: Effort,
): Promise<Fix[]> {
  const sized: Fix[] = [];
  for (const remedy of remedies) {
    const fix = await smallestSize(remedy, architecture, before, options);
    if (fix) sized.push(fix);
  }
  const inSizes = new Set(remedies.flatMap(({ name, sizes }) => (sizes ? [name] : [])));
  const single = [...compared.filter(({ after, remedies: [name] }) => cured(after) && !inSizes.has(name)), ...sized];
  if (single.length > 0) return single.sort(bySize);
  const twice = await tryChanges(pairs(architecture, compared, options), before, options);
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

/** Remedies of one family that pairs are made of, and pairs that are tried: the most promising ones. */
const most = { ofFamily: 2, pairs: 40 };

/** Attempts at two remedies of different families, of each family only the best; what rebuilds the layers goes first. */
function pairs(architecture: Architecture, compared: readonly Fix[], inputs: Inputs): Attempt[] {
  const byName = new Map(remedies.map((remedy) => [remedy.name, remedy]));
  const taken = new Map<string, number>();
  const best = [...compared].sort(byEffect).flatMap(({ remedies: [name] }) => {
    const remedy = byName.get(name);
    const already = taken.get(remedy?.family ?? "") ?? 0;
    if (!remedy || already >= most.ofFamily) return [];
    taken.set(remedy.family, already + 1);
    return [remedy];
  });
  const tried = best.flatMap((one, k) => best.slice(0, k).flatMap((two) => both(architecture, one, two, inputs) ?? []));
  return different(tried, [{ architecture }, ...compared]).slice(0, most.pairs);
}

function both(architecture: Architecture, one: Remedy, two: Remedy, inputs: Inputs): Attempt | undefined {
  if (one.family === two.family) return undefined;
  const [second, first] = remedies.indexOf(one) < remedies.indexOf(two) ? [one, two] : [two, one];
  const once = first.change(architecture, inputs);
  const twice = once && second.change(once.architecture, inputs);
  if (!twice) return undefined;
  return {
    remedies: [second, first],
    change: `${twice.change} and ${once.change}`,
    architecture: twice.architecture,
    choices: once.choices && twice.choices && { ...once.choices, ...twice.choices },
    standardise: once.standardise || twice.standardise,
  };
}

function cured({ verdict }: Vitals): boolean {
  return verdict === "healthy";
}
