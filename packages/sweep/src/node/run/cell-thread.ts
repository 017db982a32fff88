import type { Worker } from "node:worker_threads";
import { parentEndpoint, SondeError, workerEndpoint } from "@sonde/core";

/** What came of a cell. */
export type CellOutcome =
  | {
      /** The JSON of an object: what the store keeps of the cell beside its name. The same bits for the same settings. */
      readonly fields: string;
      /** What is told of it while the sweep goes on. */
      readonly glance?: string;
    }
  | { readonly failure: string };

/** Makes this thread one that computes cells, to be called once at the top of its entry file. What `compute` throws is a failure of the cell. */
export function serveCells<Task>(compute: (task: Task) => Promise<{ readonly fields: string; readonly glance?: string }>): void {
  const parent = parentEndpoint();
  parent.listen(
    async (task) => {
      try {
        parent.send(await compute(task as Task));
      } catch (error) {
        parent.send({ failure: failureText(error) } satisfies CellOutcome);
      }
    },
    () => {},
  );
}

/** In one sentence, without a stack. */
export function failureText(error: unknown): string {
  if (error instanceof SondeError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** A thread that computes one cell at a time. */
export interface CellThread {
  /** `undefined` where the thread was ended before it was finished. */
  readonly compute: (task: unknown) => Promise<CellOutcome | undefined>;
  /** Ends the thread, whatever it computes. */
  readonly end: () => Promise<void>;
  /** Whether it can compute another. */
  readonly alive: () => boolean;
}

/** Starts a thread whose entry file calls `serveCells`. A thread that dies fails its cell. */
export function cellThread(createWorker: () => Worker): CellThread {
  const endpoint = workerEndpoint(createWorker());
  let settle: ((outcome?: CellOutcome) => void) | undefined;
  let alive = true;
  let death = "";
  const finish = (outcome?: CellOutcome) => {
    const waiting = settle;
    settle = undefined;
    waiting?.(outcome);
  };
  endpoint.listen(
    (outcome) => finish(outcome as CellOutcome),
    (reason) => {
      alive = false;
      death ||= reason;
      finish({ failure: `the thread that computed it ended: ${death}` });
    },
  );
  return {
    compute: (task) =>
      new Promise((resolve) => {
        settle = resolve;
        if (alive) endpoint.send(task);
        else finish({ failure: `the thread that computes it ended: ${death}` });
      }),
    end: () => {
      alive = false;
      finish();
      return endpoint.close();
    },
    alive: () => alive,
  };
}
