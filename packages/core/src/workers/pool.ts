import { type AnyWorker, type Endpoint, workerEndpoint } from "./endpoint.js";

/** Workers that runs one after another share. */
export interface WorkerPool {
  /** A worker that is at rest, or a new one: what `createWorker` of a run is. When the run closes it, it rests; one that still owes an answer is ended. */
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
 * Keeps the workers of finished runs for the next: a worker loads its modules once. They must serve `serveTasks`, which takes a new job at any time and answers each task once.
 *
 * @example
 * const pool = workerPool(() => new Worker(new URL("./worker.js", import.meta.url)));
 * // ... runTasks({ ..., createWorker: pool.createWorker }) as often as wanted
 * await pool.close();
 */
export function workerPool(create: () => AnyWorker): WorkerPool {
  const resting: Member[] = [];
  return {
    createWorker: () => lent(resting.pop() ?? join(create()), (member) => resting.push(member)),
    close: async () => {
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

/** A worker as one run sees it. */
function lent(member: Member, rest: (member: Member) => void): Endpoint {
  return {
    send: (message) => {
      if (isTask(message)) member.owed++;
      member.endpoint.send(message);
    },
    listen: (received, failed) => Object.assign(member, { received, fail: failed }),
    close: async () => {
      Object.assign(member, { received: () => {}, fail: () => {} });
      // A job that could not be prepared answers without a task: then nothing is owed, and less.
      if (member.owed === 0 && !member.failed) rest(member);
      else await member.endpoint.close();
    },
  };
}

/** A job has no answer, a task has one. */
function isTask(message: unknown): boolean {
  return typeof message === "object" && message !== null && "task" in message;
}
