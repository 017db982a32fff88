import { describe, expect, it } from "vitest";
import { calibration } from "../src/failure/calibration.js";
import type { Failure, Finding } from "../src/index.js";
import { judge } from "../src/judge.js";

function failure(value: number, more: Partial<Failure> = {}): Failure {
  return {
    value,
    standardError: 0.01,
    low: value,
    high: value,
    networks: 32,
    recipe: calibration.adam.recipe,
    inRange: true,
    outside: [],
    targets: true,
    contributions: [
      { indicator: "deep", mechanism: "size", meaning: "ln of the depth", value: 4, logOdds: 2 },
      { indicator: "inputs-large", mechanism: "inputs", meaning: "ln of the mean square", value: 3, logOdds: 1 },
    ],
    momentum: { value: 0, standardError: 0.01, low: 0, high: 0, networks: 32, recipe: calibration.momentum.recipe },
    ...more,
  };
}

function finding(pathology: Finding["pathology"], severity: Finding["severity"]): Finding {
  return { pathology, severity, layer: 3, evidence: "", explanation: "", source: "" };
}

const momentum = (value: number) => ({ momentum: { ...failure(0).momentum, value } });

describe("the verdict", () => {
  it.each([
    [0.2, "healthy"],
    [0.2001, "at-risk"],
    [0.6, "at-risk"],
    [0.6001, "degenerate"],
  ])("is by the probability of failure: %d is %s", (value, verdict) => {
    const judged = judge([], failure(value), 7);
    expect(judged.verdict).toBe(verdict);
    expect(judged.findings.map(({ pathology, severity, layer }) => [pathology, severity, layer])).toEqual(
      verdict === "healthy" ? [] : [["hard-to-train", verdict, 7]],
    );
  });

  it.each([
    [0.5, "healthy"],
    [0.5001, "at-risk"],
    [1, "at-risk"],
  ])("is at risk where momentum alone fails: %d is %s", (value, verdict) => {
    expect(judge([], failure(0.1, momentum(value)), 7).verdict).toBe(verdict);
  });

  it("makes findings no graver than the probability, and notes of those that do no harm", () => {
    const found = [finding("vanishing-nodes", "degenerate"), finding("saturation", "at-risk")];
    const severities = (failed: Failure) => judge(found, failed, 7).findings.map(({ severity }) => severity);
    expect(severities(failure(0.1))).toEqual(["note", "note"]);
    expect(severities(failure(0.3))).toEqual(["at-risk", "at-risk"]);
    expect(severities(failure(0.9))).toEqual(["degenerate", "at-risk"]);
  });

  it("excuses a finding only where the whole interval of the probability is low", () => {
    const verdict = (high: number) => judge([finding("vanishing-nodes", "degenerate")], failure(0.1, { high }), 7).verdict;
    expect(verdict(0.2)).toBe("healthy");
    expect(verdict(0.2001)).toBe("at-risk");
  });

  it("says what drives a probability that no finding explains", () => {
    const { findings } = judge([finding("saturation", "at-risk")], failure(0.9), 7);
    expect(findings.map(({ pathology, severity }) => [pathology, severity])).toEqual([
      ["saturation", "at-risk"],
      ["hard-to-train", "degenerate"],
    ]);
    expect(findings[1].evidence).toContain("ln of the depth: 4");
    const [byInputs] = judge([], failure(0.9, { contributions: [...failure(0).contributions].reverse() }), 7).findings;
    expect(byInputs.layer).toBe(0);
    const [byMomentum] = judge([], failure(0.05, momentum(0.9)), 7).findings;
    expect(byMomentum.evidence).toContain("momentum");
  });

  it("does not raise a probability that is middling where it is not known what is to be learned", () => {
    const verdict = (value: number, more: Partial<Failure> = {}) =>
      judge([], failure(value, { targets: false, ...more }), 7).verdict;
    expect(verdict(0.8)).toBe("healthy");
    expect(verdict(0.8001)).toBe("degenerate");
    expect(verdict(0.1, momentum(0.9))).toBe("healthy");
  });

  it.each([
    "born-dead",
    "dead-layer",
    "dead-outputs",
    "copied-units",
    "input-scale",
    "uneven-inputs",
    "overconfident-outputs",
  ] as const)("leaves %s as it is, whatever the probability", (pathology) => {
    const judged = judge([finding(pathology, "at-risk")], failure(0.001), 7);
    expect([judged.verdict, judged.findings[0].severity]).toEqual(["at-risk", "at-risk"]);
  });

  it("is the worst finding outside the calibrated range, and where nothing is known of the probability", () => {
    const found = [finding("vanishing-nodes", "degenerate"), finding("saturation", "at-risk")];
    for (const unknown of [undefined, failure(0.001, { inRange: false })])
      expect(judge(found, unknown, 7)).toEqual({ verdict: "degenerate", findings: found });
    expect(judge([], failure(0.99, { inRange: false }), 7).verdict).toBe("healthy");
  });
});
