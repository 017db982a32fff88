import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { junitXml, repeatCommand, sarifLog } from "../src/index.js";
import { finding, recordOf } from "./records.js";

const findings = [
  finding("vanishing-angles", "at-risk", 3),
  finding("born-dead", "degenerate", 2),
  finding("born-dead", "degenerate", 9),
];

describe("SARIF", () => {
  // The types of the schema, checked by the compiler.
  const log: Log = sarifLog(recordOf(5, findings));
  const [{ results = [], tool, invocations = [] }] = log.runs;

  it("has a rule for every pathology and a result for every finding, degenerate as error", () => {
    expect(tool.driver.rules?.map(({ id }) => id)).toEqual(["vanishing-angles", "born-dead"]);
    expect(results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
      ["vanishing-angles", 0, "warning"],
      ["born-dead", 1, "error"],
      ["born-dead", 1, "error"],
    ]);
    expect(results[2].message.text).toBe("born dead (outputs): evidence of born-dead.");
    expect(invocations[0]).toMatchObject({ executionSuccessful: true });
    expect(sarifLog(recordOf(1, [])).runs[0].results).toEqual([]);
    const [{ level }] = sarifLog(recordOf(1, [finding("saturation", "note", 1)])).runs[0].results;
    expect(level).toBe("note");
    expect(sarifLog(recordOf(1, [], { interrupted: true })).runs[0].invocations[0].executionSuccessful).toBe(false);
  });

  it("points at the model's file, as a reference, and at the layer", () => {
    const [{ physicalLocation, logicalLocations }] = results[0].locations ?? [];
    expect(physicalLocation?.artifactLocation?.uri).toBe("nets/my%20net.json");
    expect(logicalLocations?.[0].name).toBe("layer 3");
    const widths = sarifLog(recordOf(2, findings.slice(0, 1), { settings: { model: "1-2x2-1" } }));
    expect(widths.runs[0].results[0].locations[0]).not.toHaveProperty("physicalLocation");
    const odd = sarifLog(recordOf(2, findings.slice(0, 1), { settings: { model: "a\ud800.onnx" } }));
    expect(JSON.stringify(odd)).toContain("a%EF%BF%BD.onnx");
  });
});

describe("JUnit", () => {
  /** The test cases, each its text. */
  const casesOf = (xml: string) => xml.split("<testcase ").slice(1);
  const nameOf = (text: string) => /^name="([^"]*)" classname="[^"]*" time="0">/.exec(text)?.[1];
  const having = (xml: string, element: string) =>
    casesOf(xml)
      .filter((text) => text.includes(`<${element} `))
      .map(nameOf);
  const failed = (xml: string) => having(xml, "failure");

  it.each([
    ["degenerate", ["death"]],
    ["at-risk", ["death", "angles between inputs"]],
    ["never", []],
  ] as const)("fails from %s on", (failOn, expected) => {
    const xml = junitXml(recordOf(5, findings), { failOn });
    expect(failed(xml)).toEqual(expected);
    expect(xml).toContain(`tests="11" failures="${expected.length}" errors="0" skipped=`);
    expect(casesOf(xml)).toHaveLength(11);
    expect(failed(junitXml(recordOf(5, findings, { settings: { failOn } })))).toEqual(expected);
    expect(failed(junitXml(recordOf(5, [finding("saturation", "note", 1)]), { failOn }))).toEqual([]);
  });

  it("skips what was not measured, and has a case for a pathology that it does not know", () => {
    const { result, ...rest } = recordOf(2, [finding("brand-new", "degenerate", 1)], { architecture: null });
    const xml = junitXml({ ...rest, result: { ...result, unmeasured: [{ question: "gradients", reason: "not <recorded>" }] } });
    expect(having(xml, "skipped")).toEqual(["structure", "gradients"]);
    expect(xml).toContain('<skipped message="not &lt;recorded&gt;"/>');
    expect(failed(xml)).toEqual(["brand new"]);
    // As the schema of Jenkins asks for.
    expect(casesOf(xml).map(nameOf)).not.toContain(undefined);
  });
});

it("the command to repeat is quoted for a shell", () => {
  const settings = { model: "it's.npz", networks: 10, relaxedSimd: true, json: false, quantiles: [0.1, 0.9], init: null };
  expect(repeatCommand({ command: "check", settings })).toBe(
    "sonde check 'it'\\''s.npz' --networks=10 --relaxed-simd --quantiles=0.1,0.9",
  );
});
