import { deathDomain, ensembleInputs } from "@sonde/metrics-death";
import { type Architecture, drawnBy, planEstimate, runEstimate } from "@sonde/nets";
import type { Asked, Examination } from "./examinations/examination.js";
import { examinations } from "./examinations/list.js";
import { affordableNetworks, firstAnswer } from "./first-answer.js";
import type { Measurement, MeasureOptions } from "./measurement.js";

/** Measures everything that the verdict rests on, in one pass over random networks of an architecture. */
export async function measure(architecture: Architecture, options: MeasureOptions = {}): Promise<Measurement> {
  return (await measureWithin(architecture, options, Number.POSITIVE_INFINITY)) as Measurement;
}

/** The same with fewer networks where it takes more than `mostWork` elementary steps; where a few take several times that `undefined`, at once. */
export async function measureWithin(
  architecture: Architecture,
  options: MeasureOptions,
  mostWork: number,
): Promise<Measurement | undefined> {
  const domain = deathDomain(architecture, options);
  const asked: Asked = { architecture, domain, options, theory: mostWork === Number.POSITIVE_INFINITY };
  const asking = examinations.flatMap((examination) => {
    const made = "request" in examination ? examination.request(asked) : undefined;
    return made ? [{ ...(examination as Examination<unknown, unknown>), request: made }] : [];
  });
  const requests = asking.map(({ request }) => request);
  const whole = planEstimate(architecture, ensembleInputs(domain), requests, options);
  const cost = whole.work / whole.networks;
  const unbounded = mostWork === Number.POSITIVE_INFINITY;
  const asIs = unbounded && (options.networks !== undefined || options.relativeError !== undefined);
  const networks = asIs
    ? whole.networks
    : affordableNetworks(whole.networks, cost, unbounded ? 2 * firstAnswer.shared : mostWork);
  // The shared pass and the others are each held to it: a network whose shared pass just fits is not left out for what small ones add.
  const limit = 6 * mostWork;
  const workOfOthers = workApart(asked);
  if (Math.max(networks * cost, workOfOthers) > limit) return undefined;
  const plan = { ...whole, networks, work: networks * cost };
  const recordsApart = beginApart(asked);
  const { states, networks: finished, interrupted } = await runEstimate(plan, requests, options);
  const { executor } = plan;
  const run = { networks: finished, method: drawnBy[executor], executor, interrupted };
  const records = asking.map(({ name, record }, k) => [name, record(states[k], asked, run)]);
  return {
    ...Object.fromEntries([...records, ...(await recordsApart(interrupted))]),
    networks: finished,
    interrupted,
    work: networks * cost + workOfOthers,
  };
}

/** What the passes of single examinations take. */
function workApart(asked: Asked): number {
  return examinations.reduce((sum, examination) => sum + ("work" in examination ? (examination.work?.(asked) ?? 0) : 0), 0);
}

/** Begins the examinations that need a pass of their own: what is computed in this thread goes beside all passes of the workers, the others one after another once the records are asked for; those that were finished, if the signal ends it. */
function beginApart(asked: Asked): (interrupted: boolean) => Promise<[string, unknown][]> {
  const { signal } = asked.options;
  const all = examinations.flatMap((one) => ("measure" in one ? [one] : []));
  const measured = async ({ name, measure, instant }: (typeof all)[number]): Promise<[string, unknown][]> => {
    if (signal?.aborted && !instant) return [];
    try {
      return [[name, await measure(asked)]];
    } catch (error) {
      if (!signal?.aborted) throw error;
      return [];
    }
  };
  const beside = Promise.all(all.filter(({ inThisThread }) => inThisThread).map(measured));
  // A failure of the others comes first; that of these is not left without a handler meanwhile.
  beside.catch(() => {});
  return async (interrupted) => {
    const records: [string, unknown][] = [];
    for (const one of all) if (!one.inThisThread && (one.instant || !interrupted)) records.push(...(await measured(one)));
    return [...records, ...(await beside).flat()];
  };
}
