import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { claims } from "@sonde/papers";
import { expect, it } from "vitest";
import { inProcess, useFolder } from "./sonde.js";

const folder = useFolder();

it("sonde reproduce lists every claim with what it takes and the verdict that is recorded", async () => {
  const { code, stdout } = await inProcess(["reproduce"]);
  expect(code).toBe(0);
  for (const { id } of claims) expect(stdout).toContain(id);
  const json = JSON.parse((await inProcess(["reproduce", "--json"])).stdout);
  expect(json.result.claims.map(({ claim }: { claim: string }) => claim)).toEqual(claims.map(({ id }) => id));
  expect(json.result.claims[0]).toMatchObject({ number: "1.1", seconds: { quick: expect.any(Number) } });
});

it("sonde reproduce CLAIM measures, compares, draws, and gives the same bits again", async () => {
  const plot = join(folder, "layer.svg");
  const first = await inProcess(["reproduce", "neuron-death/single-layer", "--plot", plot, "--threads", "1"]);
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/✓\s+P\(dead\), N = 2, d = 2\s+0\.06\S* ± \S+\s+0\.0625\s+theory/);
  expect(first.stdout).toContain("confirmed");
  expect(readFileSync(plot, "utf8")).toContain("2^(-N d)");
  const json = (args: string[]) => inProcess(["reproduce", "neuron-death/single-layer", "--json", ...args]);
  const [one, two, other] = [await json(["--threads", "1"]), await json(["--threads", "2"]), await json(["--seed", "1"])].map(
    ({ stdout }) => JSON.parse(stdout),
  );
  expect(two.result).toEqual(one.result);
  expect(other.result).not.toEqual(one.result);
  expect(one.settings).toEqual({ claims: "neuron-death/single-layer", scale: "quick", seed: 0 });
  expect(one.result.claims[0]).toMatchObject({ verdict: "confirmed", interrupted: false });
});

it("sonde reproduce keeps finished parts in a checkpoint and goes on from it", async () => {
  const file = join(folder, "run.json");
  const args = ["reproduce", "neuron-death/single-layer", "neuron-death/bounds", "--json", "--checkpoint", file];
  const first = JSON.parse((await inProcess(args)).stdout);
  const kept = JSON.parse(readFileSync(file, "utf8"));
  expect(kept.known["neuron-death/single-layer"]).toHaveLength(9);
  // What is kept is taken as it is: a mark in it comes out again.
  kept.known["neuron-death/bounds"][0].result[0].mark = "kept";
  writeFileSync(file, JSON.stringify(kept));
  const again = JSON.parse((await inProcess(args)).stdout);
  expect(again.result.claims[1].parts[0].result[0].mark).toBe("kept");
  expect(again.result.claims[0]).toEqual(first.result.claims[0]);
});

it.each([
  [["colapse"], /no claim "colapse": did you mean collapse\?/],
  [["--scale", "full"], /--scale is for a run/],
  [["--all", "angles"], /--all measures every claim/],
  [["collapse", "--plot", "x.svg"], /--plot draws the figure of one claim, and these are 5/],
  [["collapse/estimate", "--data", "digits"], /--data is for claims that need images/],
  [["moments/batch-norm", "--data", "/nowhere.csv"], /there is no such file/],
  [["collapse/estimate", "--scale", "huge"], /--scale is one of quick, standard, full/],
] as [string[], RegExp][])("sonde reproduce %j is refused in a sentence", async (args, message) => {
  const { code, stdout, stderr } = await inProcess(["reproduce", ...args]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(message);
});
