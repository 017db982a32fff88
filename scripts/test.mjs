// npm test: sets up, then runs every check; the last line adds them up.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { inTurn } from "./lib/in-turn.mjs";
import { root } from "./lib/root.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { add, cost, finish, format, parse } from "./lib/tally.mjs";

/** Seconds that all of it may take on two idle cores of 2 GHz and more (CONTRIBUTING, "Checks"). */
const limit = 480;

/** Each prints its results and ends with its cost and a line `N passed, N failed`. Those of a row run one after the other, beside the other row: what one leaves idle, the other takes. */
const rows = [
  [
    ["hygiene", "scripts/hygiene.mjs"],
    ["examples", "scripts/snippets.mjs"],
    ["installed by others", "test/consumer/run.mjs"],
    ["sweeps on engines", "test/engines/run.mjs"],
  ],
  [["unit tests", "scripts/unit.mjs"]],
];

await setUpOrExit();
const lines = [line("set-up", "", cost())];
const place = inTurn(process.stdout);
const tallies = await Promise.all(rows.map(runRow));
lines.push(line("all", "", cost()), `the limit is ${limit} s on two idle cores`);
console.log(`\n${lines.join("\n")}\n`);
finish(tallies.flat().reduce(add));

async function runRow(suites) {
  // Asked before the first is run, so that what is printed keeps this order.
  const places = suites.map(place);
  const tallies = [];
  for (const [i, [name, script]] of suites.entries()) {
    places[i].write(`\n== ${name} (${script})\n`);
    const { tally, spent } = await runSuite(script, places[i].write);
    places[i].end();
    lines.push(line(name, format(tally), spent));
    tallies.push(tally);
  }
  return tallies;
}

function line(name, tally, spent) {
  return `${name.padEnd(20)} ${tally.padEnd(32)} ${spent}`;
}

/** Runs a script and reads the tally and the cost off its last lines; a script without a tally is one failure. */
function runSuite(script, write) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script)], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let tail = "";
    child.stderr.on("data", write);
    child.stdout.on("data", (chunk) => {
      write(chunk);
      tail = (tail + chunk).slice(-1000);
    });
    child.on("close", (code) => {
      const { spent = "", ...tally } = parse(tail) ?? { passed: 0, failed: 1, skipped: 0 };
      resolve({ spent, tally: code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally });
    });
  });
}
