import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ended, inProcess, patience, start, useFolder } from "./sonde.js";

const folder = useFolder();
const at = (name: string) => join(folder, name);
const quick = ["--networks", "20", "--quiet"];

/** Every command, with what its figure is called. */
const commands: readonly (readonly [title: string, ...args: string[]])[] = [
  ["Where networks die", "death", "1-2x3-1"],
  ["Check-up", "check", "1-3x3-1", "--fail-on", "never"],
  ["Angle between inputs", "angles", "4-8x3-1"],
  ["Vanishing nodes", "vni", "4-8x3-1", "--points", "50"],
  ["Signal and noise", "moments", "4-8x3-1", "--batch", "16"],
  ["Kernels", "kernel", "4-8x3-1", "--points", "5"],
];

describe("--plot", { timeout: patience }, () => {
  it.each(commands)("draws %s by sonde %s", async (title, ...args) => {
    const file = at(`${args[0]}.svg`);
    const { code, stdout, stderr } = await inProcess([...args, ...quick, "--plot", file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(args[1]);
    expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^<svg [^>]*>.*${title}.*</svg>\n$`, "s"));
  });

  it("draws predictions, which take no networks, and phase diagrams, which take no model", async () => {
    expect((await inProcess(["predict", "4-8x3-1", "--plot", at("predict.svg"), "--quiet"])).code).toBe(0);
    expect(readFileSync(at("predict.svg"), "utf8")).toContain("infinite width");
    const phase = [
      "phase",
      "--activation",
      "tanh",
      "--weight-variance",
      "0.5..3",
      "--bias-variance",
      "0..0.5",
      "--grid",
      "5",
      "--quiet",
    ];
    expect((await inProcess([...phase, "--plot", at("phase.svg")])).code).toBe(0);
    expect(readFileSync(at("phase.svg"), "utf8")).toContain("edge of chaos");
  });

  it("draws a PNG, and replaces what was there", async () => {
    writeFileSync(at("old.PNG"), "old");
    expect((await inProcess(["death", "1-2x3-1", ...quick, "--plot", at("old.PNG"), "--theme", "dark"])).code).toBe(0);
    expect([...readFileSync(at("old.PNG")).subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  });

  it("draws in characters below the report", async () => {
    const { code, stdout } = await inProcess(["death", "1-2x3-1", ...quick, "--plot", "-"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/living points[\s\S]*Where networks die[\s\S]*┤/);
    expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(100);
  });

  it("leaves the numbers as they are", async () => {
    const args = ["death", "1-2x3-1", ...quick, "--json"];
    const result = async (...more: string[]) => JSON.parse((await inProcess([...args, ...more])).stdout);
    const [plain, drawn] = [await result(), await result("--plot", at("json.svg"))];
    expect({ ...drawn, elapsedMs: 0 }).toEqual({ ...plain, elapsedMs: 0 });
    expect(existsSync(at("json.svg"))).toBe(true);
  });

  it("draws what an interrupted run has finished, and leaves no half-written file", async () => {
    const child = start([
      "death",
      "2-64x50-1",
      "--networks",
      "100000000",
      "--threads",
      "1",
      "--quiet",
      "--plot",
      at("interrupted.svg"),
    ]);
    setTimeout(() => child.kill("SIGINT"), 3000);
    const { code } = await ended(child);
    expect(code).toBe(130);
    if (existsSync(at("interrupted.svg"))) expect(readFileSync(at("interrupted.svg"), "utf8")).toContain("interrupted");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});
