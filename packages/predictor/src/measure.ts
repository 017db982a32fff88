import { deathDomain, ensembleInputs } from "@sonde/metrics-death";
import { type Architecture, drawnBy, planEstimate, runEstimate } from "@sonde/nets";
import type { Asked } from "./examinations/examination.js";
import { examinations } from "./examinations/list.js";
import type { Measurement, MeasureOptions } from "./measurement.js";

/** Measures everything that the verdict rests on, in one pass over random networks of an architecture. */
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
  const asked: Asked = { architecture, domain, options };
  const asking = examinations.flatMap(({ request, ...examination }) => {
    const made = request(asked);
    return made ? [{ ...examination, request: made }] : [];
  });
  const requests = asking.map(({ request }) => request);
  const plan = planEstimate(architecture, ensembleInputs(domain), requests, options);
  if (plan.work > mostWork) return undefined;
  const { states, networks, interrupted } = await runEstimate(plan, requests, options);
  const { executor } = plan;
  const run = { networks, method: drawnBy[executor], executor, interrupted };
  const records = asking.map(({ name, record }, k) => [name, record(states[k], asked, run)]);
  return { ...Object.fromEntries(records), networks, interrupted };
}
