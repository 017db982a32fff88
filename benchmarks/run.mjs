// npm run bench [-- NAME ...] [--rounds N]: Sonde against PyTorch, alternately, in one run. Minutes. A run of all jobs writes the table of benchmarks/README.md.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/lib/root.mjs";
import { setUpOrExit } from "../scripts/lib/setup.mjs";
import { jobs } from "./jobs.mjs";
import { measure } from "./lib/measure.mjs";
import { summarise } from "./lib/summary.mjs";
import { line, table } from "./lib/table.mjs";

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" } },
});
const rounds = Number(values.rounds);
const unknown = names.find((name) => !jobs.some((job) => job.name === name));
if (unknown || !(Number.isInteger(rounds) && rounds > 0)) {
  const known = jobs.map(({ name }) => name).join(", ");
  fail(unknown ? `there is no job ${unknown}, only: ${known}` : `--rounds takes a whole number above 0, got ${values.rounds}`);
}
const versions = peerVersions();
await setUpOrExit();

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
    `Node ${process.versions.node}, ${versions}; ${rounds} rounds. Seconds: PyTorch, Sonde (last row: one thread, two).`,
  ].join("\n");
  const text = readFileSync(file, "utf8");
  const [begin, end] = ["<!-- table -->\n", "<!-- end -->"];
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  writeFileSync(file, `${before}\n${about}\n\n${table(rows)}\n\n${text.slice(text.indexOf(end))}`);
}

/** The versions of PyTorch and NumPy; without them there is nothing to compare with. */
function peerVersions() {
  const script = "import torch, numpy; print('PyTorch', torch.__version__ + ', NumPy', numpy.__version__)";
  const { status, stdout } = spawnSync("/usr/bin/python3", ["-c", script], { encoding: "utf8" });
  if (status !== 0) fail("PyTorch is missing: apt-get install python3-torch python3-numpy libopenblas0-pthread");
  return stdout.trim();
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
