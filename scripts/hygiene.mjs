// npm run hygiene: everything that is checked without running the code.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { apiReports } from "./lib/api-report.mjs";
import { packAll } from "./lib/pack.mjs";
import { packedWell } from "./lib/packed-well.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { scratchFolder } from "./lib/scratch.mjs";
import { nodeImports, unportableMath } from "./lib/source-rules.mjs";
import { read } from "./lib/stamp.mjs";
import { finish, runChecks } from "./lib/tally.mjs";
import { runTool } from "./lib/tool.mjs";
import { libraries } from "./lib/workspace.mjs";

const packing = once(() => packAll(scratchFolder("packed")));
const reports = once(() => apiReports(libraries()));
const checks = [
  tool("lint and format (biome)", "biome", "check", "--error-on-warnings", "."),
  tool("types, tests included (tsc)", "tsc", "-p", "test/tsconfig.json", "--singleThreaded"),
  { name: "package arrows (turbo boundaries)", run: boundaries },
  tool("unused code and dependencies (knip)", "knip", "--no-config-hints"),
  tool("manifests agree (sherif)", "sherif"),
  { name: "the site builds, every link leads somewhere", run: siteBuilds },
  { name: "results are as their records say", run: resultsDrawn },
  { name: "portable arithmetic (no Math.log and the like in packages)", run: unportableMath },
  { name: "Node only behind node.ts", run: nodeImports },
  ...libraries().flatMap((library) => [
    { name: `${library.name} is complete`, run: () => missing(library) },
    { name: `${library.name} API report is current`, run: () => staleReport(library) },
    { name: `${library.name} packs well (publint, attw)`, run: () => packed(library) },
  ]),
];

finish(await runChecks(checks, { parallel: 2 }));

/** What is made when it is first asked for, and kept. */
function once(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}

function tool(name, program, ...args) {
  return { name, run: () => runTool(program, ...args) };
}

async function siteBuilds() {
  const { code, output } = await run(process.execPath, ["apps/docs/scripts/build.mjs", "--check"], {
    cwd: root,
    env: { NO_COLOR: "1" },
  });
  return code === 0 ? "" : output;
}

async function resultsDrawn() {
  const { code, output } = await run(process.execPath, ["packages/papers/scripts/pages.mjs", "--check"], { cwd: root });
  return code === 0 ? "" : `${output}\nrun node packages/papers/scripts/pages.mjs`;
}

/** turbo cannot parse AssemblyScript's decorators, and has no way to leave files out: its complaints about those files do not count. */
async function boundaries() {
  const problem = await runTool("turbo", "boundaries");
  const unparsed = problem.replace(/\s*\n\s*\| /g, "").match(/failed to parse file .*\/packages\/kernels\/assembly\//g) ?? [];
  const found = /(\d+) issues? found/.exec(problem)?.[1];
  return Number(found) === unparsed.length ? "" : problem;
}

function missing({ home, folder, manifest }) {
  const problems = ["README.md", "turbo.json"]
    .filter((file) => !existsSync(join(home, file)))
    .map((file) => `${folder} has no ${file}`);
  if (manifest.license !== "Apache-2.0") problems.push("license is not Apache-2.0");
  // Only a worker's entry does something when it is loaded.
  const effects = manifest.sideEffects || [];
  if (effects === true || manifest.sideEffects === undefined || effects.some((file) => !/\/worker\.[jt]s$/.test(file)))
    problems.push("sideEffects is neither false nor a list of the worker's entry");
  if (manifest.type !== "module") problems.push('type is not "module"');
  for (const [path, target] of Object.entries(manifest.exports))
    if (typeof target === "object" && Object.keys(target).join() !== "@sonde/source,types,default")
      problems.push(`exports["${path}"] needs the conditions @sonde/source, types, default in this order`);
  return problems.join("\n");
}

function staleReport(library) {
  if (read(join(library.home, "api.md")) === reports().get(library.name)) return "";
  return `${library.folder}/api.md does not match the sources: run npm run api and commit it with the change`;
}

async function packed(library) {
  return packedWell(library, (await packing()).get(library.name));
}
