import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedPnpm } from "./pnpm.mjs";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { workspace } from "./workspace.mjs";

/** Packs every library and app as it would be published into `folder`: the tarballs' paths by the names of the packages. One call, since most of its time is a start. */
export async function packAll(folder) {
  mkdirSync(folder, { recursive: true });
  const { command, args } = await pinnedPnpm();
  const { code, output } = await run(command, [...args, "--recursive", "pack", "--pack-destination", folder], { cwd: root });
  if (code !== 0) throw new Error(`cannot pack the workspace:\n${output}`);
  return new Map(
    workspace().map(({ name, home }) => {
      const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
      return [name, join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`)];
    }),
  );
}
