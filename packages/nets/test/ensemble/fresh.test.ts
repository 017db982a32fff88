import { describe, expect, it } from "vitest";
import { type EnsemblePlan, gaussianInputs, type Metric, mlp, planEnsemble, runEnsemble } from "../../src/index.js";
import { capture } from "./capture.js";

const architecture = mlp("3-6x3-1", { activation: "tanh" });

/** The captured activations of seven networks, layer 1 first. */
async function activations(executor: EnsemblePlan["executor"], copies = 1): Promise<number[][][]> {
  const inputs = gaussianInputs(architecture, { points: 4, copies });
  const request = { architecture, inputs, fresh: inputs.fresh, seed: 3, method: "weights", networks: 7 } as const;
  const plan = { ...planEnsemble({ ...request, metrics: [{ name: "capture", options: {} }] }), executor };
  const { states } = await runEnsemble(plan, { metrics: [capture as Metric<unknown, unknown, unknown>] });
  return (states[0] as { layers: number[][] }[]).map(({ layers }) => layers);
}

describe("fresh inputs", () => {
  it.each([
    ["kernels", "reference"],
    ["law", "law-reference"],
  ] as const)("are the same for %s and %s", async (fast, plain) => {
    for (const copies of [1, 3]) {
      const [a, b] = [await activations(fast, copies), await activations(plain, copies)];
      expect(a).toHaveLength(7);
      a.forEach((network, k) => {
        network.forEach((layer, l) => {
          layer.forEach((value, i) => {
            // Rounding of float32 draws through three layers.
            expect(Math.abs(value - b[k][l][i])).toBeLessThan(1e-5);
          });
        });
      });
    }
  });

  it("are other points for every network, and the same with more copies", async () => {
    const [single, double] = [await activations("reference"), await activations("reference", 2)];
    const first = (network: number[][], point: number) => network[0].slice(6 * point, 6 * point + 6);
    for (let p = 0; p < 4; p++) {
      expect(first(double[2], 2 * p)).toEqual(first(single[2], p));
      expect(first(double[2], 2 * p + 1)).toEqual(first(single[2], p));
    }
    const weightless = mlp("3-6x1-1", { init: "orthogonal", activation: "linear" });
    expect(gaussianInputs(weightless, { points: 5 }).data).toEqual(gaussianInputs(weightless, { points: 5 }).data);
    expect(gaussianInputs(weightless, { points: 5, seed: 1 }).data).not.toEqual(gaussianInputs(weightless, { points: 5 }).data);
  });

  it("do not go with survivors, and need whole numbers", () => {
    expect(() => gaussianInputs(architecture, { points: 0 })).toThrow("fresh inputs need a whole number of points from 1, got 0");
    const inputs = gaussianInputs(architecture, { points: 2 });
    const request = { architecture, inputs, fresh: inputs.fresh, seed: 0, method: "conditional", metrics: [] } as const;
    expect(() => planEnsemble(request)).toThrow("every network has inputs of its own");
  });
});
