import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const launcher = fileURLToPath(new URL("../../sonde", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sonde launcher "));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the launcher with a `node` that says it is of this version and otherwise prints what it is asked to run. */
function launch(version, command = launcher) {
  const bin = join(folder, version || "none");
  mkdirSync(bin, { recursive: true });
  const node = join(bin, "node");
  const answer = version ? `[ "$1" = --version ] && echo ${version} || printf '%s\\n' "$@"` : "exit 127";
  writeFileSync(node, `#!/bin/sh\n${answer}\n`);
  chmodSync(node, 0o755);
  const env = { PATH: [bin, "/usr/bin", "/bin"].join(delimiter) };
  return spawnSync(command, ["check", "a b"], { cwd: folder, env, encoding: "utf8" });
}

test.each(["v18.20.1", "v20.18.3", "v9.0.0"])("Node %s is refused in one sentence", (version) => {
  const { status, stdout, stderr } = launch(version);
  expect(status).toBe(3);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    `sonde: Node.js ${version} is too old; install Node.js 20.19 or newer from https://nodejs.org and run this again.\n`,
  );
});

test("a missing Node is told in one sentence", () => {
  const { status, stderr } = launch("");
  expect(status).toBe(3);
  expect(stderr).toMatch(/^sonde: Node\.js was not found; .*\n$/);
});

test.each(["v20.19.0", "v22.1.0", "v100.0.0"])(
  "Node %s is handed the script and the arguments, through a link and with blanks",
  (version) => {
    const link = join(folder, `link to sonde ${version}`);
    symlinkSync(launcher, link);
    const { status, stdout } = launch(version, link);
    expect(status).toBe(0);
    expect(stdout).toBe(`${launcher.replace(/sonde$/, "scripts/sonde.mjs")}\ncheck\na b\n`);
  },
);
