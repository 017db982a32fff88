import { matrix, matrixFromRows } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadUnits, dormantUnits, examineActivations, livingPoints } from "../src/index.js";

/** Sparse activations with their shape. */
const activations = fc
  .record({
    points: fc.integer({ min: 1, max: 6 }),
    positions: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    units: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ points, positions, units }) => {
    const shape = [points, ...positions, units];
    const size = shape.reduce((product, n) => product * n, 1);
    return fc
      .array(fc.oneof(fc.constant(0), fc.constant(0), fc.double({ min: -3, max: 3, noNaN: true })), {
        minLength: size,
        maxLength: size,
      })
      .map((values) => ({ shape, data: Float64Array.from(values) }));
  });

describe("deadUnits", () => {
  it("tells dead units from sparse entries and dead points", () => {
    const found = deadUnits([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 5],
      [0, 2, 0],
    ]);
    expect(found).toMatchObject({ points: 4, units: 3, dead: [0], deadShare: 1 / 3, zeroEntries: 9 / 12, deadPoints: 1 / 4 });
    expect([...found.firingRate]).toEqual([0, 0.5, 0.25]);
  });

  it("bounds the firing rate of what never fired: (1 - rate)^points = 0.05, near 3 / points", () => {
    for (const points of [1, 10, 1000, 100_000]) {
      const { rateBelow } = deadUnits(matrix(points, 1));
      expect(Math.abs((1 - rateBelow) ** points / 0.05 - 1)).toBeLessThan(1e-8);
      expect(rateBelow).toBeLessThan(3 / points);
    }
    expect(deadUnits(matrix(1000, 1)).rateBelow * 1000).toBeCloseTo(2.99125, 5);
  });

  it("lets a channel fire at a point where it fires at any position", () => {
    // [points 2, height 1, width 2, channels 3]
    const conv = { shape: [2, 1, 2, 3], data: Float32Array.of(0, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0) };
    const found = deadUnits(conv);
    expect(found).toMatchObject({ points: 2, units: 3, dead: [0], zeroEntries: 10 / 12, deadPoints: 0.5 });
    expect([...found.firingRate]).toEqual([0, 0.5, 0.5]);
  });

  it("agrees with its definition whatever the shape", () => {
    fc.assert(
      fc.property(activations, ({ shape, data }) => {
        const units = shape[shape.length - 1];
        const perPoint = data.length / shape[0];
        const { dead, firingRate } = deadUnits({ shape, data });
        for (let j = 0; j < units; j++) {
          const points = Array.from({ length: shape[0] }, (_, p) =>
            Array.from(data.subarray(p * perPoint, (p + 1) * perPoint)).some((value, k) => k % units === j && value !== 0),
          );
          expect(firingRate[j]).toBe(points.filter(Boolean).length / shape[0]);
          expect(dead.includes(j)).toBe(!points.includes(true));
        }
      }),
    );
  });

  it("takes matrices, rows, tensors and arrays of any kind alike", () => {
    const rows = [
      [0, 1],
      [0, 0],
    ];
    const tensor = {
      shape: [2, 2],
      dtype: "int32",
      dataSync: () => Int32Array.of(0, 1, 0, 0),
      data: async () => new Int32Array(4),
    };
    const big = { shape: [2, 2], data: BigInt64Array.of(0n, 1n, 0n, 0n) };
    for (const source of [matrixFromRows(rows), tensor, big, { shape: [2, 2], data: [0, 1, 0, 0] }])
      expect(deadUnits(source)).toEqual(deadUnits(rows));
  });

  it("refuses what are no activations", () => {
    expect(() => deadUnits({ shape: [3], data: [1, 2, 3] })).toThrow(
      "[points, units] or [points, ...positions, channels], got [3]",
    );
    expect(() => deadUnits({ shape: [0, 3], data: [] })).toThrow("at least one point and one unit, got the shape [0, 3]");
    expect(() => deadUnits({ shape: [2, 2], data: [1] })).toThrow("of shape [2, 2] have 4 values, got 1");
    expect(() => deadUnits([[1, 2], [3]])).toThrow("every point needs 2 values like the first, but point 2 has 1");
    expect(() => deadUnits([[1, Number.NaN]])).toThrow("activations are finite numbers, but value 2 is NaN");
    expect(() => deadUnits(7 as never)).toThrow("expected activations as a matrix");
  });
});

describe("dormantUnits", () => {
  it("compares a unit's mean |activation| with its layer's", () => {
    const found = dormantUnits(
      [
        [0, -1, 3],
        [0, 1, 1],
      ],
      { tau: 0.5 },
    );
    expect([...found.scores]).toEqual([0, 1, 2]);
    expect(found).toMatchObject({ units: 3, dormant: [0], dormantShare: 1 / 3 });
    expect(dormantUnits([[1, 3]], { tau: 0.5 }).dormant).toEqual([0]);
  });

  it("calls a layer of zeros dormant as a whole, also with tau 0, and survives extreme values", () => {
    expect(dormantUnits(matrix(3, 4), { tau: 0 })).toMatchObject({ dormant: [0, 1, 2, 3], dormantShare: 1 });
    for (const scale of [1e-320, 1e307])
      expect([...dormantUnits([[scale, 3 * scale]]).scores].map((s) => s.toFixed(6))).toEqual(["0.500000", "1.500000"]);
  });

  it("has scores of mean 1, and with tau 0 finds the dead units", () => {
    fc.assert(
      fc.property(activations, (layer) => {
        const { scores, dormant } = dormantUnits(layer, { tau: 0 });
        const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
        expect(Math.abs(mean - (layer.data.some((value) => value !== 0) ? 1 : 0))).toBeLessThan(1e-12);
        expect(dormant).toEqual(deadUnits(layer).dead);
      }),
    );
    expect(() => dormantUnits([[1]], { tau: -1 })).toThrow("tau is a finite number from 0, got -1");
  });
});

describe("livingPoints", () => {
  it("tells a dead layer from points that die in different layers", () => {
    const first = [[1], [0]];
    const second = [[0], [1]];
    expect(livingPoints([first, second])).toMatchObject({ livingRatio: [0.5, 0], deadLayers: [], noLivingPoint: true });
    expect(livingPoints([first, [[0], [0]], second])).toMatchObject({ deadLayers: [2], noLivingPoint: true });
    expect(livingPoints([first, first])).toMatchObject({ livingRatio: [0.5, 0.5], alive: [true, false], noLivingPoint: false });
  });

  it("refuses no layers, and layers at different points", () => {
    expect(() => livingPoints([])).toThrow("at least one hidden layer, got none");
    expect(() => livingPoints([[[1], [2]], [[1]]])).toThrow("layer 1 has 2 and layer 2 has 1: record them together");
  });
});

describe("examineActivations", () => {
  it("says it all at once", () => {
    const found = examineActivations([
      [
        [1, 0],
        [2, 0],
      ],
      [[0], [0]],
    ]);
    expect(found).toMatchObject({ dead: true, deadLayers: [2], noLivingPoint: true, points: 2 });
    expect(found.layers.map(({ livingRatio }) => livingRatio)).toEqual([1, 0]);
    expect(found.layers[0].deadUnits.dead).toEqual([1]);
    expect(found.layers[1].dormantUnits.dormantShare).toBe(1);
  });
});
