// npm run unit [-- --coverage]: vitest over the whole workspace; line coverage per package costs a third more.
import { join } from "node:path";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { scratchFolder } from "./lib/scratch.mjs";
import { read } from "./lib/stamp.mjs";
import { finish } from "./lib/tally.mjs";
import { workspace } from "./lib/workspace.mjs";

const folder = scratchFolder("unit");
const coverage = process.argv.includes("--coverage")
  ? ["--coverage", "--coverage.reporter=json-summary", `--coverage.reportsDirectory=${join(folder, "coverage")}`]
  : [];
const { code } = await run(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    ...["run", "--reporter=default", "--reporter=json", `--outputFile.json=${join(folder, "tests.json")}`],
    ...coverage,
  ],
  { cwd: root, inherit: true, env: process.stderr.isTTY ? {} : { NO_COLOR: "1" } },
);
if (coverage.length > 0) printCoverage();
finish(tally());

/** A file that cannot even be loaded counts as one failed test; so does a run that fails for no test's sake. */
function tally() {
  const report = JSON.parse(read(join(folder, "tests.json")) ?? '{ "testResults": [] }');
  const tests = report.testResults.flatMap(({ status, assertionResults }) =>
    assertionResults.length > 0 ? assertionResults.map((test) => test.status) : [status],
  );
  const passed = tests.filter((status) => status === "passed").length;
  const failed = tests.filter((status) => status === "failed").length;
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: tests.length - passed - failed };
}

function printCoverage() {
  const summary = JSON.parse(read(join(folder, "coverage", "coverage-summary.json")) ?? "{}");
  console.log("\n  package                       lines");
  for (const { name, home } of workspace()) {
    const files = Object.entries(summary).filter(([file]) => file.startsWith(join(home, "src")));
    const total = files.reduce((sum, [, { lines }]) => sum + lines.total, 0);
    const covered = files.reduce((sum, [, { lines }]) => sum + lines.covered, 0);
    if (total > 0) console.log(`  ${name.padEnd(28)}${((100 * covered) / total).toFixed(1).padStart(6)} %`);
  }
  console.log();
}
