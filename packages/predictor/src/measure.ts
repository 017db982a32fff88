import { type AnglesRecord, type AnglesState, anglesRecord, anglesRequest } from "@sonde/metrics-correlation";
import {
  type DeathProbabilityOptions,
  type DeathRecord,
  type DeathState,
  deathDomain,
  deathRecord,
  deathRequest,
  ensembleInputs,
} from "@sonde/metrics-death";
import { type Architecture, drawnBy, planEstimate, runEstimate } from "@sonde/nets";

/** `relativeError` is about P(born dead). */
export interface MeasureOptions extends DeathProbabilityOptions {
  /** Pairs of points whose angle is measured, see `measureAngles`. Default 256. */
  readonly pairs?: number;
}

/** What is known of an architecture after one pass over an ensemble. */
export interface Measurement {
  readonly death: DeathRecord;
  /** Absent where the inputs are a single point or ray, which has no angles. */
  readonly angles?: AnglesRecord;
  readonly networks: number;
  readonly interrupted: boolean;
}

/** Measures death and angles of an architecture in one pass. */
export async function measure(architecture: Architecture, options: MeasureOptions = {}): Promise<Measurement> {
  return (await measureWithin(architecture, options, Number.POSITIVE_INFINITY)) as Measurement;
}

/** The same, unless it takes more than `mostWork` elementary steps: then `undefined`, at once. */
export async function measureWithin(
  architecture: Architecture,
  options: MeasureOptions,
  mostWork: number,
): Promise<Measurement | undefined> {
  const domain = deathDomain(architecture, options);
  const { inputs } = domain;
  const requests = [deathRequest(), ...(inputs.rows >= 2 ? [anglesRequest(architecture, inputs, options)] : [])];
  const plan = planEstimate(architecture, ensembleInputs(domain), requests, options);
  if (plan.work > mostWork) return undefined;
  const { states, networks, interrupted } = await runEstimate(plan, requests, options);
  const { executor } = plan;
  const drawn = { method: drawnBy[executor], executor, interrupted };
  return {
    death: { ...deathRecord(states[0] as DeathState, architecture, domain), ...drawn },
    angles: states[1] ? anglesRecord(states[1] as AnglesState, { networks, ...drawn }) : undefined,
    networks,
    interrupted,
  };
}
