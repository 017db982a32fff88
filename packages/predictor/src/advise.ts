import { type Architecture, parameterCount } from "@sonde/nets";
import { type Attempt, attempt, byEffect, bySize, type Fix } from "./fix.js";
import { measure } from "./measure.js";
import type { Measurement, MeasureOptions } from "./measurement.js";
import { firstAttempts } from "./remedies/first-attempts.js";
import { remedies } from "./remedies/list.js";
import type { Remedy } from "./remedies/remedy.js";
import { type Effort, tryChange, tryChanges } from "./try-changes.js";
import { type Vitals, vitalsOf } from "./vitals.js";

/** What would make an architecture healthy. */
export interface Advice {
  readonly vitals: Vitals;
  /** Trainable values of the architecture as it is. */
  readonly parameters: number;
  /** The smallest change that makes it healthy; absent where it is healthy already, and where nothing that was tried does. */
  readonly smallest?: Fix;
  /** Changes that make it healthy, the smallest first: of a remedy in sizes the smallest size, and pairs of remedies only where no single one is enough. */
  readonly cures: readonly Fix[];
  /** Every remedy that applies, tried alone, whether it helps or not. */
  readonly compared: readonly Fix[];
  /** Changes that are too large to be computed beside the architecture, in words. */
  readonly leftOut: readonly string[];
  readonly measurement: Measurement;
  /** Whether the signal ended the search before everything was tried. */
  readonly interrupted: boolean;
}

/** Elementary steps for one change: half a second to some seconds. */
const mostWork = 5e9;

/**
 * The smallest change that makes an architecture healthy, and all remedies compared, each measured on the same inputs with the same seed and as many networks (fewer where they take long). Smaller is: one remedy rather than two; then
 * initialisation, activation, normalisation, skip connections, depth, width, in this order; then fewer parameters. Remedies that come in sizes (width, depth) are searched by bisection.
 *
 * Healthy means the verdict on the estimates, see `thresholds`; how sure that is, their standard errors say.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const { smallest } = await advise(mlp("1-2x9-1"), { networks: 400 });
 * smallest?.after.verdict // "healthy"
 */
export async function advise(architecture: Architecture, options: MeasureOptions = {}): Promise<Advice> {
  const asked = { budget: 2e9, pairs: 64, ...options };
  const measurement = await measure(architecture, asked);
  const vitals = vitalsOf(measurement);
  // As many networks for every change, as far as time allows.
  const trying = { ...asked, networks: asked.networks ?? (asked.relativeError ? undefined : measurement.networks), mostWork };
  const attempts = firstAttempts(architecture);
  const compared = await tryChanges(attempts, vitals, trying);
  const cures = vitals.verdict === "healthy" ? [] : await findCures(architecture, vitals, compared, trying);
  const [smallest] = cures;
  const interrupted = measurement.interrupted || (options.signal?.aborted ?? false);
  const done = new Set(compared.map(({ change }) => change));
  const leftOut = interrupted ? [] : attempts.map(({ change }) => change).filter((change) => !done.has(change));
  return { vitals, parameters: parameterCount(architecture), smallest, cures, compared, leftOut, measurement, interrupted };
}

async function findCures(architecture: Architecture, before: Vitals, compared: readonly Fix[], options: Effort): Promise<Fix[]> {
  const sized: Fix[] = [];
  for (const remedy of remedies) {
    const fix = await smallestSize(remedy, architecture, before, options);
    if (fix) sized.push(fix);
  }
  const inSizes = new Set(remedies.flatMap(({ name, sizes }) => (sizes ? [name] : [])));
  const single = [...compared.filter(({ after, remedies: [name] }) => cured(after) && !inSizes.has(name)), ...sized];
  if (single.length > 0) return single.sort(bySize);
  const pairs = await tryChanges(pairsOfBest(architecture, compared), before, options);
  return pairs.filter(({ after }) => cured(after)).sort(bySize);
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

/** Attempts at two remedies of different families, each the best of its family alone; what rebuilds the layers goes first. */
function pairsOfBest(architecture: Architecture, compared: readonly Fix[]): Attempt[] {
  const best = new Map<string, Remedy>();
  for (const {
    remedies: [name],
  } of [...compared].sort(byEffect)) {
    const remedy = remedies.find((candidate) => candidate.name === name);
    if (remedy && !best.has(remedy.family)) best.set(remedy.family, remedy);
  }
  const chosen = remedies.filter((remedy) => best.get(remedy.family) === remedy).reverse();
  return chosen.flatMap((first, k) => chosen.slice(k + 1).flatMap((second) => both(architecture, first, second) ?? []));
}

function both(architecture: Architecture, first: Remedy, second: Remedy): Attempt | undefined {
  const once = first.change(architecture);
  const twice = once && second.change(once.architecture);
  return twice && { remedies: [second, first], change: `${twice.change} and ${once.change}`, architecture: twice.architecture };
}

function cured({ verdict }: Vitals): boolean {
  return verdict === "healthy";
}
