// npm run verify [NAME ...]: compares with the reference values in test/verify at full size; minutes, so not part of npm test. A name stands for its parts too: death for death-remedies.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/root.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { finish } from "./lib/tally.mjs";

await setUpOrExit();
const folder = join(root, "test", "verify");
const wanted = process.argv.slice(2);
const modules = readdirSync(folder)
  .filter((file) => file.endsWith(".mjs") && (wanted.length === 0 || wanted.some((name) => isPart(file.slice(0, -4), name))))
  .sort();

const tally = { passed: 0, failed: 0, skipped: 0 };
for (const file of modules) {
  const { rows } = await import(pathToFileURL(join(folder, file)).href);
  printRow(file.slice(0, -4), "ours", "reference", "apart", "");
  try {
    for await (const row of rows()) report(row);
  } catch (error) {
    tally.failed++;
    console.log(`  ${error.message}`);
  }
}
finish(tally);

function isPart(module, name) {
  return module === name || module.startsWith(`${name}-`);
}

/** Within 4 joint standard errors and the row's tolerance (0 unless it says otherwise). */
function report({ case: name, ours, standardError = 0, reference, referenceError = 0, tolerance = 0 }) {
  const difference = Math.abs(ours - reference);
  const error = Math.hypot(standardError, referenceError);
  const passed = difference <= 4 * error + tolerance;
  tally[passed ? "passed" : "failed"]++;
  const apart = error > 0 ? `${(difference / error).toFixed(2)} se` : difference.toExponential(1);
  printRow(name, digits(ours), digits(reference), apart, passed ? "pass" : "FAIL");
}

function printRow(name, ours, reference, apart, verdict) {
  console.log(`  ${name.padEnd(46)} ${ours.padStart(13)} ${reference.padStart(13)} ${apart.padStart(9)}  ${verdict}`);
}

function digits(value) {
  return String(Number(value.toPrecision(7)));
}
