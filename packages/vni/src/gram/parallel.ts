import { type AnyWorker, runTasks, serveTasks } from "@sonde/core";
import type { GramJob } from "./job.js";
import { addUp, type SimilaritySums, similaritySums } from "./pair-sums.js";
import { type PairSums, prepareTiles } from "./tile-sums.js";
import { tilesOf } from "./tiles.js";

/** Where sums over pairs are computed. */
export interface GramWorkers {
  /** Worker threads, from 1. The numbers do not depend on them. */
  readonly threads: number;
  /** Makes a worker whose entry file calls `serveGram()`, such as the module `@sonde/vni/worker`. */
  readonly createWorker: () => AnyWorker;
  /** Ends the work: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Makes this thread a worker that sums over pairs of units: the whole of a worker's entry file. */
export function serveGram(): void {
  serveTasks<GramJob, PairSums>((job) => {
    const tiles = tilesOf(job);
    const tileSums = prepareTiles(job);
    return (task) => tileSums(tiles[task]);
  });
}

/** Multiplications that take longer than workers need to start. */
const worthWorkers = 2 ** 27;

/** The sums of a job, by workers where it is worth them: the same bits as on this thread. */
export async function similaritySumsParallel(job: GramJob, workers: GramWorkers): Promise<SimilaritySums> {
  workers.signal?.throwIfAborted();
  if (job.points * job.units * Math.min(job.points, job.units) < worthWorkers) return similaritySums(job);
  const tiles = tilesOf(job);
  const sums: PairSums[] = [];
  for await (const sum of runTasks<PairSums>({ ...workers, tasks: tiles.length, job: { ...job, data: shared(job.data) } }))
    sums.push(sum);
  return addUp(job, tiles, sums);
}

/** The values where all workers see them without a copy each, on hosts that have shared memory. */
function shared<Data extends Float32Array | Float64Array>(data: Data): Data {
  if (typeof SharedArrayBuffer === "undefined" || data.buffer instanceof SharedArrayBuffer) return data;
  const Type = data.constructor as new (buffer: SharedArrayBuffer) => Data;
  const copy = new Type(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return copy;
}
