// What tests run as processes and threads of their own is built: made current once before the tests of a project.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export default function build() {
  const script = fileURLToPath(new URL("../scripts/build.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
}
