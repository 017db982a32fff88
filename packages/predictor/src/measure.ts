import { nextTurn } from "@sonde/core";
import { deathDomain, ensembleInputs } from "@sonde/metrics-death";
import { type Architecture, drawnBy, planEstimate, runEstimate } from "@sonde/nets";
import type { Asked, Examination, SeparateExamination } from "./examinations/examination.js";
import { examinations } from "./examinations/list.js";
import { wholeBudget } from "./few-networks.js";
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
  const whole = planEstimate(architecture, ensembleInputs(domain), requests, { budget: wholeBudget, ...options });
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
  const [{ states, networks: finished, interrupted }, recordsApart] = await Promise.all([
    runEstimate(plan, requests, options),
    measureApart(asked),
  ]);
  const { executor } = plan;
  const run = { networks: finished, method: drawnBy[executor], executor, interrupted };
  const records = asking.map(({ name, record }, k) => [name, record(states[k], asked, run)]);
  return {
    ...Object.fromEntries([...records, ...recordsApart]),
    networks: finished,
    interrupted,
    work: networks * cost + workOfOthers,
  };
}

/** What the passes of single examinations take. */
function workApart(asked: Asked): number {
  return examinations.reduce((sum, examination) => sum + ("work" in examination ? (examination.work?.(asked) ?? 0) : 0), 0);
}

/** Begins the examinations that need a pass of their own, side by side, after the shared pass has its workers: they come to the others when the passes before are done. Those that were finished, if the signal ends it. */
async function measureApart(asked: Asked): Promise<[string, unknown][]> {
  await nextTurn();
  const { signal } = asked.options;
  const measured = async ({ name, measure, instant }: SeparateExamination<unknown>): Promise<[string, unknown][]> => {
    try {
      const record = await measure(asked);
      return signal?.aborted && !instant ? [] : [[name, record]];
    } catch (error) {
      if (!signal?.aborted) throw error;
      return [];
    }
  };
  return (await Promise.all(examinations.flatMap((one) => ("measure" in one ? [measured(one)] : [])))).flat();
}
