import type { Request, TrainingJob } from "./job.js";

/** Main thread to worker: first the job, then requests, each after the answer to the one before; at any time that long work is to end. */
export type Message = { readonly job: TrainingJob } | { readonly request: Request } | { readonly stop: true };

/** Worker to main thread. */
export type Reply =
  | { readonly answer: unknown }
  | {
      readonly failure: {
        readonly name: string;
        readonly message: string;
        readonly stack?: string;
        /** Whether it is one of Sonde's own errors, meant for people. */
        readonly expected: boolean;
      };
    };
