import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "@sonde/formats";
import { checkHtml, junitXml, sarifLog } from "@sonde/report";
import { describe, expect, it } from "vitest";
import { inProcess, patience, useFolder } from "./sonde.js";

const folder = useFolder();
const at = (name: string) => join(folder, name);
const files = (...kinds: string[]) => kinds.flatMap((kind) => [`--${kind}`, at(kind)]);

describe("reports of check", { timeout: patience }, () => {
  it("are those that the library makes of the JSON of the same run", async () => {
    const { code, stdout } = await inProcess([
      "check",
      "4-16x2-1",
      "--networks",
      "16",
      "--json",
      ...files("html", "sarif", "junit"),
    ]);
    expect(code).toBe(0);
    const record = JSON.parse(stdout);
    expect(readFileSync(at("html"), "utf8")).toBe(checkHtml(record));
    expect(JSON.parse(readFileSync(at("sarif"), "utf8"))).toEqual(sarifLog(record));
    expect(readFileSync(at("junit"), "utf8")).toBe(junitXml(record));
  });

  it("are made of recordings too, with the command that leads to the same result", async () => {
    const path = at("zeros.npy");
    writeFileSync(path, writeNpy({ shape: [40, 4], data: new Float32Array(160) }));
    const { code, stdout } = await inProcess(["check", path, "--seed", "3", "--json", ...files("html", "sarif")]);
    expect(code).toBe(1);
    expect(readFileSync(at("html"), "utf8")).toContain("dead layer");
    const [{ results, invocations }] = JSON.parse(readFileSync(at("sarif"), "utf8")).runs;
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toMatch(/zeros\.npy$/);
    const again = await inProcess([...invocations[0].commandLine.split(" ").slice(1), "--json"]);
    expect(JSON.parse(again.stdout).result).toEqual(JSON.parse(stdout).result);
  });

  it.each([
    [["--html", join("nowhere", "there", "a.html")], /cannot write .*: give --html a file in a folder that exists/],
    [["--html", "a", "--junit", "./a"], /--html and --junit name the same file/],
    [["--out", "a", "--sarif", "a"], /--out and --sarif name the same file/],
  ])("refuses %j before the run", async (options, message) => {
    const { code, stderr, stdout } = await inProcess(["check", "1-2x9-1", ...options]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(existsSync("a")).toBe(false);
  });
});
