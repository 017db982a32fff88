import { type Matrix, matrix, matrixFromRows, normals, ShapeError, split, stream } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Architecture, forward, gradient, type Layer, mlp, type Network, randomNetwork, tangent } from "../src/index.js";
import { architectures } from "./architectures.js";

const root = stream(20);
const points = 4;

function normal(rows: number, cols: number, index: number): Matrix<Float64Array> {
  const result = matrix(rows, cols);
  normals(split(root, index), result.data);
  return result;
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const dot = (a: Matrix<Float64Array>, b: Matrix<Float64Array>) => a.data.reduce((sum, value, i) => sum + value * b.data[i], 0);
const length = (a: Matrix<Float64Array>) => Math.sqrt(dot(a, a));
const shifted = (a: Matrix<Float64Array>, h: number, d: Matrix): Matrix<Float64Array> =>
  matrix(
    a.rows,
    a.cols,
    a.data.map((value, i) => value + h * d.data[i]),
  );

const image = [4, 5, 2];
const conv = { kind: "conv", channels: 2, kernel: [3, 2], bias: "normal:0.3" } as const;
const kinds: [string, Architecture][] = [
  ["dense", { input: [3], layers: [{ kind: "dense", units: 4, bias: "normal:1" }] }],
  ["embedding", { input: image, layers: [{ kind: "embedding", units: 3 }] }],
  ...[
    "relu",
    "leaky-relu:0.1",
    "tanh",
    "erf",
    "gelu",
    "silu",
    "elu",
    "selu",
    "softplus",
    "sigmoid",
    "sin",
    "sin:3",
    "prelu",
    "abs",
  ].map((activation): [string, Architecture] => [activation, { input: [5], layers: [{ kind: "activation", activation }] }]),
  ...(["batch", "layer", "rms"] as const).flatMap((norm): [string, Architecture][] => [
    [`${norm} norm`, { input: [5], layers: [{ kind: "norm", norm }] }],
    [`${norm} norm of an image`, { input: image, layers: [{ kind: "norm", norm, epsilon: 0.1 }] }],
  ]),
  ["conv 1d", { input: [7, 2], layers: [{ kind: "conv", channels: 3, kernel: [3], stride: 2 }] }],
  ...(["zero", "periodic", "symmetric", "valid"] as const).map((padding): [string, Architecture] => [
    `conv ${padding}`,
    { input: image, layers: [{ ...conv, padding }] },
  ]),
  ...(["average", "max"] as const).flatMap((pool): [string, Architecture][] => [
    [`${pool} pool`, { input: image, layers: [{ kind: "pool", pool, window: 2 }] }],
    [`global ${pool} pool`, { input: image, layers: [{ kind: "pool", pool, window: "global" }] }],
  ]),
  ["flatten", { input: image, layers: [{ kind: "flatten" }] }],
  ["residual", { input: image, layers: [{ kind: "residual", body: [{ kind: "activation", activation: "tanh" }, conv] }] }],
  ["concat", { input: image, layers: [{ kind: "concat", body: [conv, { kind: "activation", activation: "tanh" }] }] }],
  [
    "projected residual",
    {
      input: image,
      layers: [
        {
          kind: "residual",
          scale: -0.7,
          body: [
            { ...conv, channels: 3, stride: 2 },
            { kind: "activation", activation: "tanh" },
          ],
          shortcut: [{ ...conv, channels: 3, kernel: [1, 1], stride: 2 }],
        },
      ],
    },
  ],
  [
    "three branches",
    {
      input: image,
      layers: [
        {
          kind: "concat",
          branches: [
            [conv],
            [],
            [
              { ...conv, channels: 3 },
              { kind: "activation", activation: "sin:2" },
            ],
          ],
        },
      ],
    },
  ],
  ["softmax", { input: [5], layers: [{ kind: "softmax" }] }],
  ["softmax of an image", { input: image, layers: [{ kind: "softmax" }] }],
  ...(["batch", "layer", "rms"] as const).map((norm): [string, Architecture] => [
    `${norm} norm with scale and shift`,
    { input: [5], layers: [{ kind: "norm", norm, gamma: -0.5, beta: 2 }] },
  ]),
  ["mlp", mlp("5-6x3-2", { norm: "batch", activation: "gelu", bias: "normal:0.1" })],
  ["residual mlp", mlp("5-6x4-2", { norm: "layer", activation: "tanh", skip: "residual" })],
  ["dense-skip mlp", mlp("5-3x3-2", { norm: "rms", activation: "silu", skip: "dense" })],
];

/**
 * The derivative of `value` at 0 from central differences of fourth order. They err by h^4 / 30 times a fifth derivative (here below 1e6) and by
 * 1e-16 / h times the value: less than 1e-10 at h = 2e-4.
 */
function differentiate(value: (step: number) => Matrix): Float64Array {
  const h = 2e-4;
  const [a, b, c, d] = [-2 * h, -h, h, 2 * h].map((step) => value(step).data);
  return Float64Array.from(a, (_, i) => (8 * (c[i] - b[i]) - (d[i] - a[i])) / (12 * h));
}
const tolerance = 1e-9;

test.each(kinds)("%s: the tangent is the limit of central differences", (_, architecture) => {
  const network = randomNetwork(architecture, root);
  const x = normal(points, size(architecture.input), 100);
  const dx = normal(points, size(architecture.input), 101);
  const { outputs, tangents } = tangent(network, x, dx, { batchNorm: "full" });
  expect(outputs).toEqual(forward(network, x));
  const numeric = differentiate((step) => forward(network, shifted(x, step, dx)));
  for (const [i, value] of tangents.data.entries())
    expect(Math.abs(value - numeric[i])).toBeLessThan(tolerance * (1 + Math.abs(value)));
});

test.each(kinds)("%s: the gradient by the parameters is the limit of central differences", (_, architecture) => {
  const network = randomNetwork(architecture, root);
  const x = normal(points, size(architecture.input), 102);
  const g = normal(points, forward(network, x).cols, 103);
  const direction = network.parameters.map(({ weights, bias }, q) => ({
    weights: normal(weights.rows, weights.cols, 200 + 2 * q),
    bias: normal(1, bias.length, 201 + 2 * q),
  }));
  const isEmbedding = (q: number) => q === 0 && architecture.layers[0].kind === "embedding";
  const moved = (step: number): Network => ({
    architecture,
    parameters: network.parameters.map(
      ({ weights, bias }, q): LayerParameters => ({
        weights: shifted(weights, step, direction[q].weights),
        bias: isEmbedding(q) ? bias : bias.map((value, j) => value + step * direction[q].bias.data[j]),
      }),
    ),
  });
  const [numeric] = differentiate((step) => matrix(1, 1, Float64Array.of(dot(g, forward(moved(step), x)))));
  const { parameters } = gradient(network, x, g);
  expect(parameters).toHaveLength(network.parameters.length);
  const analytic = parameters.reduce(
    (sum, { weights, bias }, q) =>
      sum + dot(weights, direction[q].weights) + (isEmbedding(q) ? 0 : dot(matrix(1, bias.length, bias), direction[q].bias)),
    0,
  );
  expect(Math.abs(analytic - numeric)).toBeLessThan(tolerance * (1 + Math.abs(numeric)));
});

test("the gradient by the inputs is the transpose of the tangent: <g, J v> = <J^T g, v>", () => {
  fc.assert(
    fc.property(architectures, fc.nat(), (architecture, seed) => {
      const network = randomNetwork(architecture, stream(seed));
      const x = normal(points, size(architecture.input), seed);
      const v = normal(points, size(architecture.input), seed + 1);
      const { outputs, tangents } = tangent(network, x, v, { batchNorm: "full" });
      const g = normal(points, outputs.cols, seed + 2);
      const { inputs } = gradient(network, x, g);
      const scale = length(g) * length(tangents) + length(inputs) * length(v);
      expect(Math.abs(dot(g, tangents) - dot(inputs, v))).toBeLessThanOrEqual(1e-11 * scale);
    }),
  );
});

test("with frozen statistics batch norm's tangent is the derivative of division by the batch's standard deviation", () => {
  const norm: Layer = { kind: "norm", norm: "batch", epsilon: 0.5 };
  const network = randomNetwork({ input: [1], layers: [norm] }, root);
  const { tangents } = tangent(network, matrixFromRows([[1], [3]]), matrixFromRows([[3], [6]]));
  expect([...tangents.data]).toEqual([3 / Math.sqrt(1.5), 6 / Math.sqrt(1.5)]);
});

test("frozen statistics concern batch norm alone", () => {
  for (const norm of ["layer", "rms"] as const) {
    const network = randomNetwork(mlp("4-5x2-3", { norm }), root);
    const x = normal(points, 4, 104);
    const dx = normal(points, 4, 105);
    expect(tangent(network, x, dx, { batchNorm: "frozen" })).toEqual(tangent(network, x, dx, { batchNorm: "full" }));
  }
});

test("at a kink derivatives come from the left, and max-pooling follows the first of the largest values", () => {
  const relu = randomNetwork({ input: [1], layers: [{ kind: "activation", activation: "relu" }] }, root);
  const [zero, one] = [matrixFromRows([[0]]), matrixFromRows([[1]])];
  expect(tangent(relu, zero, one).tangents.data[0]).toBe(0);
  expect(gradient(relu, zero, one).inputs.data[0]).toBe(0);
  const pool = randomNetwork({ input: [3, 1], layers: [{ kind: "pool", pool: "max", window: "global" }] }, root);
  expect([...gradient(pool, matrixFromRows([[1, 2, 2]]), one).inputs.data]).toEqual([0, 1, 0]);
  expect(tangent(pool, matrixFromRows([[1, 2, 2]]), matrixFromRows([[5, 6, 7]])).tangents.data[0]).toBe(6);
});

test("directions and output gradients that do not fit are refused", () => {
  const network = randomNetwork(mlp("2-3-1"), root);
  const x = matrix(4, 2);
  expect(() => tangent(network, x, matrix(3, 2))).toThrow(ShapeError);
  expect(() => tangent(network, x, matrix(3, 2))).toThrow("every point needs one direction, got 4 points and 3 directions");
  expect(() => gradient(network, x, matrix(4, 2))).toThrow("4 points with 1 outputs is 4 x 1, got 4 x 2");
});
