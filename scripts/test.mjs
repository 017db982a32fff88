// npm test: sets up, then runs every check; the last line adds them up.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./lib/root.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { add, finish, format, parse } from "./lib/tally.mjs";

/** Each prints its results and ends with a line `N passed, N failed`. */
const suites = [
  ["hygiene", "scripts/hygiene.mjs"],
  ["unit tests", "scripts/unit.mjs"],
  ["examples", "scripts/snippets.mjs"],
  ["installed by others", "test/consumer/run.mjs"],
];

await setUpOrExit();
const lines = [];
let total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, script] of suites) {
  console.log(`\n== ${name} (${script})`);
  const start = Date.now();
  const tally = await runSuite(script);
  total = add(total, tally);
  lines.push(`${name.padEnd(20)} ${format(tally)} (${((Date.now() - start) / 1000).toFixed(0)} s)`);
}
console.log(`\n${lines.join("\n")}\n`);
finish(total);

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
