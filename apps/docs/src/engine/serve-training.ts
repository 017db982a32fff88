import { SondeError } from "@sonde/core";
import type { TrainingRecord } from "@sonde/training";
import { trainWatched } from "./training.js";
import type { TrainingFrame, TrainingSubject } from "./training-subject.js";

/** To this worker: a run takes the place of the one before; without a subject it ends. */
export interface TrainAsk {
  readonly number: number;
  readonly subject?: TrainingSubject;
}

/** From it: frames, then the record. */
export type TrainTold = { readonly number: number } & (
  | { readonly kind: "frame"; readonly frame: TrainingFrame }
  | { readonly kind: "record"; readonly record: TrainingRecord }
  | { readonly kind: "failed"; readonly message: string }
);

/** Trains what it is asked for, one run at a time. */
export function serveTrainingRuns(post: (message: TrainTold) => void): (message: TrainAsk) => void {
  let running: AbortController | undefined;
  return ({ number, subject }) => {
    running?.abort(new Error("another run"));
    if (!subject) return;
    const controller = new AbortController();
    running = controller;
    const { signal } = controller;
    trainWatched(subject, { signal, frame: (frame) => post({ kind: "frame", number, frame }) }).then(
      (record) => {
        if (!signal.aborted) post({ kind: "record", number, record });
      },
      (error: unknown) => {
        if (signal.aborted) return;
        const message = error instanceof SondeError ? error.message : `training failed: ${String(error)}`;
        post({ kind: "failed", number, message });
      },
    );
  };
}
