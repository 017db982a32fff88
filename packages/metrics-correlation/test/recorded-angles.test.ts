import { matrix, normals, quantiles, row, stream } from "@sonde/core";
import { forward, mlp, randomNetwork } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { angleBetween, correlation, recordedAngles } from "../src/index.js";

const points = matrix(9, 4, normals(stream(1), new Float64Array(36)));

describe("recordedAngles", () => {
  it("summarises the angles of all pairs, layer by layer, of a given network", () => {
    const network = randomNetwork(mlp("4-16x3-1"), stream(2), { inputs: points });
    const seen: (typeof points)[] = [];
    forward(network, points, { observe: ({ activations }) => void seen.push(activations) });
    const { layers, pairs } = recordedAngles(seen);
    expect([layers.length, pairs]).toEqual([3, 36]);
    seen.forEach((values, l) => {
      const pairsOf = Array.from({ length: 9 }, (_, i) =>
        Array.from({ length: i }, (_, j) => [row(values, i), row(values, j)]),
      ).flat();
      const angles = pairsOf.map(([x, y]) => angleBetween(x, y)?.theta as number);
      const { angle, correlation: r, logSin2, degenerate } = layers[l];
      expect(angle.mean).toBeCloseTo(angles.reduce((a, b) => a + b) / 36, 13);
      expect(angle.sd).toBeCloseTo(Math.sqrt(angles.reduce((a, b) => a + (b - angle.mean) ** 2, 0) / 36), 13);
      const expected = quantiles(angles, [0.05, 0.16, 0.5, 0.84, 0.95]);
      angle.quantiles.forEach(({ value }, k) => void expect(value).toBeCloseTo(expected[k], 14));
      expect(r.mean).toBeCloseTo(pairsOf.reduce((sum, [x, y]) => sum + (correlation(x, y) as number), 0) / 36, 13);
      expect([angle.pairs, angle.standardError, logSin2.pairs, degenerate]).toEqual([36, 0, 36, 0]);
    });
  });

  it("counts zero and collinear points as degenerate from their layer on, never NaN where a pair is left", () => {
    const first = [
      [1, 0],
      [0, 1],
      [1, 1],
      [2, 2],
    ];
    const { layers } = recordedAngles([
      first,
      [
        [1, 2],
        [0, 0],
        [3, 1],
        [1, 1],
      ],
      first,
    ]);
    expect(layers.map(({ degenerate }) => degenerate * 6)).toEqual([1, 4, 4].map((pairs) => expect.closeTo(pairs, 12)));
    expect(layers[2].angle).toMatchObject({ pairs: 2, mean: expect.closeTo(Math.PI / 4, 14) });
  });

  it("has no angle, and says so by a count of 0, where every pair is degenerate", () => {
    const { layers } = recordedAngles([
      [
        [0, 0],
        [1, 1],
      ],
    ]);
    expect(layers[0]).toMatchObject({ degenerate: 1, angle: { mean: Number.NaN, pairs: 0 } });
  });

  it("flattens positions, and takes float32", () => {
    const image = { shape: [9, 2, 2], data: points.data };
    expect(recordedAngles([image])).toEqual(recordedAngles([points]));
    const rounded = recordedAngles([{ shape: [9, 2, 2], data: Float32Array.from(points.data) }]);
    expect(rounded.layers[0].angle.mean).toBeCloseTo(recordedAngles([points]).layers[0].angle.mean, 6);
  });

  it("samples pairs of large sets, with an error that covers the mean of all", () => {
    const many = matrix(400, 3, normals(stream(3), new Float64Array(1200)));
    const all = recordedAngles([many], { pairs: 1e5 }).layers[0].angle;
    const some = recordedAngles([many], { pairs: 2000, seed: 4 }).layers[0].angle;
    expect([all.pairs, all.standardError, some.pairs]).toEqual([79_800, 0, 2000]);
    expect(Math.abs(some.mean - all.mean)).toBeLessThan(4.5 * some.standardError);
    expect(some.standardError).toBeCloseTo(all.sd / Math.sqrt(2000), 2);
    expect(recordedAngles([many], { pairs: 2000, seed: 4 }).layers[0].angle).toEqual(some);
  });

  it("refuses layers that are not of the same points, and says which", () => {
    expect(() => recordedAngles([points, matrix(8, 2)])).toThrow("the same points as the first, 9, but layer 2 has 8");
    expect(() => recordedAngles([[[1, 2]]])).toThrow("at least two points, got 1");
    expect(() => recordedAngles([{ shape: [4], data: new Float64Array(4) }])).toThrow("[points, units]");
    expect(() => recordedAngles([points], { quantiles: [2] })).toThrow("from 0 to 1, got 2");
    expect(() => recordedAngles([points], { pairs: 0 })).toThrow("pairs");
    expect(recordedAngles([]).layers).toEqual([]);
  });
});
