// Builds the site into .vitepress/dist: API pages, pages, and a look at every link of the result.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
for (const [program, ...args] of [
  ["scripts/api.mjs"],
  ["node_modules/vitepress/bin/vitepress.js", "build"],
  ["scripts/check-links.mjs"],
]) {
  const { status } = spawnSync(process.execPath, [join(home, program), ...args], { cwd: home, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
