import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";

/** What publint and attw say against a tarball of a package; nothing where it is well. */
export async function packedWell({ manifest }, tarball) {
  // Data files among the entry points have no types to check.
  const data = Object.entries(manifest.exports ?? {}).filter(([, target]) => typeof target === "string");
  const leftOut = data.flatMap(([path]) => ["--exclude-entrypoints", path]);
  const results = [
    await runTool("publint", "run", tarball, "--strict"),
    ...(manifest.exports ? [await runTool("attw", tarball, "--profile", "esm-only", "--no-emoji", ...leftOut)] : []),
  ];
  return results.filter(Boolean).join("\n");
}

/** Runs one of the workspace's programs; its output is the problem unless it ended with 0. */
export async function runTool(program, ...args) {
  const env = { TURBO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
  const { code, output } = await run(join(root, "node_modules", ".bin", program), args, { cwd: root, env });
  return code === 0 ? "" : `${program} ended with code ${code}\n${output}`;
}
