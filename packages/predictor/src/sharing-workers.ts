import { workerPool } from "@sonde/core";
import type { MeasureOptions } from "./measurement.js";

/** Does work of many passes with workers that all of them share, so that each loads its modules once. */
export async function sharingWorkers<Options extends Pick<MeasureOptions, "createWorker">, Result>(
  options: Options,
  work: (options: Options) => Promise<Result>,
): Promise<Result> {
  if (!options.createWorker) return work(options);
  const pool = workerPool(options.createWorker);
  try {
    return await work({ ...options, createWorker: pool.createWorker });
  } finally {
    await pool.close();
  }
}
