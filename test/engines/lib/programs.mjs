import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Daemons lie where ordinary users' shells do not look. */
export const path = `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`;

/** `{ skip }` where one of the programs is not installed, with the package that has them. */
export function missing(programs, packages) {
  const absent = programs.find((program) => !path.split(delimiter).some((folder) => executable(join(folder, program))));
  return absent && { skip: `${absent} is not installed (apt-get install --no-install-recommends ${packages})` };
}

function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program to its end and returns what it printed; throws where it fails, unless that may be. */
export function run(program, args, { env = {}, mayFail = false, ...options } = {}) {
  const ended = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, PATH: path, ...env },
    timeout: 300_000,
    ...options,
  });
  if (ended.status === 0 || mayFail) return ended.stdout?.trim() ?? "";
  throw new Error(
    `${program} ${args.join(" ")} ended with ${ended.status ?? ended.signal ?? ended.error?.message}: ${ended.stderr}`,
  );
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a condition holds. */
export async function until(condition, what, seconds = 90) {
  const end = Date.now() + 1000 * seconds;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await sleep(100);
  }
}

/** Ends a process by its number, if it is still there. */
export function kill(pid, signal = "SIGKILL") {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
