import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

/** Every package and app: `{ name, home, folder, manifest }`, `folder` relative to the root, packages first. */
export function workspace() {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group))
      .sort()
      .map((name) => ({ folder: `${group}/${name}`, home: join(root, group, name) }))
      .filter(({ home }) => existsSync(join(home, "package.json")))
      .map((member) => {
        const manifest = JSON.parse(readFileSync(join(member.home, "package.json"), "utf8"));
        return { ...member, manifest, name: manifest.name };
      }),
  );
}

/** The libraries: what lies in packages/ and is published. */
export function libraries() {
  return workspace().filter(({ folder, manifest }) => folder.startsWith("packages/") && !manifest.private);
}

/** The library of that name and all libraries it needs, itself last. */
export function withDependencies(name, all = libraries()) {
  const found = new Map();
  const visit = (wanted) => {
    const library = all.find((candidate) => candidate.name === wanted);
    if (!library || found.has(wanted)) return;
    for (const dependency of Object.keys(library.manifest.dependencies ?? {})) visit(dependency);
    found.set(wanted, library);
  };
  visit(name);
  return [...found.values()];
}

/** Files under a folder whose path ends in one of the given ways, sorted; an absent folder has none. */
export function filesUnder(folder, ...endings) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[/\\](node_modules|dist|generated|\.vitepress|api)[/\\]/.test(path.slice(folder.length)))
    .sort();
}
