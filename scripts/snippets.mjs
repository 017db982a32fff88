// npm run snippets [FILE ...]: runs the examples in Markdown files and doc comments (CONTRIBUTING.md says how they are written).
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { scratchFolder } from "./lib/scratch.mjs";
import { textMatches } from "./lib/snippets/compare.mjs";
import { docExamples, markdownBlocks } from "./lib/snippets/extract.mjs";
import { freeNames, instrument } from "./lib/snippets/instrument.mjs";
import { runModule } from "./lib/snippets/runtime.mjs";
import { plainCalls, runCalls } from "./lib/snippets/shell.mjs";
import { typeProblems } from "./lib/snippets/types.mjs";
import { finish, runChecks } from "./lib/tally.mjs";
import { filesUnder, withDependencies, workspace } from "./lib/workspace.mjs";

process.env.NO_COLOR = "1";
const members = workspace();
const scene = scratchFolder("snippets");
prepareScene();

const files = process.argv.length > 2 ? process.argv.slice(2).map((file) => resolve(file)) : allFiles();
const checks = [];
const typed = [];
for (const file of files) checks.push(...(file.endsWith(".md") ? markdownChecks(file) : await docChecks(file)));
if (typed.length > 0) checks.push({ name: "types of the examples in Markdown", run: () => typeProblems(typed) });
finish(await runChecks(checks, { quiet: files.length > 1 }));
// An example that failed half-way may have left a worker or a timer behind.
process.exit();

function allFiles() {
  const readmes = ["README.md", "CONTRIBUTING.md", ...members.map(({ folder }) => `${folder}/README.md`)];
  const pages = members.flatMap(({ home, folder }) => (folder.startsWith("apps/") ? filesUnder(home, ".md") : []));
  // The site is bundled, not compiled: its sources hold no examples.
  const compiled = members.filter(({ home }) => existsSync(join(home, "dist")));
  const sources = compiled.flatMap(({ home }) => filesUnder(join(home, "src"), ".ts"));
  return [...new Set([...readmes.map((file) => join(root, file)).filter(existsSync), ...pages, ...sources])];
}

/** A folder in which every workspace package and all their dependencies resolve, as if installed. */
function prepareScene() {
  const modules = join(scene, "node_modules");
  for (const { home, name, manifest } of members) {
    link(home, join(modules, name));
    const { dependencies, devDependencies, peerDependencies } = manifest;
    for (const dependency of Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }))
      if (!dependency.startsWith("@sonde/")) link(join(home, "node_modules", dependency), join(modules, dependency));
  }
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

function markdownChecks(file) {
  let previous = "";
  return markdownBlocks(file).flatMap((block) => {
    const name = `${relative(root, file)}:${block.line}`;
    if (block.words.includes("no-run")) return [];
    if (block.language === "ts" || block.language === "js") {
      const code = block.words.includes("continue") ? `${previous}\n${block.code}` : block.code;
      previous = code;
      const firstLine = block.end + 1 - code.split("\n").length;
      const check = { name, run: () => runCode(name, code, firstLine) };
      if (block.language === "js") return [check];
      const path = join(scene, `${moduleName(name)}.mts`);
      writeFileSync(path, code);
      typed.push({ path, name, firstLine });
      return [check];
    }
    const runs = block.language === "sh" && /^(\$ )?(\.\/)?sonde /.test(block.code);
    return runs ? [{ name, run: () => runShell(block) }] : [];
  });
}

/** In a doc comment's example, the exports of its own file, of its package and of the packages that this one depends on are in scope. */
async function docChecks(file) {
  const member = members.find(({ home }) => file.startsWith(join(home, "src")));
  const examples = docExamples(file);
  if (!member || examples.length === 0) return [];
  const own = join(member.home, "dist", relative(join(member.home, "src"), file)).replace(/\.ts$/, ".js");
  const scope = new Map();
  for (const path of [...withDependencies(member.name).map(({ home }) => join(home, "dist", "index.js")), own]) {
    const url = pathToFileURL(path).href;
    for (const name of Object.keys(await import(url))) scope.set(name, url);
  }
  return examples.map(({ code, line }) => {
    const name = `${relative(root, file)}:${line}`;
    const free = freeNames(code).filter((free) => scope.has(free));
    const imports = free.map((free) => `import { ${free} } from ${JSON.stringify(scope.get(free))};`).join(" ");
    return { name, run: () => runCode(name, code, line, imports) };
  });
}

function runCode(name, code, firstLine, imports = "") {
  const runtime = pathToFileURL(join(root, "scripts/lib/snippets/runtime.mjs")).href;
  const file = join(scene, `${moduleName(name)}.mjs`);
  const head = `import { check as __check, checkPrinted as __printed } from ${JSON.stringify(runtime)}; ${imports}`;
  writeFileSync(file, `${head}\n${instrument(code, firstLine)}`);
  return runModule(pathToFileURL(file).href);
}

function moduleName(name) {
  return name.replace(/[^\w.]+/g, "-");
}

/** Runs the lines in an empty folder in which `./sonde` and `sonde` are the command; an exit code above 1 is a failure. */
async function runShell({ code, output: expected }) {
  const folder = mkdtempSync(join(tmpdir(), "sonde-snippet-"));
  const calls = plainCalls(code);
  const result = calls ? await runCalls(calls, folder) : await runInShell(code, folder);
  rmSync(folder, { recursive: true });
  if (result.code > 1) return `ended with code ${result.code}\n${result.output}`;
  if (expected !== undefined && !textMatches(result.stdout, expected))
    return `printed\n${result.stdout}\ninstead of\n${expected}`;
}

function runInShell(code, folder) {
  symlinkSync(join(root, "sonde"), join(folder, "sonde"));
  const env = { PATH: `${folder}:${process.env.PATH}` };
  return run("sh", ["-c", code.replace(/^\$ /gm, "")], { cwd: folder, env, timeout: 120_000 });
}
