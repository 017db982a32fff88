// npm run bench [-- NAME ...] [--rounds N]: Sonde against PyTorch, alternately, in one run. About six minutes. A run of all jobs writes the table of benchmarks/README.md.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/lib/root.mjs";
import { setUpOrExit } from "../scripts/lib/setup.mjs";
import { jobs } from "./jobs.mjs";
import { cleared, measure } from "./lib/measure.mjs";
import { peak } from "./lib/peak.mjs";
import { summarise } from "./lib/summary.mjs";
import { line, table } from "./lib/table.mjs";

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "9" } },
});
const rounds = Number(values.rounds);
const unknown = names.find((name) => !jobs.some((job) => job.name === name));
if (unknown || !(Number.isInteger(rounds) && rounds > 0)) {
  const known = jobs.map(({ name }) => name).join(", ");
  fail(unknown ? `there is no job ${unknown}, only: ${known}` : `--rounds takes a whole number above 0, got ${values.rounds}`);
}
const versions = peerVersions();
await setUpOrExit();
const kernels = await kernelsHere();
const most = peak();

let load = loadavg()[0];
const rows = [];
for (const job of jobs.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const results = await measure(job, rounds, (done) => process.stderr.write(`${job.name}: round ${done} of ${rounds}\r`));
  const row = summarise(job, results);
  rows.push(row);
  load = Math.max(load, loadavg()[0]);
  console.log(line(row));
}
if (names.length === 0) writeTable();
if (rows.some(({ agree }) => !agree)) fail("the two sides of a job do not agree");

/** Replaces what is between the README's markers. */
function writeTable() {
  const file = join(root, "benchmarks", "README.md");
  const [cpu] = cpus();
  const about = [
    `${new Date().toISOString().slice(0, 10)}, ${cpu.model}, ${cpus().length} cores, load average up to ${load.toFixed(1)} (the run itself: 1 to 2);`,
    `Node ${process.versions.node}, kernels ${kernels}, ${versions}; ${rounds} rounds. Seconds of processor time: PyTorch or NumPy, Sonde (last row: one thread, two).`,
    most && `One core reaches ${most.fused} GFLOP/s in float32 with fused multiply-add, ${most.apart} with a product and a sum.`,
  ]
    .filter(Boolean)
    .join("\n");
  const text = readFileSync(file, "utf8");
  const [begin, end] = ["<!-- table -->\n", "<!-- end -->"];
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  writeFileSync(file, `${before}\n${about}\n\n${table(rows)}\n\n${text.slice(text.indexOf(end))}`);
}

/** The versions of PyTorch and NumPy and the library that multiplies for both; without them there is nothing to compare with, and Debian's reference BLAS is no peer. */
function peerVersions() {
  const script =
    "import torch, numpy, serve; print('PyTorch', torch.__version__ + ', NumPy', numpy.__version__, 'on', serve.blas())";
  const options = { encoding: "utf8", cwd: join(root, "benchmarks", "peers"), env: cleared(1) };
  const { status, stdout } = spawnSync("/usr/bin/python3", ["-c", script], options);
  const install = "apt-get install python3-torch python3-numpy libopenblas0-pthread";
  if (status !== 0) fail(`PyTorch or NumPy is missing: ${install}`);
  if (!stdout.includes("OpenBLAS"))
    fail(`PyTorch multiplies with the reference BLAS, ten times slower than OpenBLAS: ${install}`);
  return stdout.trim();
}

/** What runs the kernels. */
async function kernelsHere() {
  const { kernelHost } = await import("../packages/kernels/dist/index.js");
  const { kind, vectors, note } = kernelHost();
  if (note) console.error(note);
  return `${kind} (${vectors})`;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
