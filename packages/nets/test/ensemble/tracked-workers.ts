import { type ResourceLimits, Worker } from "node:worker_threads";

/** Makes workers and knows how many of them are alive. */
export function trackedWorkers(resourceLimits?: ResourceLimits) {
  const workers: Worker[] = [];
  return {
    createWorker: () => {
      // The built packages: without the condition under which the tests themselves read the sources.
      const worker = new Worker(new URL("./worker.mjs", import.meta.url), { execArgv: [], resourceLimits });
      workers.push(worker);
      return worker;
    },
    made: () => workers.length,
    alive: () => workers.filter(({ threadId }) => threadId !== -1).length,
  };
}
