// npm test: sets up, then runs every check; the last line adds them up.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { childrenTime } from "./lib/processor-time.mjs";
import { root } from "./lib/root.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { add, finish, format, parse } from "./lib/tally.mjs";

/** Seconds of processor time that all of it may take on an idle machine of 2 GHz and more (CONTRIBUTING, "Checks"). */
const budget = 480;

/** Each prints its results and ends with a line `N passed, N failed`. */
const suites = [
  ["hygiene", "scripts/hygiene.mjs"],
  ["unit tests", "scripts/unit.mjs"],
  ["examples", "scripts/snippets.mjs"],
  ["installed by others", "test/consumer/run.mjs"],
  ["sweeps on engines", "test/engines/run.mjs"],
];

const lines = [];
const cost = meter();
await setUpOrExit();
lines.push(line("set-up", ""));
let total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, script] of suites) {
  console.log(`\n== ${name} (${script})`);
  const tally = await runSuite(script);
  total = add(total, tally);
  lines.push(line(name, format(tally)));
}
const spent = childrenTime();
if (spent !== undefined) lines.push(`${spent.toFixed(0)} s of processor time; the budget is ${budget} s on an idle machine`);
console.log(`\n${lines.join("\n")}\n`);
finish(total);

function line(name, tally) {
  return `${name.padEnd(20)} ${tally.padEnd(32)} ${cost()}`;
}

/** Tells what was spent since it was asked last. */
function meter() {
  let [wall, processor] = [Date.now(), childrenTime()];
  return () => {
    const [wallBefore, processorBefore] = [wall, processor];
    [wall, processor] = [Date.now(), childrenTime()];
    const seconds = `${((wall - wallBefore) / 1000).toFixed(0)} s`;
    return processor === undefined ? seconds : `${seconds}, ${(processor - processorBefore).toFixed(0)} s of processor time`;
  };
}

/** Runs a script, showing what it prints, and reads the tally off its last line; a script without one is one failure. */
function runSuite(script) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script)], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let tail = "";
    child.stdout.on("data", (chunk) => {
      process.stdout.write(chunk);
      tail = (tail + chunk).slice(-1000);
    });
    child.on("close", (code) => {
      const tally = parse(tail) ?? { passed: 0, failed: 1, skipped: 0 };
      resolve(code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally);
    });
  });
}
