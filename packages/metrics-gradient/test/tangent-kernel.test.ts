import { readFileSync } from "node:fs";
import { matrix, matrixFromRows, normals, stream } from "@sonde/core";
import { type Architecture, gradient, mlp, networkStream, randomNetwork } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { measureTangentKernel, tangentKernel } from "../src/index.js";

/** An entry of the kernel, from its definition. */
function entry(
  network: ReturnType<typeof randomNetwork>,
  points: ReturnType<typeof matrix>,
  factors: number[],
  p: number,
  q: number,
) {
  const derivative = (chosen: number) => {
    const errors = matrix(points.rows, factors.length);
    errors.data.set(factors, chosen * factors.length);
    const { parameters } = gradient(network, points, errors, { batchNorm: "frozen" });
    return parameters.flatMap(({ weights, bias }) => [...weights.data, ...bias]);
  };
  const [a, b] = [derivative(p), derivative(q)];
  return a.reduce((sum, value, k) => sum + value * b[k], 0);
}

const fixture = JSON.parse(readFileSync(new URL("fixtures/tangent-kernel.json", import.meta.url), "utf8"));

describe("the tangent kernel", () => {
  it.each(fixture.cases as { name: string }[])("is automatic differentiation's: $name", (one) => {
    const { widths, activation, norm, points, combination, parameters, kernel } = one as unknown as Record<string, never>;
    const network = {
      architecture: mlp(widths, { activation, norm }),
      parameters: (parameters as { weights: number[][]; bias: number[] }[]).map(({ weights, bias }) => ({
        weights: matrixFromRows(weights),
        bias: Float64Array.from(bias),
      })),
    };
    const found = tangentKernel(network, matrixFromRows(points), combination);
    (kernel as number[][]).flat().forEach((value, k) => {
      expect(found.kernel.data[k] * 2 ** found.exponent).toBeCloseTo(value, 10);
    });
  });

  it.each<[string, Architecture]>([
    ["deep ReLU, far below 1", mlp("3-4x20-2", { weightVariance: 1e-2 })],
    ["concat", mlp("3-4x3-2", { skip: "dense", bias: "normal:0.1" })],
    ["residual with batch norm", mlp("4-4x4-2", { skip: "residual", norm: "batch", activation: "tanh" })],
    [
      "convolution",
      {
        input: [4, 4, 1],
        layers: [
          { kind: "conv", channels: 2, kernel: [3, 3] },
          { kind: "activation", activation: "tanh" },
          { kind: "flatten" },
          { kind: "dense", units: 2 },
        ],
      },
    ],
  ])("is that of its definition: %s", (_, architecture) => {
    const size = architecture.input.reduce((product, n) => product * n, 1);
    const points = matrix(4, size, normals(stream(3), new Float64Array(4 * size)));
    const network = randomNetwork(architecture, networkStream(0, 0), { inputs: points });
    const { kernel, exponent } = tangentKernel(network, points, [1, -2]);
    for (const [p, q] of [
      [0, 0],
      [1, 3],
      [2, 1],
    ])
      expect((kernel.data[4 * p + q] * 2 ** exponent) / entry(network, points, [1, -2], p, q)).toBeCloseTo(1, 10);
  });

  it("keeps scales that float64 cannot hold", async () => {
    const points = matrix(3, 2, normals(stream(4), new Float64Array(6)));
    const { logLargest, logCondition } = await measureTangentKernel(
      mlp("2-8x400-1", { init: "orthogonal", activation: "linear", weightVariance: 1e-3 }),
      points,
      {
        networks: 2,
      },
    );
    // The biases alone are left: 1 at every pair for the last, a thousandth for the one before ...
    expect(logLargest.value).toBeCloseTo(-Math.log(1 - 1e-3), 10);
    expect(logCondition.value).toBeCloseTo(-Math.log(3 * Number.EPSILON), 10);
  });

  it("says so where values leave float64", () => {
    const network = randomNetwork(mlp("2-8x200-1", { activation: "softplus", weightVariance: 1e6 }), stream(0));
    expect(() => tangentKernel(network, matrix(3, 2, normals(stream(4), new Float64Array(6))), [1])).toThrow("beyond float64");
  });

  it("refuses a combination that does not fit, and a single point", async () => {
    const network = randomNetwork(mlp("2-2"), stream(0));
    expect(() => tangentKernel(network, matrix(2, 2), [1])).toThrow("a combination of 2 outputs has as many factors, got 1");
    await expect(measureTangentKernel(mlp("2-2"), matrix(1, 2))).rejects.toThrow("two points or more, got 1");
  });
});

describe("the largest learning rate", () => {
  /** Steps of gradient descent on the squared error of a linear network of one layer, averaged over points and outputs. */
  const errorAfter = (rate: number): number => {
    const x = [1, 2, -1];
    let [w, b] = [0.3, 0];
    for (let step = 0; step < 200; step++) {
      const residuals = x.map((value) => w * value + b - 1);
      w -= (rate * 2 * residuals.reduce((sum, r, p) => sum + r * x[p], 0)) / 3;
      b -= (rate * 2 * residuals.reduce((sum, r) => sum + r, 0)) / 3;
    }
    return Math.abs(w) + Math.abs(b - 1);
  };

  it("is where gradient descent stops converging", async () => {
    const { largestLearningRate } = await measureTangentKernel(mlp("1-1"), matrixFromRows([[1], [2], [-1]]), { networks: 1 });
    expect(errorAfter(0.98 * largestLearningRate)).toBeLessThan(0.1);
    expect(errorAfter(1.02 * largestLearningRate)).toBeGreaterThan(10);
  });
});
