import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "sonde-new-"));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function node(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
  return { status, output: stdout + stderr };
}
const tool = (...path) => join(root, "node_modules", ...path);
const compile = (folder) => node(tool("typescript-native", "bin", "tsc"), "-b", folder);

/** A copy of the workspace as it is built, dependencies shared; times are kept, so that only what changes is compiled. */
beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const filter = (path) => !/^(packages|apps)\/[^/]+\/test(\/|$)/.test(relative(root, path));
  for (const path of [
    "packages",
    "apps/cli",
    "scripts",
    ".changeset",
    "README.md",
    "package.json",
    "biome.json",
    "tsconfig.json",
    "tsconfig.base.json",
    "vitest.config.ts",
    "test/built.mjs",
    "test/setup.ts",
  ])
    cpSync(join(root, path), join(copy, path), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(copy, "packages", "nets", "test"));
}, 120_000);

/** As pnpm would link it. */
function link(folder, ...names) {
  for (const name of names) {
    const path = join(copy, folder, "node_modules", "@sonde", name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(copy, "packages", name), path);
  }
}

describe("npm run new", { timeout: 300_000 }, () => {
  test.each([
    [["metric"], /a name is words/],
    [["metric", "Dead"], /a name is words .*got "Dead"/],
    [["theory", "dead"], /there is no kind "theory"/],
    [["command", "nothing"], /write it first/],
    [["layer", "dense"], /dense\.ts exists/],
  ])("refuses %j and writes nothing", (args, says) => {
    const { status, output } = node("scripts/new.mjs", ...args);
    expect(status).toBe(2);
    expect(output).toMatch(says);
  });

  test("metric and command write a package and a command that compile and run", () => {
    expect(node("scripts/new.mjs", "metric", "mean-level", "--no-install")).toMatchObject({ status: 0 });
    expect(node("scripts/new.mjs", "command", "mean-level")).toMatchObject({ status: 0 });
    link("packages/metrics-mean-level", "core", "nets");
    link("apps/cli", "metrics-mean-level");
    expect(readFileSync(join(copy, "README.md"), "utf8")).toMatch(/\| \[`@sonde\/metrics-mean-level`\]/);
    expect(compile("apps/cli")).toEqual({ status: 0, output: "" });
    const { output } = node("apps/cli/dist/main.js", "mean-level", "2-4x3-1", "--networks", "200", "--json");
    const { value, standardError } = JSON.parse(output).result.layers[0].meanLevel;
    expect(value).toBeGreaterThan(5 * standardError);
    const tests = node(tool("vitest", "vitest.mjs"), "run", "packages/metrics-mean-level");
    expect(tests).toMatchObject({ output: expect.stringMatching(/Tests .*2 passed/), status: 0 });
    const report = node("apps/cli/dist/main.js", "mean-level", "2-4x3-1", "--networks", "20");
    expect(report.output).toMatch(/layer +units +mean level\n/);
    const written = [
      "packages/metrics-mean-level/src",
      "packages/metrics-mean-level/test",
      "apps/cli/test/mean-level.test.ts",
      "apps/cli/src/commands/mean-level.ts",
      "apps/cli/src/worker.ts",
    ];
    const lint = node(
      tool("@biomejs", "biome", "bin", "biome"),
      "check",
      "--error-on-warnings",
      "--vcs-enabled=false",
      ...written,
    );
    expect(lint.output).toMatch(/^Checked \d+ files in .*No fixes applied\.\n$/);
  });

  test("layer writes a kind that architectures may have", () => {
    expect(node("scripts/new.mjs", "layer", "doubled")).toMatchObject({ status: 0 });
    expect(compile("packages/nets")).toEqual({ status: 0, output: "" });
    const net = { input: [2], layers: [{ kind: "doubled" }] };
    const run = `const { forward, randomNetwork, validateArchitecture } = await import("./packages/nets/dist/index.js");
      const network = randomNetwork(validateArchitecture(${JSON.stringify(net)}), { key: [0, 0] });
      console.log([...forward(network, { rows: 1, cols: 2, data: Float64Array.of(1, -3) }).data].join());`;
    expect(node("--input-type=module", "--eval", run)).toEqual({ status: 0, output: "2,-6\n" });
  });
});
