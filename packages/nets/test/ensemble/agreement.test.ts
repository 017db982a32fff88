import { addTo, ksTest2, matrix, mean, moments, normals, standardError, stream } from "@sonde/core";
import { normalCdf } from "@sonde/core/math";
import { describe, expect, it } from "vitest";
import { type Architecture, type EnsemblePlan, type Executor, mlp, planEnsemble, runEnsemble } from "../../src/index.js";
import { type NetworkStatistics, names, statistics } from "./agreement-statistics.js";

/** The same list for every pair of executors, seeds and points chosen once. */
const architectures: [string, Architecture][] = [
  ["plain ReLU", mlp("4-8x6-1")],
  ["normal bias", mlp("4-7x5-1", { bias: "normal:0.3" })],
  ["batch norm", mlp("4-10x5-1", { norm: "batch" })],
  ["layer norm", mlp("4-9x4-1", { norm: "layer" })],
  ["rms norm with tanh", mlp("4-12x5-1", { norm: "rms", activation: "tanh" })],
  ["residual units", mlp("4-8x6-1", { skip: "residual", block: 2 })],
  ["concatenated skips", mlp("4-6x4-1", { skip: "dense" })],
  ["orthogonal weights", mlp("4-6-12-7-8-1", { init: "orthogonal", weightVariance: 2 })],
];
const points: EnsemblePlan["inputs"] = matrix(5, 4, normals(stream(41), new Float64Array(20)));
const seeds = { weights: 101, law: 102 };

/** Networks drawn by the given executor, or by the one that the method chooses. */
async function draw(architecture: Architecture, method: "weights" | "law", networks: number, executor?: Executor) {
  const metrics = [{ name: "statistics", options: {} }];
  const plan = planEnsemble({ architecture, inputs: points, seed: seeds[method], method, networks, metrics });
  const { states } = await runEnsemble(executor ? { ...plan, executor } : plan, { metrics: [statistics] });
  return states[0] as NetworkStatistics;
}

/** The p-value of each statistic, if both ensembles follow one law: Kolmogorov-Smirnov for values, a two-sided z-test for shares. */
function pValues(a: NetworkStatistics, b: NetworkStatistics): Record<string, number> {
  return Object.fromEntries(
    names.map((name) => [name, shares.has(name) ? zTest(a[name], b[name]) : ksTest2(a[name], b[name]).pValue]),
  );
}

const shares: ReadonlySet<string> = new Set(["livingRatio", "bornDead", "noLivingPoint"]);

function zTest(a: number[], b: number[]): number {
  const [x, y] = [a, b].map((values) => {
    const m = moments({ order: 2 });
    for (const value of values) addTo(m, value);
    return m;
  });
  const error = Math.hypot(standardError(x), standardError(y));
  const difference = Math.abs(mean(x) - mean(y));
  return difference === 0 ? 1 : 2 * normalCdf(-difference / error);
}

function expectAgreement(found: Record<string, number>): void {
  const doubtful = Object.entries(found).filter(([, p]) => !(p > 0.001));
  expect(doubtful).toEqual([]);
}

describe("the draw in law and explicit weights agree", () => {
  // Weights by the float32 kernels, orthogonal ones by the float64 reference; law by the float64 kernels.
  it.each(architectures)("at 5000 networks and more: %s", async (name, architecture) => {
    // Orthogonal weights are drawn by the slow reference; plain layers are held closest, all others are made of them.
    const networks = { "plain ReLU": 20_000, "orthogonal weights": 5000 }[name] ?? 10_000;
    const weights = await draw(architecture, "weights", networks);
    const law = await draw(architecture, "law", networks, "law");
    expectAgreement(pValues(weights, law));
  });

  it.each(architectures)("in plain float64, at 1,000 networks: %s", async (_name, architecture) => {
    const weights = await draw(architecture, "weights", 1000, "reference");
    const law = await draw(architecture, "law", 1000, "law-reference");
    expectAgreement(pValues(weights, law));
  });

  it("which weights of 3 % more variance would not", async () => {
    const weights = await draw(mlp("4-8x6-1"), "weights", 20_000);
    const law = await draw(mlp("4-8x6-1", { weightVariance: 2.06 }), "law", 20_000);
    expect(pValues(weights, law).nu2).toBeLessThan(1e-6);
  });
});
