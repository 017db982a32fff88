// node benchmarks/scaling.mjs [--rounds N]: how time grows with depth and networks, and memory with networks. Two minutes; writes its tables into benchmarks/README.md.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/lib/root.mjs";
import { setUpOrExit } from "../scripts/lib/setup.mjs";

const depths = [5, 10, 20, 40, 80];
const counts = [10_000, 30_000, 100_000, 300_000, 1_000_000];
const weights = { method: "weights", width: 8, points: 64 };
const law = { method: "law", width: 32, points: 2 };

/** What grows, and the ensembles along it. */
const series = [
  along("depth, explicit weights: 50,000 networks, 64 points, width 8", depths, (depth) => ({
    ...weights,
    depth,
    networks: 50_000,
  })),
  along("networks, explicit weights: 64 points, width 8, depth 10", counts, (networks) => ({ ...weights, depth: 10, networks })),
  along("depth, `law`: 50,000 networks, 2 points, width 32", depths, (depth) => ({ ...law, depth, networks: 50_000 })),
  along("networks, `law`: 2 points, width 32, depth 10", counts, (networks) => ({ ...law, depth: 10, networks })),
];
const tiny = { method: "weights", width: 2, depth: 3, points: 2 };
const tinyCounts = [10_000, 100_000, 1_000_000, 10_000_000];

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const rounds = Number(values.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) {
  console.error(`--rounds takes a whole number above 0, got ${values.rounds}`);
  process.exit(2);
}
await setUpOrExit();

let load = 0;
// CPU time, the least of the rounds: other processes only add to it.
for (let round = 0; round < rounds; round++)
  for (const { jobs } of series) for (const job of jobs) job.seconds = Math.min(job.seconds, run(job).cpuSeconds);
const timeTable = table(
  ["what grows", "sizes", "CPU seconds, start-up included", "least-squares line", "R^2"],
  series.map(({ title, jobs }) => {
    const { start, slope, r2 } = line(jobs);
    const fitted = `${start.toPrecision(2)} + ${slope.toPrecision(3)} x`;
    return [
      title,
      jobs.map(({ size }) => short(size)).join(", "),
      jobs.map(({ seconds }) => seconds.toFixed(2)).join(", "),
      fitted,
      r2.toFixed(5),
    ];
  }),
);

const memoryRows = [];
for (const threads of [1, 2]) {
  const peaks = [];
  for (const networks of tinyCounts) peaks.push(run({ ...tiny, networks, threads }).peakMiB);
  memoryRows.push([
    threads === 1 ? "no workers" : `${threads} workers, where they are worth it`,
    ...peaks.map((peak) => `${Math.round(peak)} MiB`),
  ]);
}
const memoryTable = table(["peak memory of the process, networks:", ...tinyCounts.map(short)], memoryRows);

const [cpu] = cpus();
const about = `${new Date().toISOString().slice(0, 10)}, ${cpu.model}, Node ${process.versions.node}; least of ${rounds} rounds, load average up to ${load.toFixed(1)} (the run itself: 1 to 2).`;
write(`${about}\n\n${timeTable}\n\n${memoryTable}`);

function along(title, sizes, ensemble) {
  return { title, jobs: sizes.map((size) => ({ ...ensemble(size), size, threads: 1, seconds: Number.POSITIVE_INFINITY })) };
}

/** What one process found, and what it took. */
function run({ method, width, depth, points, networks, threads }) {
  const file = join(root, "benchmarks", "scaling.job.mjs");
  const args = [file, method, ...[width, depth, points, networks, threads].map(String)];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  load = Math.max(load, loadavg()[0]);
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with code ${status}`);
  return JSON.parse(stdout);
}

/** The least-squares line of seconds over sizes, and the share of the seconds' variance that it explains. */
function line(jobs) {
  const mean = (f) => jobs.reduce((sum, job) => sum + f(job), 0) / jobs.length;
  const [size, seconds] = [mean((job) => job.size), mean((job) => job.seconds)];
  const covariance = mean((job) => (job.size - size) * (job.seconds - seconds));
  const slope = covariance / mean((job) => (job.size - size) ** 2);
  const start = seconds - slope * size;
  const rest = mean((job) => (job.seconds - start - slope * job.size) ** 2);
  return { start, slope, r2: 1 - rest / mean((job) => (job.seconds - seconds) ** 2) };
}

function short(size) {
  return size.toLocaleString("en");
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Prints the tables, and puts them between the README's markers. */
function write(tables) {
  console.log(tables);
  const file = join(root, "benchmarks", "README.md");
  const text = readFileSync(file, "utf8");
  const [begin, end] = ["<!-- scaling -->\n", "<!-- end of scaling -->"];
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  writeFileSync(file, `${before}\n${tables}\n\n${text.slice(text.indexOf(end))}`);
}
