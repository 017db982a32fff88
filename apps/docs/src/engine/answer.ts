import { checkArchitecture, firstPoints, type Inputs } from "@sonde/checkup";
import { modelWarnings, settingsOf } from "@sonde/checkup/asked";
import { type AnglesRecord, growAngles } from "@sonde/metrics-correlation";
import { type DeathRecord, growDeathProbability } from "@sonde/metrics-death";
import { growMoments, type MomentsRecord } from "@sonde/moments";
import { type Architecture, size } from "@sonde/nets";
import { type Diagnosis, type Fix, measure, verdictOn } from "@sonde/predictor";
import { type AnglePrediction, predictAngles } from "@sonde/predictor/angles";
import type { CheckRecord } from "@sonde/report";
import { defaultVniPoints, measureVni, type VniRecord } from "@sonde/vni";
import { architectureOf } from "../settings/architecture.js";
import { dataOption } from "../settings/data-option.js";
import { fixedSettings } from "../settings/fixed.js";
import type { Settings } from "../settings/settings.js";
import { notation } from "../settings/sizes.js";
import { checkRecord, failOn } from "./check-record.js";
import { askedOf, type FetchDigits, inputsOf, linePoints } from "./inputs.js";
import type { Question, Subject } from "./protocol.js";
import { growRegion, type Region } from "./region.js";

/** A change that helps, and the settings that it leads to where the controls can say it. */
export interface Change {
  readonly fix: Fix;
  readonly settings?: Settings;
}

/** What is known of the verdict; `changes` and the record of `sonde check` are absent until changes have been tried too. */
interface VerdictAnswer extends Pick<Diagnosis, "verdict" | "failure" | "findings" | "measurement"> {
  readonly changes?: readonly Change[];
  readonly record?: CheckRecord;
}

/** Records by what was asked. */
interface Answers {
  readonly death: DeathRecord;
  readonly predict: AnglePrediction;
  readonly angles: AnglesRecord;
  readonly nodes: VniRecord;
  readonly moments: MomentsRecord;
  readonly verdict: VerdictAnswer;
  readonly region: Region;
}

export type AnswerOf<Name extends Question> = Answers[Name];

/** What a question is answered with. */
export interface Asking {
  readonly subject: Subject;
  readonly fetchDigits: FetchDigits;
  readonly signal?: AbortSignal;
}

/** An answer as far as it is known. */
export interface Known<Name extends Question> {
  readonly answer: AnswerOf<Name>;
  /** Whether it is the command line's, bit for bit. */
  readonly final: boolean;
}

/** Elementary steps (of about a tenth of a nanosecond) of a first look. */
const firstLook = 2e8;

/**
 * Answers a question about a network, more precisely each time; the last answer holds the bits that the command line prints for the same settings.
 *
 * Throws the sentences of the libraries for settings that make no sense, and the signal's reason where that ends it.
 */
export function answer<Name extends Question>(question: Name, asking: Asking): AsyncGenerator<Known<Name>, void> {
  return (answers[question] as (asking: Asking) => AsyncGenerator<Known<Name>, void>)(asking);
}

/** The architecture of a subject. */
function subjectArchitecture({ architecture, settings, data }: Subject): Architecture {
  return architecture ?? architectureOf(settings, data?.columns);
}

const answers: { readonly [Name in Question]: (asking: Asking) => AsyncGenerator<Known<Name>, void> } = {
  async *death(asking) {
    const architecture = subjectArchitecture(asking.subject);
    const { data, domain } = await inputsOf(architecture, asking.subject, asking.fetchDigits);
    yield* growing(growDeathProbability(architecture, { ...runOptions(asking), data, domain }));
  },

  async *predict({ subject, fetchDigits }) {
    const architecture = subjectArchitecture(subject);
    const { settings } = subject;
    const inputs: Partial<Inputs> = dataOption(subject.settings) ? await inputsOf(architecture, subject, fetchDigits) : {};
    yield { answer: predictAngles(architecture, { data: inputs.data, seed: settings.seed }), final: true };
  },

  async *angles(asking) {
    const architecture = subjectArchitecture(asking.subject);
    const inputs: Partial<Inputs> = dataOption(asking.subject.settings)
      ? await inputsOf(architecture, asking.subject, asking.fetchDigits)
      : {};
    yield* growing(growAngles(architecture, { ...runOptions(asking), data: inputs.data }));
  },

  async *nodes(asking) {
    const architecture = subjectArchitecture(asking.subject);
    const data = await ownPoints(architecture, asking, defaultVniPoints);
    const options = { ...runOptions(asking), data, points: defaultVniPoints };
    yield { answer: await measureVni(architecture, { ...options, budget: firstLook }), final: false };
    asking.signal?.throwIfAborted();
    yield { answer: await measureVni(architecture, options), final: true };
  },

  async *moments(asking) {
    const architecture = subjectArchitecture(asking.subject);
    const data = await ownPoints(architecture, asking);
    yield* growing(growMoments(architecture, { ...runOptions(asking), data }));
  },

  async *verdict(asking) {
    const { subject, fetchDigits, signal } = asking;
    const started = performance.now();
    const architecture = subjectArchitecture(subject);
    const inputs = await inputsOf(architecture, subject, fetchDigits, firstPoints(architecture, {}));
    const { data, domain, targets, settings: used } = inputs;
    const run = runOptions(asking);
    const measurement = await measure(architecture, { ...run, data, domain, targets, points: used.points, budget: firstLook });
    yield { answer: { ...verdictOn(architecture, measurement), measurement }, final: false };
    signal?.throwIfAborted();
    const { settings, data: own } = subject;
    const asked = askedOf(subject);
    const source = subject.architecture ?? notation(settings, own?.columns);
    const checkup = await checkArchitecture(architecture, { source, asked, inputs, run });
    signal?.throwIfAborted();
    const { diagnosis, result } = checkup;
    const changes = diagnosis.fixes.map((fix) => ({ fix, settings: fixedSettings(settings, fix, own?.columns) }));
    const model = subject.name ?? notation(settings, own?.columns);
    const record = checkRecord({
      architecture,
      settings: { ...settingsOf(model, asked), ...checkup.settings, failOn },
      result,
      warnings: modelWarnings(architecture),
      elapsedMs: performance.now() - started,
    });
    yield { answer: { ...diagnosis, changes, record }, final: true };
  },

  async *region({ subject, signal, fetchDigits }) {
    const { data } = await inputsOf(subjectArchitecture(subject), subject, fetchDigits);
    yield* growRegion(subject, { data, signal });
  },
};

function runOptions({ subject, signal }: Asking) {
  return { seed: subject.settings.seed, signal, method: "auto" as const };
}

/** A file's points; for one input those of [-1, 1]; otherwise none, and every network draws normal ones. */
async function ownPoints(architecture: Architecture, { subject, fetchDigits }: Asking, points = 512) {
  if (dataOption(subject.settings)) return (await inputsOf(architecture, subject, fetchDigits, points)).data;
  return size(architecture.input) === 1 ? linePoints(points) : undefined;
}

/** The records of a growing estimate; the last one is known to be the last when there is no other. */
async function* growing<Record>(records: AsyncGenerator<Record, void>): AsyncGenerator<{ answer: Record; final: boolean }, void> {
  let last: Record | undefined;
  for await (const record of records) {
    yield { answer: record, final: false };
    last = record;
  }
  if (last !== undefined) yield { answer: last, final: true };
}
