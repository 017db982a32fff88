import type { Architecture } from "@sonde/nets";
import type { Settings } from "../settings/settings.js";
import type { AnswerOf } from "./answer.js";

/** What the engine can be asked. */
export type Question = "death" | "predict" | "angles" | "nodes" | "moments" | "verdict" | "region";

/** A visitor's own points, as bytes of a CSV, npy or IDX file. */
export interface OwnData {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Columns that are inputs. */
  readonly columns: number;
}

/** What a question is about. */
export interface Subject {
  readonly settings: Settings;
  readonly data?: OwnData;
  /** An architecture of the visitor's own, in place of what the settings say. */
  readonly architecture?: Architecture;
  /** The name of its file. */
  readonly name?: string;
}

/** To the worker: new questions take the place of those that are not answered yet. */
export interface Ask {
  readonly kind: "ask";
  readonly number: number;
  readonly subject: Subject;
  readonly questions: readonly Question[];
}

export interface Stop {
  readonly kind: "stop";
}

/** From the worker: an answer as far as it is known, more precise each time. */
export type Told = {
  [Name in Question]: {
    readonly kind: "told";
    readonly number: number;
    readonly question: Name;
    readonly answer: AnswerOf<Name>;
    /** Whether it is as precise as the command line's. */
    readonly final: boolean;
    /** Milliseconds of this thread for it so far. */
    readonly elapsedMs: number;
  };
}[Question];

interface Failed {
  readonly kind: "failed";
  readonly number: number;
  readonly question: Question;
  /** One sentence. */
  readonly message: string;
}

interface Finished {
  readonly kind: "finished";
  readonly number: number;
}

export type FromWorker = Told | Failed | Finished;
