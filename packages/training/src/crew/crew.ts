import { type AnyWorker, SondeError, workerEndpoint } from "@sonde/core";
import type { TrainingExecutor } from "../executor.js";
import type { Perform, TrainingJob } from "./job.js";
import { performer } from "./perform.js";
import type { Message, Reply } from "./protocol.js";

/** Those who train: each does one thing after the other, and knows the groups that it prepared. */
export interface Crew {
  readonly members: readonly Perform[];
  close(): Promise<void>;
}

/** One member, on this thread. */
export function localCrew(
  job: TrainingJob,
  options: { readonly executors?: readonly TrainingExecutor[]; readonly signal?: AbortSignal } = {},
): Crew {
  return { members: [performer(job, options)], close: async () => {} };
}

/** As many members as threads, each a worker whose entry calls `serveTraining`. */
export function workerCrew(job: TrainingJob, threads: number, createWorker: () => AnyWorker, signal?: AbortSignal): Crew {
  const hands = Array.from({ length: threads }, () => workerMember(job, createWorker()));
  const stop = () => {
    for (const hand of hands) hand.stop();
  };
  signal?.addEventListener("abort", stop);
  return {
    members: hands.map(({ perform }) => perform),
    close: async () => {
      signal?.removeEventListener("abort", stop);
      await Promise.all(hands.map(({ close }) => close()));
    },
  };
}

interface Hand {
  readonly perform: Perform;
  /** Ends what it does now, between two of its pieces. */
  readonly stop: () => void;
  readonly close: () => Promise<void>;
}

function workerMember(job: TrainingJob, worker: AnyWorker): Hand {
  const endpoint = workerEndpoint(worker);
  let waiting: { resolve: (value: unknown) => void; reject: (reason: unknown) => void } | undefined;
  let failure: Error | undefined;
  const settle = (act: (one: NonNullable<typeof waiting>) => void) => {
    const one = waiting;
    waiting = undefined;
    if (one) act(one);
  };
  endpoint.listen(
    (message) => {
      const reply = message as Reply;
      settle(({ resolve, reject }) => ("failure" in reply ? reject(errorOf(reply.failure)) : resolve(reply.answer)));
    },
    (reason) => {
      failure = new Error(`a worker stopped: ${reason}`);
      settle(({ reject }) => reject(failure));
    },
  );
  endpoint.send({ job } satisfies Message);
  const send = (request: unknown) =>
    new Promise((resolve, reject) => {
      if (failure) return reject(failure);
      waiting = { resolve, reject };
      endpoint.send({ request } as Message);
    });
  // One after the other: a checkpoint may be asked for while a group is being trained.
  let last: Promise<unknown> = Promise.resolve();
  const perform = (request: unknown) => {
    const next = last.then(
      () => send(request),
      () => send(request),
    );
    last = next;
    return next;
  };
  return {
    perform: perform as Perform,
    stop: () => endpoint.send({ stop: true } satisfies Message),
    close: () => endpoint.close(),
  };
}

function errorOf({ name, message, stack, expected }: Extract<Reply, { failure: object }>["failure"]): Error {
  const error = expected ? new SondeError(message) : new Error(message);
  Object.defineProperty(error, "name", { value: name });
  if (stack) error.stack = stack;
  return error;
}
