import { workerPool } from "@sonde/core";
import type { MeasureOptions } from "./measurement.js";

/** Does work of many passes, one after another or side by side, with `threads` workers that all of them share: each loads its modules once. */
export async function sharingWorkers<Options extends Pick<MeasureOptions, "createWorker" | "threads">, Result>(
  options: Options,
  work: (options: Options) => Promise<Result>,
): Promise<Result> {
  if (!options.createWorker) return work(options);
  const pool = workerPool(options.createWorker, { most: options.threads ?? 1 });
  try {
    return await work({ ...options, createWorker: pool.createWorker });
  } finally {
    await pool.close();
  }
}
