import { spawn, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ended, inProcess, main, patience, sonde, start } from "./sonde.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
const escapes = /\x1b\[[0-9;]*[A-Za-z]/g;
const reports = [
  ["check", "2-5x12-1", "--networks", "20"],
  ["death", "1-2x40-1", "--networks", "50", "--init", "sign-flip-neuron"],
  ["angles", "10-32x5-1", "--networks", "50"],
];
/** Of util-linux: gives a program a pseudo-terminal. */
const terminal = "script";
const hasTerminal = process.platform === "linux" && spawnSync(terminal, ["--version"]).status === 0;

/** Runs on a pseudo-terminal of that many columns. */
async function onTerminal(args: readonly string[], columns: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const command = `stty cols ${columns} rows 50; '${process.execPath}' '${main}' ${args.join(" ")}`;
  const { NO_COLOR: _off, ...inherited } = process.env;
  const child = spawn(terminal, ["-qec", command, "/dev/null"], {
    env: { ...inherited, TERM: "xterm", ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  return (await ended(child)).stdout;
}

describe("reports", { timeout: patience }, () => {
  it.each(reports)(
    "have no escape codes and no line beyond 100 characters where they are not on a terminal: %s %s",
    async (...args) => {
      const { stdout } = await inProcess(args);
      expect(stdout).not.toMatch(escapes);
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
      expect(stdout).not.toMatch(/NaN|undefined|\[object| $/m);
    },
  );

  it.runIf(hasTerminal).each(reports)("fit a terminal of 80 columns and are in colour there: %s %s", async (...args) => {
    const text = await onTerminal([...args, "--quiet"], 80);
    expect(text).toMatch(escapes);
    const lines = text.replace(escapes, "").split(/\r?\n/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.runIf(hasTerminal).each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("have no colours with %j", async (env) => {
    expect(await onTerminal(["death", "1-2-1", "--networks", "4", "--quiet"], 80, env)).not.toMatch(escapes);
  });

  it("say what is new to a reader on standard error, unless --quiet", async () => {
    const args = ["death", "2-4x2-1", "--skip", "residual", "--networks", "4"];
    expect((await inProcess(args)).stderr).toMatch(/^sonde: note: .*embedding/);
    expect((await inProcess([...args, "--quiet"])).stderr).toBe("");
  });
});

describe("a reader that goes away early is no failure", { timeout: patience }, () => {
  it.each([["--help"], ["death", "1-2x9-1", "--networks", "50"], ["death", "1-2x9-1", "--networks", "50", "--json"]])(
    "%s",
    async (...args) => {
      const child = start(args);
      child.stdout?.destroy();
      const { code, stderr } = await ended(child);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    },
  );

  it.runIf(process.platform === "linux")("but a full disk is, with one sentence and exit code 3", () => {
    const { status, stderr } = spawnSync("sh", ["-c", `'${process.execPath}' '${main}' death 1-2-1 --networks 4 > /dev/full`], {
      encoding: "utf8",
    });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^sonde: [^\n]*ENOSPC[^\n]*\n$/);
  });
});

describe("help", () => {
  const commands = ["check", "death", "angles"];

  it("of the program names its commands, and every one has a page that explains its options", async () => {
    const { code, stdout, stderr } = await inProcess(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of commands) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
      const page = await inProcess([name, "--help"]);
      expect(page).toEqual(await inProcess(["help", name]));
      expect(page.code).toBe(0);
      const options = page.stdout
        .split(/\n(?= {2}-)/)
        .slice(1)
        .map((text) => text.replace(/\s+/g, " "));
      expect(options.length).toBeGreaterThan(15);
      for (const option of options.filter((text) => !text.includes("--help"))) expect(option).toMatch(/\(.*default: .*\)/);
    }
  });

  it("is at most 80 characters wide where the width is not known", async () => {
    for (const args of [["--help"], ...commands.map((name) => [name, "--help"])])
      for (const line of (await inProcess(args)).stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("offers an option only where it makes sense", async () => {
    const pages = await Promise.all(commands.map(async (name) => (await inProcess([name, "--help"])).stdout));
    const offering = (option: string) => commands.filter((_, k) => pages[k].includes(`  ${option}`));
    expect(offering("--domain")).toEqual(["check", "death"]);
    expect(offering("--fail-on")).toEqual(["check"]);
    expect(offering("--theta0")).toEqual(["angles"]);
    expect(offering("--pairs")).toEqual(["angles"]);
    expect(offering("--plot")).toEqual(commands);
  });
});

describe("--version", () => {
  it("answers with the version alone", async () => {
    expect(await sonde(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: "" });
  });

  it("takes at most 0.2 s more than starting Node", { timeout: patience, retry: 3 }, () => {
    const best = (args: string[]) =>
      Math.min(
        ...Array.from({ length: 3 }, () => {
          const started = performance.now();
          spawnSync(process.execPath, args);
          return performance.now() - started;
        }),
      );
    expect(best([main, "--version"]) - best(["-e", "0"])).toBeLessThan(200);
  });
});
