import { readFileSync } from "node:fs";
import { matrix, matrixFromRows, normals, stream } from "@sonde/core";
import { type Architecture, mlp } from "@sonde/nets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activationStatistics,
  inputStatistics,
  measureSignal,
  outputStatistics,
  predictSignal,
  slopeStatistics,
  startingCrossEntropy,
  steepness,
} from "../src/index.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/signal.json", import.meta.url), "utf8"));

const gaussian = (points: number, inputs: number, seed = 1) =>
  matrix(points, inputs, normals(stream(seed), new Float64Array(points * inputs)));

function expectClose(found: object, expected: Record<string, number>) {
  for (const [name, value] of Object.entries(expected))
    expect((found as Record<string, number>)[name], name).toBeCloseTo(value, 10);
}

describe("statistics agree with NumPy", () => {
  it("of activations", () => {
    const { expected, ...values } = fixture.activations;
    expectClose(activationStatistics(values), expected);
  });

  it.each(["relu", "tanh", "sigmoid"])("of slopes: %s", (name) => {
    const { expected, ...values } = fixture.slopes;
    const found = slopeStatistics(name, values);
    expectClose(found, expected[name]);
    expect("saturated" in found).toBe("saturated" in expected[name]);
  });

  it("of outputs", () => {
    const { expected, ...values } = fixture.outputs;
    expectClose({ ...outputStatistics(values), crossEntropy: startingCrossEntropy(values) }, expected);
  });

  it("of inputs", () => {
    const { expected, data, columns } = fixture.inputs;
    const { smallest, largest, ...rest } = expected;
    const found = inputStatistics(matrix(data.length / columns, columns, Float64Array.from(data)));
    expectClose(found, rest);
    expectClose(found.columnScales, { smallest, largest });
    expect([found.constantColumns, found.duplicateColumns]).toEqual([[2, 4], [3]]);
  });
});

describe("activationStatistics", () => {
  it("scales with its exponent, whatever the values", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 }), (data) => {
        const plain = activationStatistics({ data, units: 2 });
        const scaled = activationStatistics({ data, units: 2, exponent: -700 });
        if (Number.isFinite(plain.logMeanSquare))
          expect(scaled.logMeanSquare - plain.logMeanSquare).toBeCloseTo(-1400 * Math.LN2, 8);
        else expect(scaled.logMeanSquare).toBe(plain.logMeanSquare);
        expect(scaled.deadUnits).toBe(plain.deadUnits);
      }),
    );
  });

  it("finds copies by their values, not by their first one", () => {
    expect(activationStatistics({ data: [1, 1, 1, 2, 2, 3], units: 3 }).copiedUnits).toBeCloseTo(1 / 3, 12);
    expect(activationStatistics({ data: [1, 1, 2, 3], units: 2 }).copiedUnits).toBe(0);
    // Constant units are told as constant.
    expect(activationStatistics({ data: [1, 1, 1, 1], units: 2 })).toMatchObject({ copiedUnits: 0, constantUnits: 1 });
  });
});

describe("slopeStatistics", () => {
  it("ReLU of normal values: half of the slopes, and 1/4 / (1/2 - 1/2pi) of the variance is linear", () => {
    const { slope, linear, saturated } = slopeStatistics("relu", { data: gaussian(20000, 1).data, units: 1 });
    expect(slope).toBeCloseTo(0.5, 2);
    expect(linear).toBeCloseTo(0.25 / (0.5 - 1 / (2 * Math.PI)), 2);
    expect(saturated).toBeUndefined();
  });

  it("tanh is saturated where its slope is below a tenth: |z| > atanh(sqrt 0.9)", () => {
    const edge = Math.atanh(Math.sqrt(0.9));
    const saturated = (z: number) => slopeStatistics("tanh", { data: [0, z], units: 1 }).saturated;
    expect([saturated(edge - 1e-9), saturated(edge + 1e-9)]).toEqual([0, 0.5]);
  });

  it("tiny values make tanh linear: the rest is 2 q^2 / 3 of the variance q", () => {
    const q = 1e-4;
    const data = gaussian(40000, 1).data.map((z) => Math.sqrt(q) * z);
    const rest = 1 - (slopeStatistics("tanh", { data, units: 1 }).linear ?? 0);
    // tanh z = z - z^3 / 3: what z does not explain of z^3 is 6 q^3, a ninth of it over q.
    expect(rest / ((6 / 9) * q * q)).toBeGreaterThan(0.85);
    expect(rest / ((6 / 9) * q * q)).toBeLessThan(1.15);
  });

  it("knows how steep activations are", () => {
    const largest = {
      relu: 1,
      "leaky-relu:2": 2,
      tanh: 1,
      sigmoid: 0.25,
      erf: 2 / Math.sqrt(Math.PI),
      "hard-sigmoid": 1 / 6,
      selu: 1.7580993408473766,
      gaussian: Math.sqrt(2 / Math.E),
    };
    for (const [name, value] of Object.entries(largest)) expect(steepness(name).largest, name).toBeCloseTo(value, 8);
    expect(["tanh", "sigmoid", "erf", "softsign", "relu6", "gaussian"].filter((name) => !steepness(name).saturates)).toEqual([]);
    expect(["relu", "gelu", "softplus", "sin", "elu", "abs", "exp", "sign"].filter((name) => steepness(name).saturates)).toEqual(
      [],
    );
    expect(steepness("exp").largest).toBeUndefined();
    expect(steepness("sign").largest).toBeUndefined();
  });
});

describe("outputs", () => {
  it("a constant prediction has ln C, one logit ln 2; sure ones have as much more as they are apart", () => {
    expect(startingCrossEntropy({ data: [3, 3, 3], outputs: 3 })).toBeCloseTo(Math.log(3), 12);
    expect(startingCrossEntropy({ data: [0], outputs: 1 })).toBeCloseTo(Math.LN2, 12);
    expect(startingCrossEntropy({ data: [1000], outputs: 1 })).toBeCloseTo(500, 9);
    expect(startingCrossEntropy({ data: [1000, -1000], outputs: 2 })).toBeCloseTo(1000, 9);
  });
});

describe("inputStatistics", () => {
  it("counts zero and duplicate points", () => {
    const found = inputStatistics(
      matrixFromRows([
        [0, 0],
        [1, 2],
        [0, 0],
        [1, 2],
        [1, 2.5],
      ]),
    );
    expect([found.zeroPoints, found.duplicatePoints]).toEqual([2, 2]);
    expect(inputStatistics(matrixFromRows([[0, 0]])).meanShare).toBe(0);
    expect(inputStatistics(matrixFromRows([[0, 5]]))).toMatchObject({ meanShare: 1, constantColumns: [0, 1] });
  });

  it("counts the columns that carry the variance", () => {
    const columns = (scale: number) =>
      matrixFromRows([
        [-1, -scale, 7],
        [1, scale, 7],
      ]);
    expect(inputStatistics(columns(1)).effectiveColumns).toBeCloseTo(2, 12);
    expect(inputStatistics(columns(1e6)).effectiveColumns).toBeCloseTo(1, 10);
    expect(inputStatistics(matrixFromRows([[3, 4]])).effectiveColumns).toBe(0);
  });

  it("refuses no points and what is no number", () => {
    expect(() => inputStatistics(matrix(0, 2))).toThrow("at least one, got none");
    expect(() => inputStatistics(matrixFromRows([[1, Number.NaN]]))).toThrow("finite numbers, got NaN");
  });
});

describe("measureSignal", () => {
  it.each<[string, Architecture]>([
    ["He and ReLU", mlp("16-256x4-3")],
    ["a third of the variance, biases", mlp("16-256x4-3", { weightVariance: 0.7, bias: "normal:0.2" })],
    ["tanh", mlp("16-256x4-3", { activation: "tanh", init: "lecun-normal" })],
    ["residual units", mlp("16-256x4-3", { skip: "residual", block: 1 })],
    ["layer norm", mlp("16-256x4-3", { norm: "layer" })],
  ])("agrees with infinite width where layers are wide: %s", async (_name, net) => {
    const points = gaussian(16, 16);
    const { layers } = await measureSignal(net, points, { networks: 60, seed: 3 });
    const predicted = predictSignal(net, points) ?? [];
    layers.forEach(({ logMeanSquare, logVariance }, l) => {
      // ln of a mean over 256 units is a little below ln of its expectation: layer / width.
      const bias = (3 * (l + 1)) / 256;
      expect(Math.abs(logMeanSquare.value - predicted[l].logMeanSquare)).toBeLessThan(4.5 * logMeanSquare.standardError + bias);
      expect(Math.abs(logVariance.value - predicted[l].logVariance)).toBeLessThan(4.5 * logVariance.standardError + 2 * bias);
    });
  });

  it("follows a scale that leaves float32 and float64, as powers of two are taken out", async () => {
    const points = gaussian(8, 8);
    const { layers, growth } = await measureSignal(mlp("8-64x400-1", { weightVariance: 0.02 }), points, { networks: 8 });
    const last = layers[399].logMeanSquare;
    // ln 0.01 a layer, and about -2.5 / width for the mean of a logarithm.
    expect(Math.abs(last.value - 400 * (Math.log(0.01) - 2.5 / 64))).toBeLessThan(5 * last.standardError + 8);
    expect(growth?.value).toBeCloseTo(Math.log(0.01), 1);
  });

  it("looks at pre-activations inside blocks, at channels, and at the output before and after its activation", async () => {
    const image: Architecture = {
      input: [4, 4, 1],
      layers: [
        { kind: "conv", channels: 3, kernel: [3, 3] },
        { kind: "activation", activation: "relu" },
        {
          kind: "residual",
          body: [
            { kind: "activation", activation: "tanh" },
            { kind: "conv", channels: 3, kernel: [3, 3] },
          ],
        },
        { kind: "flatten" },
        { kind: "dense", units: 2, bias: "normal:4" },
        { kind: "activation", activation: "relu" },
      ],
    };
    const { layers, output } = await measureSignal(image, gaussian(6, 16), { networks: 400 });
    expect(layers.map(({ units, activation }) => [units, activation])).toEqual([
      [3, "relu"],
      [3, "tanh"],
    ]);
    expect(layers[1].saturated?.value).toBeGreaterThan(0);
    expect(output).toMatchObject({ outputs: 2, activation: "relu" });
    expect(output.dead.value).toBeGreaterThan(0.05);
    expect(output.oneSigned.value + output.constant.value).toBeCloseTo(1, 12);
    // Logits have both signs, so their cross-entropy is not that of what the ReLU leaves.
    expect(output.crossEntropy.value).toBeGreaterThan(Math.LN2);
  });

  it("counts dead units as often as half-spaces say: one point, half of them", async () => {
    const { layers } = await measureSignal(mlp("3-64-1"), matrixFromRows([[1, 2, 3]]), { networks: 200 });
    const { value, standardError } = layers[0].deadUnits;
    expect(Math.abs(value - 0.5)).toBeLessThan(4.5 * standardError);
    expect(layers[0].constantUnits.value).toBe(1);
    expect(layers[0].logVariance).toMatchObject({ networks: 0, value: Number.NaN });
  });

  it("is the same bits for every number of chunks' threads, and refuses no points", async () => {
    const points = gaussian(8, 4);
    const run = () => measureSignal(mlp("4-8x3-2"), points, { networks: 50, seed: 9 });
    expect(await run()).toEqual(await run());
    await expect(measureSignal(mlp("4-8-2"), matrix(0, 4))).rejects.toThrow("at least one point, got none");
  });
});
