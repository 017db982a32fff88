import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pinnedPnpm } from "./pnpm.mjs";
import { run } from "./run.mjs";

/** Packs a library as it would be published into `folder`, which must be new, and returns the tarball's path. */
export async function pack({ home, name }, folder) {
  mkdirSync(folder, { recursive: true });
  const { command, args } = await pinnedPnpm();
  const { code, output } = await run(command, [...args, "pack", "--pack-destination", folder], { cwd: home });
  if (code !== 0) throw new Error(`cannot pack ${name}:\n${output}`);
  return join(folder, readdirSync(folder)[0]);
}
