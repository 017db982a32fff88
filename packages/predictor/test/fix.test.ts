import type { Estimate } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { byEffect, bySize, type Fix, improves } from "../src/fix.js";
import type { Finding, Verdict, Vitals } from "../src/index.js";

const estimate = (value: number, standardError = 0): Estimate => ({
  value,
  standardError,
  low: value,
  high: value,
  networks: 100,
});

function vitals(verdict: Verdict, numbers: Partial<Vitals> = {}): Vitals {
  const findings: Pick<Finding, "pathology" | "severity">[] =
    verdict === "healthy" ? [] : [{ pathology: "born-dead", severity: verdict }];
  return { verdict, findings, bornDead: estimate(0), networks: 100, ...numbers };
}

const fix = (after: Vitals, more: Partial<Fix> = {}): Fix => ({
  change: "",
  architecture: { input: [1], layers: [] },
  remedies: ["he"],
  families: ["init"],
  parameters: 10,
  cost: "",
  leaves: "",
  before: vitals("degenerate"),
  after,
  ...more,
});

describe("a change improves", () => {
  it("a verdict", () => {
    expect(improves({ before: vitals("degenerate"), after: vitals("at-risk") })).toBe(true);
    expect(improves({ before: vitals("at-risk"), after: vitals("degenerate") })).toBe(false);
    expect(improves({ before: vitals("healthy"), after: vitals("healthy") })).toBe(false);
  });

  it("by fewer findings, of which one that is degenerate outweighs the others", () => {
    const risk = { pathology: "dead-units", severity: "at-risk" } as const;
    const worse = vitals("degenerate", { findings: [...vitals("degenerate").findings, risk] });
    expect(improves({ before: worse, after: vitals("degenerate") })).toBe(true);
    expect(improves({ before: vitals("degenerate"), after: worse })).toBe(false);
    const twice = vitals("degenerate", { findings: [...vitals("degenerate").findings, { ...risk, severity: "degenerate" }] });
    expect(improves({ before: twice, after: vitals("degenerate", { findings: [twice.findings[0], risk, risk, risk] }) })).toBe(
      true,
    );
  });

  it("the probability of failure by a tenth, where it is calibrated before and after", () => {
    const chance = (value: number, inRange = true) => ({ failure: { ...estimate(value), inRange } });
    const before = vitals("degenerate", chance(0.9));
    expect(improves({ before, after: vitals("degenerate", chance(0.8)) })).toBe(true);
    expect(improves({ before, after: vitals("degenerate", chance(0.86)) })).toBe(false);
    expect(improves({ before, after: vitals("degenerate", chance(0.1, false)) })).toBe(false);
    const [far, near] = [0.65, 0.75].map((value) => fix(vitals("degenerate", chance(value)), { parameters: 1000 * (1 - value) }));
    expect([near, far].sort(byEffect)).toEqual([far, near]);
  });

  it("a number by more than two standard errors of the difference", () => {
    // The errors 0.03 and 0.04 make one of 0.05.
    const before = vitals("degenerate", { bornDead: estimate(0.6, 0.03) });
    const after = (value: number) => vitals("degenerate", { bornDead: estimate(value, 0.04) });
    expect(improves({ before, after: after(0.501) })).toBe(false);
    expect(improves({ before, after: after(0.499) })).toBe(true);
  });

  it.each<[string, (value: number) => Partial<Vitals>, number, number]>([
    ["degenerate pairs", (value) => ({ degenerate: estimate(value) }), 0.6, 0.1],
    ["dead outputs", (value) => ({ deadOutputs: estimate(value) }), 0.6, 0.01],
    ["saturated values", (value) => ({ saturated: estimate(value) }), 0.8, 0.5],
    ["ln sin^2", (value) => ({ logSin2: { ...estimate(value), sd: 0 } }), -12, -6],
    ["a vanishing signal", (value) => ({ logSpread: estimate(value) }), -20, -10],
    ["gradients of different sizes", (value) => ({ gradientSpread: value }), 6, 3],
    ["an exploding signal", (value) => ({ logSpread: estimate(value) }), 20, 5],
  ])("%s, as far as they are at risk", (_, of, bad, good) => {
    const at = (value: number) => vitals("degenerate", of(value));
    expect(improves({ before: at(bad), after: at(good) })).toBe(true);
    expect(improves({ before: at(good), after: at(bad) })).toBe(false);
    // What is not at risk is not worth a change.
    expect(improves({ before: at(good), after: at(good / 2) })).toBe(false);
  });
});

describe("fixes are ordered", () => {
  it("by verdict, then findings, then what is left, and healthy ones by how little they change", () => {
    const healthy = fix(vitals("healthy", { bornDead: estimate(0.009) }));
    const large = fix(vitals("healthy"), { families: ["width"] });
    const few = fix(vitals("degenerate", { bornDead: estimate(0.2) }));
    const many = fix(vitals("degenerate", { bornDead: estimate(0.3) }), { families: ["inputs"] });
    const most = fix(
      vitals("degenerate", { findings: [...few.after.findings, { pathology: "saturation", severity: "at-risk" }] }),
    );
    expect([most, many, large, few, healthy].sort(byEffect)).toEqual([healthy, large, few, many, most]);
  });

  it("by size: remedies, the largest family, parameters", () => {
    const small = fix(vitals("healthy"), { families: ["inputs"], parameters: 99 });
    const fewer = fix(vitals("healthy"), { parameters: 9 });
    const more = fix(vitals("healthy"));
    const pair = fix(vitals("healthy"), { remedies: ["standardise", "he"], families: ["inputs", "init"] });
    const larger = fix(vitals("healthy"), { remedies: ["standardise", "residual"], families: ["inputs", "skip"] });
    expect([larger, pair, more, fewer, small].sort(bySize)).toEqual([small, fewer, more, pair, larger]);
  });
});
