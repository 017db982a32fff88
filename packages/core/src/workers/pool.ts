import { type AnyWorker, type Endpoint, workerEndpoint } from "./endpoint.js";

/** Workers that runs share, one after another or side by side. */
export interface WorkerPool {
  /**
   * A worker that is at rest, or a new one, or, where there are as many as there may be, whichever rests first: what `createWorker` of a run is. When the run closes it, it rests; one that still owes
   * an answer is ended.
   */
  readonly createWorker: () => AnyWorker;
  /** Ends those at rest. To be called when no run uses the pool any more. */
  readonly close: () => Promise<void>;
}

interface Member {
  readonly endpoint: Endpoint;
  /** Messages without an answer so far that will have one. */
  owed: number;
  failed: boolean;
  received: (message: unknown) => void;
  fail: (reason: string) => void;
}

/**
 * Keeps the workers of finished runs for the next: a worker loads its modules once. They must serve `serveTasks`, which takes a new job at any time and answers each task once. At most `most` workers
 * are alive; runs that ask for more wait for one of another run.
 *
 * @example
 * const pool = workerPool(() => new Worker(new URL("./worker.js", import.meta.url)), { most: 2 });
 * // ... runTasks({ ..., createWorker: pool.createWorker }) as often as wanted
 * await pool.close();
 */
export function workerPool(
  create: () => AnyWorker,
  { most = Number.POSITIVE_INFINITY }: { readonly most?: number } = {},
): WorkerPool {
  const resting: Member[] = [];
  const waiting: ((member: Member) => void)[] = [];
  let alive = 0;
  const free = (): Member | undefined => {
    const rested = resting.pop();
    if (rested || alive >= most) return rested;
    alive++;
    return join(create());
  };
  const serveNext = () => {
    while (waiting.length > 0) {
      const member = free();
      if (!member) return;
      waiting.shift()?.(member);
    }
  };
  return {
    createWorker() {
      let member = free();
      const kept: unknown[] = [];
      let [received, fail]: [Member["received"], Member["fail"]] = [() => {}, () => {}];
      const take = (given: Member) => {
        member = given;
        Object.assign(member, { received, fail });
        for (const message of kept.splice(0)) send(given, message);
      };
      if (!member) waiting.push(take);
      return {
        send: (message) => (member ? send(member, message) : kept.push(message)),
        listen(heard, failed) {
          [received, fail] = [heard, failed];
          if (member) Object.assign(member, { received, fail });
        },
        async close() {
          if (!member) {
            waiting.splice(waiting.indexOf(take), 1);
            return;
          }
          Object.assign(member, { received: () => {}, fail: () => {} });
          // A job that could not be prepared answers without a task: then nothing is owed, and less.
          if (member.owed === 0 && !member.failed) resting.push(member);
          else {
            await member.endpoint.close();
            alive--;
          }
          serveNext();
        },
      };
    },
    close: async () => {
      alive -= resting.length;
      await Promise.all(resting.splice(0).map(({ endpoint }) => endpoint.close()));
    },
  };
}

function join(worker: AnyWorker): Member {
  const member: Member = { endpoint: workerEndpoint(worker), owed: 0, failed: false, received: () => {}, fail: () => {} };
  member.endpoint.listen(
    (message) => {
      member.owed--;
      member.received(message);
    },
    (reason) => {
      member.failed = true;
      member.fail(reason);
    },
  );
  return member;
}

function send(member: Member, message: unknown): void {
  if (isTask(message)) member.owed++;
  member.endpoint.send(message);
}

/** A job has no answer, a task has one. */
function isTask(message: unknown): boolean {
  return typeof message === "object" && message !== null && "task" in message;
}
