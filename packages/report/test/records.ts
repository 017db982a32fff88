import type { CheckRecord, FindingRecord, VitalsRecord } from "../src/index.js";

const estimate = (value: number) => ({ value, standardError: 0.01, low: value - 0.02, high: value + 0.02, networks: 100 });

export const finding = (pathology: string, severity: FindingRecord["severity"], layer: number): FindingRecord => ({
  pathology,
  severity,
  layer,
  evidence: `evidence of ${pathology}`,
  explanation: `what ${pathology} means`,
  source: "a source",
});

const vitals = (verdict: string, bornDead: number): VitalsRecord => ({ verdict, bornDead: estimate(bornDead) });

/** A record as `sonde check --json` prints it, of a network of `depth` layers. */
export function recordOf(depth: number, findings: readonly FindingRecord[], more: Partial<CheckRecord> = {}): CheckRecord {
  const verdict = findings.some(({ severity }) => severity === "degenerate")
    ? "degenerate"
    : findings.some(({ severity }) => severity === "at-risk")
      ? "at-risk"
      : "healthy";
  return {
    sonde: "1.2.3",
    command: "check",
    architecture: { input: [4], layers: [] },
    settings: { model: "nets/my net.json", seed: 7, domain: "-1,1", failOn: "degenerate" },
    result: {
      verdict,
      failure: { ...estimate(0.4), inRange: true, outside: [], recipe: "Adam", contributions: [] },
      findings,
      fixes:
        verdict === "healthy"
          ? []
          : [
              {
                change: "GELU instead of ReLU",
                before: vitals(verdict, 0.9),
                after: vitals("healthy", 0),
                cost: "time",
                leaves: "nothing",
              },
            ],
      bornDead: estimate(0.9),
      layers: Array.from({ length: depth }, (_, l) => ({
        layer: l + 1,
        livingRatio: estimate(1 / (l + 1)),
        deadHere: estimate(0.1),
        logSin2: { ...estimate(-l), sd: 1 },
        degenerate: 0.1,
        signal: { units: 8, activation: "relu", logMeanSquare: estimate(-l), logVariance: estimate(-l - 1) },
        deadUnits: estimate(0.2),
        constantUnits: estimate(0.2),
        gradient: { activations: { mean: l, standardError: 0.1 } },
      })),
    },
    warnings: ["a warning"],
    elapsedMs: 1234,
    ...more,
  };
}
