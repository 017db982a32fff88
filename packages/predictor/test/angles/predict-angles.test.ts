import { matrix, matrixFromRows, normals, stream } from "@sonde/core";
import { measureAngles } from "@sonde/metrics-correlation";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { growPrediction, predictAngles, publishedAngles } from "../../src/index.js";

describe("predictAngles", () => {
  it("puts three theories side by side, those of the note at width 16 and depth 50", () => {
    const { layers, law, pairs, theta0 } = predictAngles(mlp("10-16x50-1"));
    expect([layers.length, law, pairs, theta0]).toEqual([50, "tabulated", 1, Math.PI / 2]);
    const { infiniteWidth, finiteWidth, published } = layers[49];
    expect(infiniteWidth.logSin2).toBeCloseTo(-3.72435005356614, 12);
    expect(infiniteWidth.angle).toBeCloseTo(0.155965959440831, 13);
    expect(Math.abs(finiteWidth.mean + 10.5002)).toBeLessThan(4 * 0.0108);
    expect(Math.abs(finiteWidth.sd - 4.8206)).toBeLessThan(4 * 0.0076);
    expect(published?.mean).toBeCloseTo(-20.3374, 4);
    expect(finiteWidth.quantiles.map(({ probability }) => probability)).toEqual([0.05, 0.16, 0.5, 0.84, 0.95]);
  });

  it("agrees with measurement for unequal widths, obtuse angles, one input and data", async () => {
    const data = matrix(12, 6, normals(stream(1), new Float64Array(72)));
    const cases = [
      [mlp("5-24-9-40-12-1"), { theta0: 2.8 }],
      [mlp("1-10x6-1"), {}],
      [mlp("6-30x8-1"), { data, pairs: 40 }],
    ] as const;
    for (const [net, inputs] of cases) {
      const measured = await measureAngles(net, { ...inputs, networks: 4000, seed: 3 });
      const { layers } = predictAngles(net, { ...inputs, seed: 3 });
      layers.forEach(({ finiteWidth }, l) => {
        const { logSin2, degenerate, degenerateEstimate } = measured.layers[l];
        const label = `${net.input}, layer ${l + 1}`;
        // Pairs of one network share its luck with degeneracy, so that its average weighs them a little differently.
        expect(Math.abs(finiteWidth.mean - logSin2.value), label).toBeLessThan(4 * logSin2.standardError + 0.002);
        const error = Math.max(degenerateEstimate.standardError, Math.sqrt(finiteWidth.degenerate / 4000));
        expect(Math.abs(finiteWidth.degenerate - degenerate), label).toBeLessThan(4 * error + 1e-12);
      });
    }
  });

  it("leaves out pairs that are degenerate from the start", () => {
    const data = matrixFromRows([
      [1, 0],
      [2, 0],
      [0, 1],
    ]);
    const { layers, pairs } = predictAngles(mlp("2-50-1"), { data });
    expect(pairs).toBe(2);
    expect(layers[0].finiteWidth.degenerate).toBeCloseTo(0, 10);
    expect(() =>
      predictAngles(mlp("2-50-1"), {
        data: matrixFromRows([
          [1, 0],
          [2, 0],
        ]),
      }),
    ).toThrow("every pair of inputs is zero or collinear");
  });

  it("knows leaky ReLU, linear and abs layers, which have no published update and no degenerate pairs", async () => {
    for (const [activation, theta0] of [
      ["leaky-relu:0.01", 3],
      ["leaky-relu:0.1", 1],
      ["leaky-relu:0.2", 1],
      ["linear", 2],
      ["abs", 2],
    ] as const) {
      const net = mlp("4-48x12-1", { activation });
      const measured = await measureAngles(net, { theta0, networks: 3000 });
      const { finiteWidth, published } = predictAngles(net, { theta0 }).layers[11];
      const { value, standardError, sd } = measured.layers[11].logSin2;
      expect(Math.abs(finiteWidth.mean - value), activation).toBeLessThan(4 * standardError + 0.01 * Math.abs(value));
      // Its own standard error is 1.3 % for a normal law.
      expect(Math.abs(finiteWidth.sd - sd), activation).toBeLessThan(0.07 * sd);
      expect(finiteWidth.degenerate).toBe(0);
      expect(published).toBeUndefined();
    }
  });

  it("knows narrow leaky ReLU layers of a tabulated slope, with their rare falls by twice the logarithm of the slope", async () => {
    const net = mlp("4-8x20-1", { activation: "leaky-relu:0.01" });
    const measured = await measureAngles(net, { theta0: 1, networks: 10_000 });
    const { finiteWidth } = predictAngles(net, { theta0: 1 }).layers[19];
    const { value, standardError, sd } = measured.layers[19].logSin2;
    expect(Math.abs(finiteWidth.mean - value)).toBeLessThan(4 * standardError + 0.01 * Math.abs(value));
    expect(Math.abs(finiteWidth.sd - sd)).toBeLessThan(0.04 * sd);
  });

  it("takes the published widths as the authors' script does, where asked", () => {
    const options = { theta0: 0.1, publishedWidths: "authors" } as const;
    const { layers } = predictAngles(mlp("784-256x3-10"), options);
    const expected = publishedAngles(0.1, [784, 256, 256]);
    expect(layers.map(({ published }) => published?.mean)).toEqual(expected.map(({ mean }) => mean));
    const small = predictAngles(mlp("784-256x3-10"), { theta0: 0.1, published: "small-angle" }).layers[2].published;
    expect(small?.mean).toBe(publishedAngles(0.1, [256, 256, 256], "small-angle")[2].mean);
  });

  it("says null where no pair is left, and nothing published from a width of 1 on", () => {
    const { layers } = predictAngles(mlp("3-8-1-8-1"));
    expect(layers[0].finiteWidth.degenerate).toBeLessThan(0.01);
    expect(layers[1].finiteWidth).toMatchObject({ mean: Number.NaN, degenerate: 1 });
    expect(layers[2].published).toBeUndefined();
    expect(predictAngles(mlp("3-1")).layers).toEqual([]);
  });

  it("can be left early", () => {
    for (const { layer, finiteWidth } of growPrediction(mlp("3-32x100000-1")).layers)
      if (layer === 20) {
        expect(finiteWidth.mean).toBeLessThan(-2);
        break;
      }
  });

  it("refuses what it does not know, with the reason and the way out", () => {
    const refusals: [Parameters<typeof mlp>[1], string][] = [
      [
        { activation: "tanh" },
        'angles are predicted for relu, leaky-relu, linear and abs, whose angle alone decides what follows, got "tanh"',
      ],
      [
        { init: "he-uniform" },
        'angles are predicted for independent normal weights, but layers[0] is initialised by "he-uniform"',
      ],
      [{ bias: "normal:0.1" }, "angles are predicted without bias, but layers[0] has one: choose --bias zeros"],
      [
        { norm: "layer" },
        'chains of dense layers and activations, but layers[1] is of kind "norm": measure it with measureAngles',
      ],
      [{ skip: "residual" }, 'but layers[0] is of kind "residual"'],
    ];
    for (const [options, message] of refusals) expect(() => predictAngles(mlp("4-4x2-1", options))).toThrow(message);
    const net = mlp("4-4x2-1");
    expect(() => predictAngles(mlp("4-20-8-1", { activation: "leaky-relu:0.2" }))).toThrow(
      'hidden layer 2 has 8 units, but angles through "leaky-relu:0.2" are predicted from 16 units on: make it wider',
    );
    expect(predictAngles(mlp("4-4-1", { activation: "leaky-relu" })).law).toBe("tabulated");
    expect(() => predictAngles(net, { theta0: 4 })).toThrow("an angle between inputs lies in (0, pi], got 4");
    expect(() => predictAngles(net, { theta0: 1, data: matrix(3, 4) })).toThrow("give one of them");
    expect(() => predictAngles(net, { quantiles: [2] })).toThrow("a probability from 0 to 1, got 2");
    expect(() => predictAngles(mlp("4-16x2-1", { activation: "leaky-relu:0.5" }), { theta0: 3 })).toThrow(
      "stay at an obtuse angle with a slope of 0.5 below 0",
    );
    const layers = [
      { kind: "dense", units: 4 },
      { kind: "dense", units: 4 },
    ] as const;
    expect(() => predictAngles({ input: [4], layers })).toThrow("the angle after layers[0] (dense) is not predicted");
    const mixed = [
      layers[0],
      { kind: "activation", activation: "relu" },
      layers[1],
      { kind: "activation", activation: "abs" },
    ] as const;
    expect(() => predictAngles({ input: [4], layers: mixed })).toThrow('layers[3] is "abs" after layers of "relu"');
    const bare = [{ kind: "activation", activation: "relu" }] as const;
    expect(() => predictAngles({ input: [4], layers: bare })).toThrow("without a dense layer before it");
  });
});
