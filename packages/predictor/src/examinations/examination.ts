import type { DomainPoints } from "@sonde/metrics-death";
import type { Architecture, Drawn, Executor, MetricRequest } from "@sonde/nets";
import type { Finding } from "../finding.js";
import type { Measurement, MeasureOptions } from "../measurement.js";
import type { Vitals } from "../vitals.js";

/**
 * One question of the doctor: what the pass over the ensemble is asked for, the record made of it, what is called a pathology, and the numbers that changes are compared by. A new question is a
 * file of this form, a line in `examinations` and a field of `Measurement`.
 */
export interface Examination<State, Result> {
  /** Its field in `Measurement`. */
  readonly name: Exclude<keyof Measurement, "networks" | "interrupted" | "work">;
  /** `undefined` where the question makes no sense for these inputs. */
  readonly request: (asked: Asked) => MetricRequest<State> | undefined;
  readonly record: (state: State, asked: Asked, run: Run) => Result;
  readonly findings: (record: Result) => Finding[];
  readonly vitals: (record: Result) => Partial<Vitals>;
}

/** A question that needs a pass of its own, such as one that carries tangents along, or none at all. */
export interface SeparateExamination<Result> extends Pick<Examination<never, Result>, "name" | "findings" | "vitals"> {
  /** `undefined` where the question makes no sense. */
  readonly measure: (asked: Asked) => Promise<Result | undefined> | Result | undefined;
  /** The elementary steps that its pass takes, where they can be many. */
  readonly work?: (asked: Asked) => number;
  /** Whether no network is asked, so that an interruption does not matter. */
  readonly instant?: boolean;
}

/** What is examined, and how. */
export interface Asked {
  readonly architecture: Architecture;
  readonly domain: DomainPoints;
  readonly options: MeasureOptions;
  /** Whether theory is wanted beside what is measured: not where changes are compared. */
  readonly theory: boolean;
}

/** The pass over the ensemble that all examinations share. */
interface Run {
  readonly networks: number;
  readonly method: Drawn;
  readonly executor: Executor;
  readonly interrupted: boolean;
}

/** Any examination: what the doctor holds who never looks inside states and records. */
// biome-ignore lint/suspicious/noExplicitAny: the state and the record of an examination are its own affair
export type AnyExamination = Examination<any, any> | SeparateExamination<any>;
