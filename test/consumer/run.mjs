// npm run consumer: packs libraries as they would be published, installs the tarballs into empty projects with npm and with pnpm, and runs the
// first example of each README there, by import and by require; and the command from its own tarball.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packAll } from "../../scripts/lib/pack.mjs";
import { pinnedPnpm } from "../../scripts/lib/pnpm.mjs";
import { root } from "../../scripts/lib/root.mjs";
import { run } from "../../scripts/lib/run.mjs";
import { markdownBlocks } from "../../scripts/lib/snippets/extract.mjs";
import { instrument, toCommonJs } from "../../scripts/lib/snippets/instrument.mjs";
import { finish, runChecks } from "../../scripts/lib/tally.mjs";
import { withDependencies, workspace } from "../../scripts/lib/workspace.mjs";

/** Each with everything it needs from the workspace. */
const tested = ["@sonde/core", "@sonde/metrics-death"];
const command = "@sonde/cli";
const members = workspace();

const runtime = pathToFileURL(join(root, "scripts/lib/snippets/runtime.mjs")).href;
const place = mkdtempSync(join(tmpdir(), "sonde consumer "));
process.on("exit", () => rmSync(place, { recursive: true, force: true }));

const tarballs = await packAll(join(place, "packed"));

const pnpm = await pinnedPnpm();
const installers = {
  npm: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"],
  pnpm: [pnpm.command, ...pnpm.args, "install", "--prefer-offline", "--fetch-retries=1"],
};
const checks = Object.keys(installers).flatMap((installer) => [
  ...tested.flatMap((name) =>
    project(name, installer, {
      "README example by import": (folder) => runExample(folder, name, "mjs"),
      "README example by require": (folder) => runExample(folder, name, "cjs"),
    }),
  ),
  ...project(command, installer, { "runs on the data it ships": runCommand }),
]);
finish(await runChecks(checks));

/** The checks of one empty project: the installation, then those of `uses`, which take its folder. */
function project(name, installer, uses) {
  const folder = join(place, installer, name);
  let installed = false;
  const install = async () => {
    const problem = await installInto(folder, name, installers[installer]);
    installed = !problem;
    return problem;
  };
  const further = Object.entries(uses).map(([what, use]) => ({
    name: `${name} ${what} (${installer})`,
    run: () => (installed ? use(folder) : { skip: "not installed" }),
  }));
  return [{ name: `${name} installs with ${installer}`, run: install }, ...further];
}

async function installInto(folder, name, [command, ...args]) {
  const dependencies = Object.fromEntries(
    withDependencies(name, members).map((library) => [library.name, `file:${tarballs.get(library.name)}`]),
  );
  mkdirSync(folder, { recursive: true });
  // Until the packages are published, pnpm must be told that their dependencies on each other are these tarballs too; npm sees it itself.
  const manifest = { name: "consumer", private: true, dependencies, pnpm: { overrides: dependencies } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const { code, output } = await run(command, args, { cwd: folder, timeout: 120_000 });
  if (code === 0) return "";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH/.test(output)) return { skip: "the npm registry cannot be reached" };
  return `${command} ended with code ${code}\n${output}`;
}

async function runExample(folder, name, extension) {
  const { home } = members.find((member) => member.name === name);
  const readme = join(home, "README.md");
  const block = existsSync(readme) && markdownBlocks(readme).find(({ language }) => language === "ts");
  if (!block) return `${name} has no README.md with an example`;

  const code = instrument(block.code, block.line);
  const file = join(folder, `example.${extension}`);
  const names = "{ check: __check, checkPrinted: __printed }";
  if (extension === "mjs") writeFileSync(file, `const ${names} = await import(${JSON.stringify(runtime)});\n${code}`);
  else writeFileSync(file, toCommonJs(code, `const ${names} = await import(${JSON.stringify(runtime)});`));
  const driver = `import { runModule } from ${JSON.stringify(runtime)};
    const problem = await runModule(${JSON.stringify(pathToFileURL(file).href)});
    if (problem) { console.error(problem); process.exitCode = 1; }`;
  const result = await run(process.execPath, ["--input-type=module", "--eval", driver], { cwd: folder, timeout: 120_000 });
  return result.code === 0 ? "" : result.output;
}

async function runCommand(folder) {
  const args = ["check", "64-16x2-10", "--data", "digits", "--networks", "20", "--json"];
  const result = await run(join(folder, "node_modules", ".bin", "sonde"), args, { cwd: folder, timeout: 120_000 });
  if (result.code > 1) return `sonde ${args.join(" ")} ended with code ${result.code}\n${result.output}`;
  return JSON.parse(result.stdout).command === "check" ? "" : `printed ${result.stdout}`;
}
