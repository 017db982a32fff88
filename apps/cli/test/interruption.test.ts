import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { checkShape, deathShape, expectRecord } from "./contract.js";
import { type Ended, ended, patience, start, useFolder } from "./sonde.js";

const folder = useFolder();

/** Presses Ctrl-C after a while; after longer whiles until it had started, and something was finished, by then. */
async function interrupted(args: readonly string[], signal: NodeJS.Signals = "SIGINT"): Promise<Ended & { seconds: number }> {
  for (const wait of [1000, 3000, 9000, 27_000]) {
    const child = start(args);
    const result = ended(child);
    await sleep(wait);
    const started = performance.now();
    child.kill(signal);
    const finished = { ...(await result), seconds: (performance.now() - started) / 1000 };
    if (finished.code !== null && !finished.stderr.includes("before anything was finished")) return finished;
  }
  throw new Error("nothing was finished in time");
}

// A second on an idle machine; test machines are not idle.
const atOnce = 3;

describe("Ctrl-C ends a long run at once with exit code 130", { timeout: patience }, () => {
  it("and --json prints what is finished, marked as interrupted", async () => {
    const { code, stdout, stderr, seconds } = await interrupted(["death", "1-2x9-1", "--networks", "1000000000", "--json"]);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    expect(seconds).toBeLessThan(atOnce);
    const { interrupted: mark, result, settings } = expectRecord(stdout, "death", deathShape);
    expect(mark).toBe(true);
    expect(result.bornDead.networks).toBeGreaterThan(0);
    expect(settings.networks).toBe(result.bornDead.networks);
  });

  it("whatever the verdict so far, and a termination likewise", async () => {
    const { code, stdout } = await interrupted(["check", "1-2x9-1", "--networks", "1000000000", "--json"], "SIGTERM");
    expect(code).toBe(130);
    expect(expectRecord(stdout, "check", checkShape).interrupted).toBe(true);
  });

  it("and a report says so", async () => {
    const { code, stdout, stderr } = await interrupted(["death", "1-2x9-1", "--networks", "1000000000"]);
    expect(code).toBe(130);
    expect(stdout).toMatch(/P\(born dead\)/);
    expect(stderr).toMatch(/interrupted/);
  });

  it.each([
    ["SIGINT", "2"],
    ["SIGTERM", "1"],
    ["SIGHUP", "1"],
  ] as const)("in the middle of one large network too: %s, threads: %s", async (signal, threads) => {
    const [out, plot] = [join(folder, "x.json"), join(folder, "x.svg")];
    const large = ["angles", "2000-2000x40-10", "--networks", "100000", "--method", "weights", "--threads", threads, "--json"];
    let code: number | null = null;
    // Longer where it had not started by then, and so was ended by the signal itself.
    for (const wait of [2000, 8000, 30_000]) {
      const child = start([...large, "--out", out, "--plot", plot]);
      const result = ended(child);
      await sleep(wait);
      // Nothing lies beside the results while they are computed, so whatever ends the run leaves nothing behind.
      expect(readdirSync(folder)).toEqual([]);
      const started = performance.now();
      child.kill(signal);
      ({ code } = await result);
      expect((performance.now() - started) / 1000).toBeLessThan(atOnce);
      if (code !== null) break;
    }
    expect(code).toBe(130);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  });

  it("while a file is read, with nothing to keep", async () => {
    const bytes = 2 ** 26;
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${bytes / 1024}, 1024), }`.padEnd(117, " ");
    const file = join(folder, "large.npy");
    writeFileSync(file, Buffer.concat([Buffer.from("\x93NUMPY\x01\x00v\x00", "latin1"), Buffer.from(`${header}\n`)]));
    truncateSync(file, bytes + 128);
    const child = start(["moments", file]);
    const result = ended(child);
    await sleep(1500);
    const started = performance.now();
    child.kill("SIGINT");
    expect(await result).toMatchObject({ code: null, signal: "SIGINT", stdout: "", stderr: "" });
    expect((performance.now() - started) / 1000).toBeLessThan(1);
    rmSync(file);
  });
});
