// npm run release:dry: everything that a release does but the publishing. Packs every package, looks at each tarball, installs all of them with npm and
// pnpm under two versions of Node, runs every README's first example by import and by require, bundles what runs in browsers, and holds each package to a size.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { installers, installInto, runCommand, runExample } from "../test/consumer/project.mjs";
import { packAll } from "./lib/pack.mjs";
import { packedWell } from "./lib/packed-well.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { setUpOrExit } from "./lib/setup.mjs";
import { finish, runChecks } from "./lib/tally.mjs";
import { libraries, workspace } from "./lib/workspace.mjs";

/** Versions of Node that packages promise to run in: the oldest and the newest long-lived one. */
const versions = ["20.19.5", "24.11.0"];

/** Most kilobytes (1000 bytes) of a package with all it needs, minified and packed by gzip, as a browser would load it; null for those that are for Node alone but for entry points that have a limit of their own. */
const limits = JSON.parse(readFileSync(join(root, "scripts", "size-limits.json"), "utf8"));

await setUpOrExit();
const members = workspace();
const products = [...libraries(), ...members.filter(({ name }) => name === "@sonde/cli")];
const place = mkdtempSync(join(tmpdir(), "sonde release "));
process.on("exit", () => rmSync(place, { recursive: true, force: true }));
const tarballs = await packAll(join(place, "packed"));
const nodes = new Map();
const installed = new Map();

const checks = [
  { name: "the changesets make this release 0.1.0", run: firstVersion },
  ...products.map((product) => ({
    name: `${product.name} packs well (publint, attw)`,
    run: () => packedWell(product, tarballs.get(product.name)),
  })),
  ...versions.map((version) => ({ name: `Node ${version} is there`, run: () => getNode(version) })),
  ...versions.flatMap((version) =>
    Object.keys(installers).flatMap((installer) => {
      const key = `${installer}, Node ${version}`;
      const inProject = (use) => () => {
        const folder = installed.get(key);
        return folder === undefined ? { skip: "not installed" } : use(folder, nodes.get(version));
      };
      return [
        { name: `all packages install (${key})`, run: () => installAll(key, installer, version) },
        ...libraries().flatMap((library) =>
          ["mjs", "cjs"].map((extension) => ({
            name: `${library.name} README example by ${extension === "mjs" ? "import" : "require"} (${key})`,
            run: inProject((folder, node) => runExample(folder, library, extension, node)),
          })),
        ),
        { name: `sonde runs (${key})`, run: inProject(runCommand) },
      ];
    }),
  ),
  ...libraries().map((library) => ({
    name: `${library.name} bundles for browsers within its size`,
    run: () => bundled(library),
  })),
];
finish(await runChecks(checks));

/** A copy of the manifests in which the versions are changed as `changeset version` does: every product's next version is 0.1.0. */
async function firstVersion() {
  const folder = join(place, "versions");
  mkdirSync(folder);
  for (const file of ["package.json", "pnpm-workspace.yaml", ".changeset"])
    cpSync(join(root, file), join(folder, file), { recursive: true });
  for (const { folder: own, home } of members) {
    mkdirSync(join(folder, own), { recursive: true });
    cpSync(join(home, "package.json"), join(folder, own, "package.json"));
  }
  const git = await run("git", ["init", "--quiet"], { cwd: folder });
  if (git.code !== 0) return git.output;
  const { code, output } = await run(join(root, "node_modules", ".bin", "changeset"), ["version"], { cwd: folder });
  if (code !== 0) return output;
  const wrong = products.filter(
    ({ folder: own }) => JSON.parse(readFileSync(join(folder, own, "package.json"), "utf8")).version !== "0.1.0",
  );
  return wrong.map(({ name }) => `${name} would not be 0.1.0: its changes have no changeset of a minor release`).join("\n");
}

async function getNode(version) {
  if (process.version === `v${version}`) {
    nodes.set(version, process.execPath);
    return "";
  }
  const folder = join(place, `node-${version}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: { node: version } }));
  const { code, output } = await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], {
    cwd: folder,
    timeout: 300_000,
  });
  const binary = join(folder, "node_modules", "node", "bin", "node");
  if (code !== 0 || !existsSync(binary)) return `npm install node@${version} ended with code ${code}\n${output}`;
  nodes.set(version, binary);
  return "";
}

async function installAll(key, installer, version) {
  const node = nodes.get(version);
  if (!node) return { skip: `Node ${version} is not there` };
  const folder = join(place, key.replace(/\W+/g, "-"));
  const problem = await installInto(folder, { names: products.map(({ name }) => name), tarballs, members, installer, node });
  if (!problem) installed.set(key, folder);
  return problem;
}

/** Bundles everything that a package exports to browsers, as an application would, and weighs it. */
async function bundled({ name, manifest }) {
  const all = Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === "string" || /(^|\/)(node|worker|tfjs)$/.test(path) ? [] : [`${name}${path.slice(1)}`],
  );
  const entries = limits[name] === null ? all.filter((one) => limits[one]) : all;
  if (entries.length === 0) return "";
  const folder = [...installed.values()][0];
  if (folder === undefined) return { skip: "not installed" };
  const entry = join(folder, "browser.mjs");
  writeFileSync(entry, entries.map((from, k) => `export * as part${k} from ${JSON.stringify(from)};`).join("\n"));
  const require = createRequire(createRequire(join(root, "package.json")).resolve("vitest/node"));
  const { build } = await import(require.resolve("vite"));
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      lib: { entry, formats: ["es"], fileName: "bundle" },
      minify: true,
      rollupOptions: { external: [/^@tensorflow\//] },
    },
  });
  const chunks = [result].flat().flatMap(({ output }) => output);
  const node = chunks.find((chunk) => chunk.type === "chunk" && chunk.imports.some((from) => from.startsWith("node:")));
  if (node) return `${node.fileName} imports Node's modules: ${node.imports.join(", ")}`;
  const bytes = chunks.reduce((sum, chunk) => sum + gzipSync(chunk.type === "chunk" ? chunk.code : chunk.source).length, 0);
  const size = Math.ceil(bytes / 1000);
  const most = limits[name] === null ? limits[entries[0]] : limits[name];
  console.log(`        ${name} ${size} kB of at most ${most}`);
  if (most === undefined) return `${name} has no limit in scripts/size-limits.json: it takes ${size} kB`;
  return size > most ? `${name} takes ${size} kB, more than its limit of ${most} in scripts/size-limits.json` : "";
}
