import { absences } from "@sonde/checkup/asked";
import { describe, expect, it } from "vitest";
import { inProcess } from "./sonde.js";

/** Requests at the edge of what numbers can say, by command. */
const few = ["--networks", "6"];
const commands: Readonly<Record<string, readonly string[]>> = {
  check: few,
  advise: [...few, "--points", "16"],
  death: few,
  angles: few,
  vni: [...few, "--points", "16"],
  moments: [...few, "--batch", "8"],
  kernel: [...few, "--points", "4"],
  predict: [],
};
const extremes: readonly (readonly string[])[] = [
  ["4-6x2-2", "--weight-variance", "1e-300"],
  ["4-6x2-2", "--weight-variance", "1e30"],
  ["4-6x2-2", "--activation", "tanh", "--bias", "normal:1e300"],
  ["4-6x2-2", "--activation", "sin", "--weight-variance", "1e30"],
  ["4-6x2-2", "--norm", "layer", "--weight-variance", "1e-300"],
  ["2-1x3-1"],
  ["1-2x3-1", "--domain=-1,1"],
  ["3-3"],
];
/** Remedies are compared in the words of `check`: of `advise`, which takes longest, every other one. */
const asked = (command: string) => extremes.filter((_, k) => command !== "advise" || k % 2 === 0);
const requests = Object.entries(commands).flatMap(([command, options]) =>
  asked(command).map((extreme) =>
    [command, ...extreme, ...options].filter((word) => command !== "predict" || !word.startsWith("--domain")),
  ),
);
const others = [
  ["check", "4-6x2-2", "--networks", "1"],
  ["check", "4-6x2-2", "--points", "1", "--networks", "4"],
  ["death", "1-2x2-1", "--networks", "1"],
  ["death", "2-3x2-1", "--points", "1", "--networks", "1"],
  ["angles", "2-3x2-1", "--networks", "1"],
  ["angles", "2-3x2-1", "--data", "xor", "--networks", "3", "--similarity", "biased"],
  ["vni", "4-6x2-2", "--networks", "1", "--points", "8"],
  ["moments", "4-6x2-2", "--networks", "1"],
  ["moments", "2-3x2-1", "--batch", "1", "--no-standardize", "--networks", "3"],
  ["kernel", "2-4x2-1", "--points", "1", "--networks", "1"],
  ["advise", "4-6x2-2", "--networks", "1"],
  ["phase", "--activation", "relu", "--weight-variance", "3"],
  ["phase", "--activation", "exp", "--weight-variance", "1e-300..1e30", "--grid", "3"],
  ["phase", "--activation", "sign", "--weight-variance", "1"],
];

/** The names of what is null in a record, each by the summary that it belongs to. */
function nulls(value: unknown, name = ""): string[] {
  if (value === null) return [name];
  if (typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap((inner) => nulls(inner, name));
  return Object.entries(value).flatMap(([key, inner]) => nulls(inner, key === "value" || key === "mean" ? name : key));
}

describe("a number that does not exist has its reason in the warnings", () => {
  it.each([...requests, ...others].map((args) => [args.join(" "), args] as const))("%s", async (_name, args) => {
    const { code, stdout } = await inProcess([...args.filter((word) => word !== "--json"), "--json"]);
    // What cannot be asked, or overflows as a whole, is said in a sentence.
    if (code === 2 || code === 3) return;
    const { result, warnings } = JSON.parse(stdout);
    const spread = ["standardError", "low", "high", "sd", "p16", "p84"];
    const named = (name: string) => warnings.some((text: string) => new RegExp(`\\b${name}\\b`).test(text));
    const silent = [...new Set(nulls(result))].filter((name) => !named(name) && !spread.includes(name));
    expect(silent).toEqual([]);
    expect(stdout).not.toMatch(/NaN|Infinity/);
  });
});

describe("a report says so with a dash or in words", () => {
  // Some: reports take the same way to a dash whatever is absent.
  it.each([
    ...extremes.filter((_, k) => k % 4 === 1),
    ["2-3-2", "--domain=-1e300,1e300;0,1", "--points", "8"],
    ["1-5x3-2", "--activation", "abs", "--weight-variance", "4", "--norm", "rms", "--points", "2"],
  ])("check %s %s %s", async (...args) => {
    const { code, stdout } = await inProcess(["check", ...args, ...few]);
    if (code !== null && code < 2) expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe("absences", () => {
  it("names fields and layers, one sentence for a reason", () => {
    const none = { value: Number.NaN, standardError: Number.NaN };
    const some = { value: 1, standardError: 0.1 };
    const layers = [some, none, none].map((vni) => ({ vni, weighted: vni, kept: 1 }));
    expect(absences({ layers })).toEqual([
      "vni, weighted are null from layer 2 on: in no network do two units vary over the points",
    ]);
    expect(absences({ layers: [none, some, some].map((vni) => ({ vni })) })[0]).toMatch(/^vni is null in layer 1: /);
    expect(absences({ layers: [none, some, none, some].map((vni) => ({ vni })) })[0]).toMatch(/^vni is null in some layers: /);
    expect(absences({ layers: [some, none, none, some].map((vni) => ({ vni })) })[0]).toMatch(/^vni is null in layers 2 to 3: /);
  });

  it("is silent of what exists, of what is absent, and of what a warning names", () => {
    expect(absences({ a: 0, b: [1, "x"], c: undefined, d: { value: 1 }, e: true })).toEqual([]);
    expect(absences({ smallest: null }, ["there is no smallest change"])).toEqual([]);
    expect(absences({ smallest: null }, ["there is none"])).toHaveLength(1);
  });

  it("tells an unknown number apart from one that is too large", () => {
    expect(absences({ odd: Number.NaN })).toEqual([
      "odd is null: in no network is there a value, or it is beyond the largest number",
    ]);
    expect(absences({ large: Float64Array.of(1, Number.POSITIVE_INFINITY) })).toEqual([
      "large is null: it is beyond the largest number",
    ]);
    expect(absences({ death: { value: 0.5, standardError: Number.NaN } })).toEqual([
      "standardError is null: a single network or value says nothing about its spread",
    ]);
  });
});
