import { ConfigError } from "@sonde/core";
import { type Architecture, parameterCount } from "@sonde/nets";
import { findCures } from "./find-cures.js";
import { stepsOf } from "./first-answer.js";
import type { Attempt, Fix } from "./fix.js";
import { measure } from "./measure.js";
import type { Measurement, MeasureOptions } from "./measurement.js";
import { firstAttempts } from "./remedies/attempts.js";
import { sharingWorkers } from "./sharing-workers.js";
import { tryWithin } from "./try-changes.js";
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
  /** Changes that would take too long to be computed beside the architecture, in words: without `networks` all of them have half a minute of a core together, the quick ones first. */
  readonly leftOut: readonly string[];
  readonly measurement: Measurement;
  /** Whether the signal ended the search before everything was tried. */
  readonly interrupted: boolean;
}

/** Elementary steps for one change: half a second to some seconds. */
const mostWork = 5e9;

/** Elementary steps for all remedies, and for all pairs of them, where nobody says how many networks: some ten seconds of a core each. */
const mostOfAll = 1.2e11;

/**
 * The smallest change that makes an architecture healthy, and all remedies compared, each measured on the same inputs with the same seed and as many networks (fewer where they take long). Smaller is: one remedy rather than two; then
 * inputs, initialisation, output, activation, scale, normalisation, skip connections, depth, width, in this order; then fewer parameters. Remedies that come in sizes (width, depth) are searched by bisection.
 *
 * Healthy means the verdict on the estimates, see `thresholds`; how sure that is, their standard errors say.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const { smallest } = await advise(mlp("1-2x9-1"), { networks: 100, points: 64 });
 * smallest?.after.verdict // "healthy"
 */
export function advise(architecture: Architecture, options: MeasureOptions = {}): Promise<Advice> {
  return sharingWorkers(options, (shared) => advice(architecture, shared));
}

async function advice(architecture: Architecture, options: MeasureOptions): Promise<Advice> {
  const asked = { budget: 2e9, pairs: 64, ...options };
  const measurement = await measure(architecture, asked);
  const vitals = vitalsOf(architecture, measurement);
  // As many networks for every change, as far as time allows.
  const trying = { ...asked, networks: asked.networks ?? (asked.relativeError ? undefined : measurement.networks), mostWork };
  const attempts = firstAttempts(architecture, options);
  const bounded = options.networks === undefined && options.relativeError === undefined;
  const steps = bounded ? mostOfAll : Number.POSITIVE_INFINITY;
  // Quick ones first, so that most are computed.
  const cost = new Map(attempts.map((own) => [own, costOf(own, asked.points)]));
  const order = [...attempts].sort((a, b) => (cost.get(a) ?? 0) - (cost.get(b) ?? 0));
  const { fixes } = await tryWithin({ steps }, order, vitals, trying);
  const place = new Map(attempts.map(({ change }, k) => [change, k]));
  const compared = fixes.sort((a, b) => (place.get(a.change) ?? 0) - (place.get(b.change) ?? 0));
  const cures = vitals.verdict === "healthy" ? [] : await findCures(architecture, vitals, compared, { ...trying, steps });
  const [smallest] = cures;
  const interrupted = measurement.interrupted || (options.signal?.aborted ?? false);
  const done = new Set(compared.map(({ change }) => change));
  const leftOut = interrupted ? [] : attempts.map(({ change }) => change).filter((change) => !done.has(change));
  return { vitals, parameters: parameterCount(architecture), smallest, cures, compared, leftOut, measurement, interrupted };
}

/** The steps that a change takes for one network; those that do not fit into memory come last. */
function costOf({ architecture }: Attempt, points = 64): number {
  try {
    return stepsOf(architecture, points);
  } catch (error) {
    if (error instanceof ConfigError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
