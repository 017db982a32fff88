// Builds the site into .vitepress/dist: API pages, pages, and a look at every link of the result. With --check into .vitepress/checked, without what only
// readers need (colours of code, search, small files), in half of the time.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = process.argv.includes("--check") ? "checked" : "dist";
const env = { ...process.env, SONDE_DOCS_CHECK: folder === "checked" ? "yes" : "no" };
for (const [program, ...args] of [
  ["scripts/api.mjs"],
  ["node_modules/vitepress/bin/vitepress.js", "build", "--outDir", `.vitepress/${folder}`],
  ["scripts/check-links.mjs", folder],
]) {
  const { status } = spawnSync(process.execPath, [join(home, program), ...args], { cwd: home, env, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
