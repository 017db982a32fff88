import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseYaml } from "@sonde/formats/yaml";
import { describe, expect, it } from "vitest";
import { inProcess, useFolder } from "./sonde.js";

const folder = useFolder();
const at = (name: string) => join(folder, name);
const example = fileURLToPath(new URL("../../docs/examples/gated.yaml", import.meta.url));
const told = async (...args: string[]) => {
  const { code, stdout, stderr } = await inProcess([...args, "--json", "--quiet"]);
  return { code, stderr, ...JSON.parse(stdout || "{}") };
};

describe("a graph that is no list of layers", () => {
  it("is judged by networks that are drawn of it, from YAML and from JSON alike", async () => {
    const { code, result, architecture } = await told(
      "check",
      example,
      "--points",
      "32",
      "--networks",
      "6",
      "--html",
      at("report.html"),
    );
    expect({ code, architecture }).toEqual({ code: 0, architecture: null });
    expect(result).toMatchObject({
      verdict: "healthy",
      weights: { initialiser: "he-normal", trained: false, drawn: true },
      like: { initialiser: "he-normal", recognised: true, networks: 6 },
    });
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(["up", "r2", "gate"]);
    expect(readFileSync(at("report.html"), "utf8")).toMatch(/a network drawn of this graph/);
    writeFileSync(at("gated.json"), JSON.stringify(parseYaml(readFileSync(example, "utf8"))));
    const same = await told("check", at("gated.json"), "--points", "32", "--networks", "6");
    expect(same.result).toEqual(result);
    const other = await told(
      "check",
      at("gated.json"),
      "--points",
      "32",
      "--networks",
      "6",
      "--seed",
      "1",
      "--init",
      "orthogonal",
    );
    expect(other.result.layers).not.toEqual(result.layers);
    expect(other.result.weights.initialiser).toBe("orthogonal");
  });

  it("that collapses is degenerate, and the network shown is one that is", async () => {
    const block = (k: number, from: string) => [
      { name: `d${k}`, kind: "dense", units: 3, activation: "relu", inputs: from },
      { name: `g${k}`, kind: "multiply", inputs: [`d${k}`, from] },
    ];
    const layers = [{ name: "g0", kind: "dense", units: 3 }, ...[1, 2, 3, 4, 5, 6].flatMap((k) => block(k, `g${k - 1}`))];
    writeFileSync(at("deep.json"), JSON.stringify({ input: 3, layers: [...layers, { kind: "dense", units: 1 }] }));
    const { code, result } = await told("check", at("deep.json"), "--points", "32", "--networks", "6");
    expect(code).toBe(1);
    expect(result.verdict).toBe("degenerate");
    expect(result.like.verdicts.degenerate).toBeGreaterThan(3);
  });

  it("is taken by measurements of one network, and by no command that needs a list", async () => {
    expect((await told("angles", example, "--points", "8")).result.layers).toHaveLength(3);
    for (const args of [
      ["predict", example],
      ["check", example, "--method", "law"],
      ["inspect", example],
    ]) {
      const { code, stderr } = await inProcess(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^sonde: [^\n]+(take any graph|is about random networks|sonde check tells what it says)[^\n]*\n$/);
    }
  });

  it.each([
    ["an alias that grows", `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(9)}]\nc: [${"*b,".repeat(9)}]`],
    ["depth without end", "[".repeat(20_000)],
    ["a key twice", "input: 3\ninput: 4\nlayers: []"],
    ["an alias within what it names", "input: 4\nlayers:\n  - &a { kind: residual, body: [*a] }"],
    ["damage", "input: [3\nlayers"],
  ])("YAML with %s is refused with a sentence", async (_name, text) => {
    writeFileSync(at("file.yaml"), text);
    const { code, stderr } = await inProcess(["check", at("file.yaml")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
  });
});
