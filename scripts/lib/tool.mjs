import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";

/** Runs one of the workspace's programs; its output is the problem unless it ended with 0. */
export async function runTool(program, ...args) {
  const env = { TURBO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
  const { code, output } = await run(join(root, "node_modules", ".bin", program), args, { cwd: root, env });
  return code === 0 ? "" : `${program} ended with code ${code}\n${output}`;
}
