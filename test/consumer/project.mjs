// Empty projects into which packed packages are installed, and what is run there.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pinnedPnpm } from "../../scripts/lib/pnpm.mjs";
import { root } from "../../scripts/lib/root.mjs";
import { run } from "../../scripts/lib/run.mjs";
import { markdownBlocks } from "../../scripts/lib/snippets/extract.mjs";
import { instrument, toCommonJs } from "../../scripts/lib/snippets/instrument.mjs";
import { withDependencies } from "../../scripts/lib/workspace.mjs";

const runtime = pathToFileURL(join(root, "scripts/lib/snippets/runtime.mjs")).href;
const pnpm = await pinnedPnpm();

/** Milliseconds that an example may take. It says that an example hangs, not how fast a machine is that others use: the slowest take some seconds on an idle one. */
const patience = 240_000;

/** Programs that install, by name. */
export const installers = {
  npm: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"],
  pnpm: [pnpm.command, ...pnpm.args, "install", "--prefer-offline", "--fetch-retries=1"],
};

/** Installs the tarballs of packages, with all that they need of the workspace, into a folder: what went wrong, or nothing. */
export async function installInto(folder, { names, tarballs, members, installer, others = {}, node = process.execPath }) {
  const libraries = new Map(names.flatMap((name) => withDependencies(name, members)).map((library) => [library.name, library]));
  const own = Object.fromEntries([...libraries.keys()].map((name) => [name, `file:${tarballs.get(name)}`]));
  mkdirSync(folder, { recursive: true });
  // Until the packages are published, pnpm must be told that their dependencies on each other are these tarballs too; npm sees it itself.
  const manifest = { name: "consumer", private: true, dependencies: { ...own, ...others }, pnpm: { overrides: own } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const [command, ...args] = installers[installer];
  const env = { PATH: `${join(node, "..")}:${process.env.PATH}` };
  const { code, output } = await run(command, args, { cwd: folder, env, timeout: 300_000 });
  if (code === 0) return "";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH/.test(output)) return { skip: "the npm registry cannot be reached" };
  return `${command} ended with code ${code}\n${output}`;
}

/** Runs the first example of a package's README in a folder where it is installed, as an ES module (mjs) or by require (cjs). */
export async function runExample(folder, { name, home }, extension, node = process.execPath) {
  const readme = join(home, "README.md");
  const block = existsSync(readme) && markdownBlocks(readme).find(({ language }) => language === "ts");
  if (!block) return `${name} has no README.md with an example`;

  const code = instrument(block.code, block.line);
  const file = join(folder, `${name.replace(/\W+/g, "-")}.${extension}`);
  const names = "{ check: __check, checkPrinted: __printed }";
  if (extension === "mjs") writeFileSync(file, `const ${names} = await import(${JSON.stringify(runtime)});\n${code}`);
  else writeFileSync(file, toCommonJs(code, `const ${names} = await import(${JSON.stringify(runtime)});`));
  const driver = `import { runModule } from ${JSON.stringify(runtime)};
    const problem = await runModule(${JSON.stringify(pathToFileURL(file).href)}, ${patience});
    if (problem) { console.error(problem); process.exitCode = 1; }`;
  const result = await run(node, ["--input-type=module", "--eval", driver], { cwd: folder, timeout: 300_000 });
  return result.code === 0 ? "" : result.output;
}

/** Runs the installed command on the data that it ships. */
export async function runCommand(folder, node = process.execPath) {
  const args = ["check", "64-16x2-10", "--data", "digits", "--networks", "20", "--json"];
  const env = { PATH: `${join(node, "..")}:${process.env.PATH}` };
  const result = await run(join(folder, "node_modules", ".bin", "sonde"), args, { cwd: folder, env, timeout: 300_000 });
  if (result.code > 1) return `sonde ${args.join(" ")} ended with code ${result.code}\n${result.output}`;
  return JSON.parse(result.stdout).command === "check" ? "" : `printed ${result.stdout}`;
}
