import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installs onnxruntime-node into a folder, without CUDA: where it lies then. */
export function installedOnnxruntime(folder) {
  const home = join(folder, "installed");
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  execFileSync("npm", ["install", "--prefix", home, "--no-audit", "--no-fund", "--ignore-scripts", "onnxruntime-node@^1.22.0"], {
    cwd: folder,
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(home, "node_modules", "onnxruntime-node");
}
