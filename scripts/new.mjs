// npm run new -- metric|command|layer NAME: writes what is always the same, with an idea in it to replace (CONTRIBUTING, "Add a metric").
import { join } from "node:path";
import { addCommand } from "./lib/new/command.mjs";
import { addLayer } from "./lib/new/layer.mjs";
import { addMetric } from "./lib/new/metric.mjs";
import { namesOf } from "./lib/new/names.mjs";
import { changes } from "./lib/new/tree.mjs";
import { pinnedPnpm } from "./lib/pnpm.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";

const kinds = { metric: addMetric, command: addCommand, layer: addLayer };
const next = {
  metric: "what it measures is in src/metric.ts; then npm run new -- command NAME, npm run api, npx vitest run FOLDER",
  command: "what it prints is in src/render; then say in the options' groups what it understands",
  layer: "what it does is in src/layers; then npm run build, which names what else must know it",
};

try {
  const [kind, name, ...rest] = process.argv.slice(2);
  const add = Object.hasOwn(kinds, kind ?? "") ? kinds[kind] : undefined;
  if (!add) throw new Error(`there is no kind ${JSON.stringify(kind)}: npm run new -- ${Object.keys(kinds).join("|")} NAME`);
  const tree = changes();
  add(tree, namesOf(name));
  const written = tree.write();
  await tidy(written);
  if (kind === "metric" && !rest.includes("--no-install")) await install();
  console.log(`${written.map((path) => `  ${path}`).join("\n")}\n\n${next[kind]}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}

/** Lines as long as they may be, imports in order. */
async function tidy(paths) {
  const files = paths.filter((path) => /\.(ts|json)$/.test(path));
  await run(join(root, "node_modules", ".bin", "biome"), ["check", "--write", "--vcs-enabled=false", ...files], { cwd: root });
}

/** Links the new package to those it needs, and writes that into the lockfile. */
async function install() {
  const { command, args } = await pinnedPnpm();
  const { code, output } = await run(command, [...args, "install", "--no-frozen-lockfile", "--prefer-offline"], { cwd: root });
  if (code !== 0) throw new Error(`pnpm install ended with code ${code}\n${output}`);
}
