import type { Architecture } from "@sonde/nets";
import { candidateChanges } from "./changes.js";
import { type Finding, findingsOf, type Verdict, verdictOf } from "./findings.js";
import { type Measurement, type MeasureOptions, measure, measureWithin } from "./measure.js";

/** The numbers that a verdict rests on. */
export interface Vitals {
  readonly verdict: Verdict;
  /** P(born dead). */
  readonly bornDead: number;
  /** Fraction of degenerate pairs at the last hidden layer. */
  readonly degenerate?: number;
  /** Mean ln sin^2 of the angle at the last hidden layer. */
  readonly logSin2?: number;
  readonly networks: number;
}

/** A change, and the numbers before and after it, computed. */
export interface Fix {
  readonly change: string;
  readonly before: Vitals;
  readonly after: Vitals;
}

export interface Diagnosis {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Changes that improve the verdict or its numbers, best first; empty for a healthy model. */
  readonly fixes: readonly Fix[];
  readonly measurement: Measurement;
}

/** The numbers of the fixes guide a choice: a tenth of a diagnosis' work shows them. */
const fixEffort = { budget: 1e9, pairs: 64 };

const severity: Record<Verdict, number> = { healthy: 0, "at-risk": 1, degenerate: 2 };

/**
 * The doctor: measures an architecture, names the pathologies with their layer, and computes what each change that may help would do.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 *
 * @example
 * const { verdict } = await diagnose(mlp("1-2x9-1"), { networks: 1000 });
 * verdict // "degenerate"
 */
export async function diagnose(architecture: Architecture, options: MeasureOptions = {}): Promise<Diagnosis> {
  const measurement = await measure(architecture, options);
  const findings = findingsOf(measurement);
  const before = vitals(measurement);
  const fixes = before.verdict === "healthy" || measurement.interrupted ? [] : await computeFixes(architecture, before, options);
  return { verdict: before.verdict, findings, fixes: fixes.filter(improves).sort(byEffect), measurement };
}

/** What each change would do; those that were finished, if the signal ends it, and without those that are too large to be computed beside the diagnosis. */
async function computeFixes(architecture: Architecture, before: Vitals, options: MeasureOptions): Promise<Fix[]> {
  const sparing = {
    ...options,
    ...fixEffort,
    networks: undefined,
    relativeError: undefined,
    method: "auto",
    progress: undefined,
  } as const;
  const fixes: Fix[] = [];
  for (const { change, architecture: changed } of candidateChanges(architecture)) {
    const result = await measureWithin(changed, sparing, 30 * fixEffort.budget).catch((error: unknown) => {
      if (options.signal?.aborted) return undefined;
      throw error;
    });
    if (options.signal?.aborted) break;
    if (result) fixes.push({ change, before, after: vitals(result) });
  }
  return fixes;
}

function vitals(measurement: Measurement): Vitals {
  const last = measurement.angles?.layers.at(-1);
  return {
    verdict: verdictOf(findingsOf(measurement)),
    bornDead: measurement.death.value,
    ...(last && { degenerate: last.degenerate, logSin2: last.logSin2.value }),
    networks: measurement.networks,
  };
}

function improves({ before, after }: Fix): boolean {
  if (severity[after.verdict] !== severity[before.verdict]) return severity[after.verdict] < severity[before.verdict];
  return burden(after) < burden(before);
}

function byEffect(a: Fix, b: Fix): number {
  return severity[a.after.verdict] - severity[b.after.verdict] || burden(a.after) - burden(b.after);
}

/** One number to rank by within a verdict: the larger of the two failing shares. */
function burden({ bornDead, degenerate = 0 }: Vitals): number {
  return Math.max(bornDead, degenerate);
}
