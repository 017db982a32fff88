// npm run mutation -- PACKAGE [FILE ...]: how many small changes of a package's sources its tests notice, by StrykerJS (test/mutation/README.md).
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { read } from "./lib/stamp.mjs";
import { filesUnder } from "./lib/workspace.mjs";

const [name, ...files] = process.argv.slice(2);
const folder = join("packages", name ?? "");
if (!name || !existsSync(join(root, folder, "src"))) {
  console.error(
    "npm run mutation -- PACKAGE [FILE ...]: give the folder of a package such as core, and files of its src to change only those",
  );
  process.exit(2);
}
await setUpOrExit();
const mutated =
  files.length > 0
    ? files.map((file) => `${folder}/src/${file}`)
    : filesUnder(join(root, folder, "src"), ".ts").map((file) => relative(root, file));
const report = join(root, ".cache", "mutation.json");
rmSync(report, { force: true });
// Vitest takes the tests from its own folder option, which only a command line of its own sets.
const { code } = await run(
  process.execPath,
  [
    join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js"),
    "run",
    "test/mutation/stryker.json",
    "--mutate",
    mutated.join(","),
  ],
  { cwd: root, inherit: true, env: { SONDE_TESTED: folder } },
);
const found = read(report);
if (found) print(JSON.parse(found).files);
process.exitCode = found ? 0 : code || 1;

/** Survivors with their place, and the sum by files. */
function print(reports) {
  let [all, killed] = [0, 0];
  for (const [path, { mutants }] of Object.entries(reports)) {
    const counted = mutants.filter(({ status }) => ["Killed", "Timeout", "Survived", "NoCoverage"].includes(status));
    const dead = counted.filter(({ status }) => status === "Killed" || status === "Timeout");
    all += counted.length;
    killed += dead.length;
    console.log(`${path}: ${dead.length} of ${counted.length}`);
    for (const { status, location, mutatorName, replacement } of counted)
      if (status === "Survived" || status === "NoCoverage")
        console.log(
          `  ${path}:${location.start.line}:${location.start.column} ${status} ${mutatorName}: ${(replacement ?? "").slice(0, 80)}`,
        );
  }
  console.log(`${killed} of ${all} mutants killed, ${((100 * killed) / Math.max(1, all)).toFixed(1)} %`);
}
