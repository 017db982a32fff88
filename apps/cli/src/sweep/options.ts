import type { Option } from "commander";
import { option, threadsOption } from "../options.js";
import { levels, oneOf, plotFile, whole } from "../parse.js";

/** What `sonde sweep` understands; all other options are those of the command that is swept. */
export interface SweepOptions {
  grid?: string[];
  store?: string;
  shard?: string;
  threads: number;
  retryFailed?: true;
  maxFailures: number;
  fresh?: true;
  dryRun?: true;
  quiet?: true;
  json?: true;
  queue?: string;
  emit?: "slurm" | "kubernetes";
  shards?: number;
  parallel: number;
  minutes: number;
  memory?: string;
  processors: number;
  image?: string;
  claim: string;
  kueue?: string;
}

/** What `sonde sweep merge` understands. */
export interface MergeOptions {
  store?: string;
  out?: string;
  plot?: string;
  theme?: "light" | "dark";
  x?: string;
  y?: string;
  value?: string;
  levels?: number[];
  json?: true;
  quiet?: true;
}

export function storeOption(): Option {
  return option("--store <folder>", "where the plan and the records lie; the same command goes on there (default: sonde-sweep)");
}

export function planOptions(): Option[] {
  return [
    option(
      "--grid <axes...>",
      "NAME=VALUES, all combinations: width, depth, inputs, outputs, model or any option of the command without its dashes; values are 2..20, 0..100:10 (steps), 1..200:log or 1..200:log12 (evenly by the logarithm), 0.5..4:lin8 or a list a,b,c, where values hold commas a|b (default: the plan of the store)",
    ),
    storeOption(),
    option("--dry-run", "say what would be done, and do nothing (default: off)"),
    option("--fresh", "forget what is in the store first (default: go on from it)"),
  ];
}

export function runningOptions(): Option[] {
  return [
    option("--shard <I/N>", "do the I-th of N parts of the whole plan, dearest cells first (default: 1/1)"),
    option("--retry-failed", "try cells again that failed before (default: off)"),
    option(
      "--max-failures <number>",
      "stop when so many cells have failed in this run (1 to 1000000; default: 20)",
      whole("--max-failures", 1, 1e6),
    ).default(20, "20"),
    threadsOption(),
    option("--queue <url>", "hand the cells to workers through Redis, as in redis://localhost:6379 (default: compute here)"),
  ];
}

export function emitOptions(): Option[] {
  return [
    option(
      "--emit <engine>",
      "print a script for slurm or a manifest for kubernetes, and do nothing (default: run here)",
      oneOf("--emit", ["slurm", "kubernetes"]),
    ),
    option(
      "--shards <number>",
      "parts of the plan in it (1 to 100000, of Slurm 1000; default: 8 times --parallel, at most 1000 and the cells)",
      whole("--shards", 1, 100_000),
    ),
    option(
      "--parallel <number>",
      "parts that run at once at most (1 to 100000; default: 8)",
      whole("--parallel", 1, 100_000),
    ).default(8, "8"),
    option(
      "--minutes <number>",
      "time limit of a part in Slurm (5 to 100000 minutes; default: 60)",
      whole("--minutes", 5, 100_000),
    ).default(60, "60"),
    option(
      "--memory <size>",
      "memory, of each processor in Slurm and of each pod in Kubernetes (default: 1G in Slurm, 1Gi in Kubernetes)",
    ),
    option("--processors <number>", "processors of a part (1 to 256; default: 1)", whole("--processors", 1, 256)).default(1, "1"),
    option("--image <name>", "image of the pods, with the sonde command in it (default: none, Kubernetes needs it)"),
    option("--claim <name>", "claim of the volume that the store lies on (default: sonde-store)").default(
      "sonde-store",
      "sonde-store",
    ),
    option("--kueue <queue>", "queue of Kueue that admits the job (default: none)"),
  ];
}

export function mapOptions(): Option[] {
  return [
    option(
      "--plot <file>",
      "map of the results into this file, .svg or .png, or - in characters (default: no map)",
      plotFile("--plot"),
    ),
    option(
      "--theme <name>",
      "colours of the file of --plot: light or dark (default: light)",
      oneOf("--theme", ["light", "dark"]),
    ),
    option("--x <axis>", "axis of the map to the right (default: the first of the grid that has several numbers)"),
    option("--y <axis>", "axis of the map upwards (default: the second)"),
    option(
      "--value <column>",
      "what its colours show: a column of cells, or of the last layer (default: what the command is about)",
    ),
    option(
      "--levels <list>",
      "contours (above 0, below 1, joined by commas; default: of probabilities 0.01,0.1,0.5, else four evenly)",
      levels("--levels"),
    ),
  ];
}

/** What `sonde worker` understands. */
export interface WorkerOptions {
  redis?: string;
  store?: string;
  threads: number;
  lock: number;
  quiet?: true;
}

export function workerOptions(): Option[] {
  return [
    option(
      "--redis <url>",
      "where the queue is, as in redis://localhost:6379 or rediss:// (default: REDIS_URL of the environment)",
    ),
    storeOption(),
    threadsOption(),
    option(
      "--lock <seconds>",
      "after so long without a sign of life a cell is given to another worker (2 to 3600; default: 30)",
      whole("--lock", 2, 3600),
    ).default(30, "30"),
  ];
}
