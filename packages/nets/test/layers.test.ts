import { readFileSync } from "node:fs";
import { matrix, matrixFromRows, normals, quote, stream } from "@sonde/core";
import { expect, test } from "vitest";
import { type Architecture, forward, inferShapes, type Layer, randomNetwork, validateArchitecture } from "../src/index.js";
import { fill, fixtureInputs, fixtureNetwork } from "./fixture-network.js";

interface Case {
  readonly architecture: Architecture;
  readonly shape: number[];
  readonly outputs: number[];
}
const cases: Case[] = JSON.parse(readFileSync(new URL("fixtures/layers.json", import.meta.url), "utf8"));

test.each(cases.map((fixture) => [quote(JSON.stringify(fixture.architecture)), fixture] as const))(
  "%s gives the outputs of NumPy",
  (_, fixture) => {
    const { architecture, shape, outputs } = fixture;
    const shapes = inferShapes(validateArchitecture(architecture));
    expect(shapes[shapes.length - 1].output).toEqual(shape);
    const result = forward(fixtureNetwork(architecture), fixtureInputs(architecture));
    expect(result.data).toHaveLength(outputs.length);
    // Sums of fewer than 100 terms near 1, in float64.
    for (const [k, value] of outputs.entries()) expect(Math.abs(result.data[k] - value)).toBeLessThan(1e-12);
  },
);

const single = (input: number[], layer: Layer, rows: number[][]) =>
  forward(randomNetwork({ input, layers: [layer] }, stream(1)), matrixFromRows(rows));

test("a periodic convolution of a constant input is a dense layer with the summed kernel", () => {
  const architecture = {
    input: [5, 4, 3],
    layers: [{ kind: "conv", channels: 2, kernel: [3, 2], padding: "periodic", bias: "normal:1" }],
  } as const;
  const network = randomNetwork(architecture, stream(8));
  const { weights, bias } = network.parameters[0];
  const channels = [0.3, -1.2, 2];
  const output = forward(
    network,
    fill(1, 60, (_, k) => channels[k % 3]),
  );
  for (let position = 0; position < 20; position++)
    for (let j = 0; j < 2; j++) {
      let expected = bias[j];
      for (let i = 0; i < 18; i++) expected += channels[i % 3] * weights.data[i * 2 + j];
      expect(output.data[position * 2 + j]).toBeCloseTo(expected, 13);
    }
});

test("batch norm makes every channel centred with variance v / (v + epsilon) over points and positions", () => {
  const x = matrix(7, 12);
  normals(stream(4), x.data);
  const z = single(
    [3, 4],
    { kind: "norm", norm: "batch", epsilon: 0.5 },
    Array.from({ length: 7 }, (_, p) => [...x.data.subarray(12 * p, 12 * p + 12)]),
  );
  for (let c = 0; c < 4; c++) {
    const moments = (data: Float64Array) => {
      const channel = data.filter((_, k) => k % 4 === c);
      const mean = channel.reduce((a, b) => a + b) / 21;
      return { mean, variance: channel.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 21 };
    };
    const { variance } = moments(x.data);
    expect(moments(z.data).mean).toBeCloseTo(0, 14);
    expect(moments(z.data).variance).toBeCloseTo(variance / (variance + 0.5), 13);
  }
});

test("layer norm works on each point by itself", () => {
  expect([
    ...single([2], { kind: "norm", norm: "layer", epsilon: 0 }, [
      [1, 3],
      [-5, -5],
    ]).data,
  ]).toEqual([-1, 1, 0, 0]);
});

test("RMS norm divides by the root mean square", () => {
  const rows = [
    [2, 14],
    [0, 0],
  ];
  const { data } = single([2], { kind: "norm", norm: "rms", epsilon: 0 }, rows);
  for (const [k, value] of [0.2, 1.4, 0, 0].entries()) expect(data[k]).toBeCloseTo(value, 14);
});

test("pooling drops positions that fill no window", () => {
  expect([...single([5, 1], { kind: "pool", pool: "max", window: 2 }, [[1, 4, -3, -2, 9]]).data]).toEqual([4, -2]);
  expect([...single([5, 1], { kind: "pool", pool: "average", window: 2 }, [[1, 4, -3, -2, 9]]).data]).toEqual([2.5, -2.5]);
  expect([...single([2, 2], { kind: "pool", pool: "average", window: "global" }, [[1, 10, 3, 20]]).data]).toEqual([2, 15]);
});

test("a concat block keeps its input beside its body's output, at every position", () => {
  const layer: Layer = { kind: "concat", body: [{ kind: "activation", activation: "abs" }] };
  expect([...single([2, 2], layer, [[-1, 2, -3, 4]]).data]).toEqual([-1, 2, 1, 2, -3, 4, 3, 4]);
});

test("float32 points are taken as they are", () => {
  const network = randomNetwork({ input: [2], layers: [{ kind: "flatten" }] }, stream(0));
  expect(forward(network, matrix(1, 2, Float32Array.of(0.5, 0.1))).data).toEqual(Float64Array.of(0.5, Math.fround(0.1)));
});
