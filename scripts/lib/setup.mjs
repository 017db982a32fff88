import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { withLock } from "./lock.mjs";
import { pinnedPnpm } from "./pnpm.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { cache, currentStamp, isUpToDate, read, writeStamp, writeWhole } from "./stamp.mjs";
import { filesUnder, workspace } from "./workspace.mjs";

/** Sets up, or ends the process with one clear message and exit code 3. */
export async function setUpOrExit() {
  // Leaving through process.exit ends the programs we started and gives up the lock.
  process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));
  try {
    await setUp();
  } catch (error) {
    say(`set-up failed: ${error.message}`);
    process.exit(3);
  }
  process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
}

/**
 * Makes dependencies and builds current; does nothing when they are. Speaks on standard error only. Safe to run several times at once and
 * after an interruption: what is finished is remembered only once it is.
 */
async function setUp() {
  if (isUpToDate()) return;
  const lock = join(cache, "setup.lock");
  const onWait = (owner) =>
    say(`waiting for another set-up, process ${owner} (if there is no such process any more, remove ${lock}) ...`);
  await withLock(lock, setUpLocked, onWait);
}

async function setUpLocked() {
  if (isUpToDate()) return;
  const stamp = currentStamp();
  const start = Date.now();
  await install();
  await build();
  writeStamp(stamp);
  say(`ready after ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** Dependencies as the lockfile says, when they are missing or the lockfile or a manifest is another than last time. */
async function install() {
  const installed = join(root, "node_modules", ".sonde-lock.yaml");
  const wanted = read(join(root, "pnpm-lock.yaml"));
  if (existsSync(join(root, "node_modules", ".modules.yaml")) && read(installed) === wanted) return;
  const { command, args } = await pinnedPnpm((version) => say(`fetching pnpm ${version} ...`));
  say("installing dependencies ...");
  const flags = ["install", "--frozen-lockfile", "--prefer-offline", "--config.confirmModulesPurge=false"];
  check("pnpm install", await run(command, [...args, ...flags], { cwd: root }));
  writeWhole(installed, wanted);
}

/** The WebAssembly modules, then every package in one incremental compilation and the bundle of the command, beside them the native kernels. */
async function build() {
  say("building ...");
  removeOrphans();
  check(
    "the WebAssembly build",
    await run(process.execPath, ["scripts/build-wasm.mjs"], { cwd: join(root, "packages", "kernels") }),
  );
  // Native kernels are wanted, not needed: their script says nothing and ends with 0 where there is no C compiler.
  const native = run(process.execPath, ["scripts/build.mjs"], { cwd: join(root, "packages", "kernels-native") });
  check(
    "tsc -b",
    await run(process.execPath, [join(root, "node_modules", "typescript-native", "bin", "tsc"), "-b"], { cwd: root }),
  );
  check("the bundle of the command", await run(process.execPath, ["scripts/bundle.mjs"], { cwd: join(root, "apps", "cli") }));
  await native;
}

/** Removes what was built from sources that are gone, since the compiler does not and it would be packed. */
function removeOrphans() {
  for (const { home } of workspace())
    for (const file of filesUnder(join(home, "dist"), ".js", ".d.ts", ".map")) {
      const source = relative(join(home, "dist"), file).replace(/(\.d)?\.[jt]s(\.map)?$/, ".ts");
      if (!existsSync(join(home, "src", source))) rmSync(file);
    }
}

function check(what, { code, output }) {
  if (code !== 0) throw new Error(`${what} ended with code ${code}; mend what it says and run this again.\n${output.trim()}`);
}

function say(text) {
  process.stderr.write(`sonde: ${text}\n`);
}
