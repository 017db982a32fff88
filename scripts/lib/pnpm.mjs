import { readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { cache, read } from "./stamp.mjs";

/**
 * The pinned pnpm as `{ command, args }`: the one on PATH if it is exactly that version, else one that npm installs into .cache.
 * `onInstall(version)` is called before it installs.
 */
export async function pinnedPnpm(onInstall = () => {}) {
  const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager.replace(/^pnpm@/, "");
  // Asked outside of any project: inside one, pnpm and corepack would fetch the version that the project names instead of telling theirs.
  const installed = await run("pnpm", ["--version"], { cwd: tmpdir(), env: { COREPACK_ENABLE_NETWORK: "0" } });
  if (installed.code === 0 && installed.output.trim() === version) return { command: "pnpm", args: [] };

  const home = join(cache, "pnpm");
  const own = join(home, "node_modules", "pnpm");
  if (JSON.parse(read(join(own, "package.json")) ?? "{}").version !== version) {
    onInstall(version);
    const fresh = `${home}.new`;
    for (const folder of [fresh, home]) rmSync(folder, { recursive: true, force: true });
    const flags = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error", "--workspaces=false"];
    const result = await run("npm", ["install", "--prefix", fresh, ...flags, `pnpm@${version}`], { cwd: tmpdir() });
    if (result.code !== 0)
      throw new Error(
        `cannot install pnpm ${version} with npm; check the network, or install it yourself.\n${result.output.trim()}`,
      );
    renameSync(fresh, home);
  }
  return { command: process.execPath, args: [join(own, "bin", "pnpm.cjs")] };
}
