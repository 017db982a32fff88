import { readFileSync } from "node:fs";
import { matrix, matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deathBounds, domainPoints, intervalBounds, orthantBound, safeDepth, singlePointBound } from "../src/index.js";

// Monte Carlo over 4 000 000 networks, made for this project by an independent script; origin in test/verify/reference/README.
const reference: { cases: { width: number; hiddenLayers: number; bornDead: number; lowerBound: number; upperBound: number }[] } =
  JSON.parse(readFileSync(new URL("../../../test/verify/reference/death.json", import.meta.url), "utf8"));

const widths = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 40 });

describe("singlePointBound", () => {
  it("is 1 - prod (1 - 2^-N), to rounding where that is tiny", () => {
    expect(singlePointBound([2, 2])).toBe(1 - 0.75 ** 2);
    expect(singlePointBound([3])).toBe(0.125);
    expect(singlePointBound([])).toBe(0);
    // 100 layers of width 64: 100 * 2^-64 to first order.
    expect(Math.abs(singlePointBound(new Array(100).fill(64)) / (100 * 2 ** -64) - 1)).toBeLessThan(1e-14);
  });

  it("grows with depth, shrinks with width and lies in [0, 1]", () => {
    fc.assert(
      fc.property(widths, fc.integer({ min: 1, max: 60 }), (hidden, width) => {
        const bound = singlePointBound(hidden);
        expect(bound).toBeGreaterThanOrEqual(0);
        expect(bound).toBeLessThanOrEqual(1);
        expect(singlePointBound([...hidden, width])).toBeGreaterThanOrEqual(bound);
        expect(singlePointBound(hidden.map((n) => n + 1))).toBeLessThanOrEqual(bound);
      }),
    );
  });
});

describe("orthantBound", () => {
  it("counts weights, biases and, for inputs known to be non-negative, layer 1", () => {
    expect(orthantBound([2, 2])).toBeCloseTo(2 ** -4, 15);
    expect(orthantBound([2, 2], { bias: true })).toBeCloseTo(2 ** -6, 15);
    expect(orthantBound([2], { nonNegativeInputs: 3 })).toBeCloseTo(2 ** -6, 15);
    expect(orthantBound([5])).toBe(0);
  });

  it("is never above the single-point bound", () => {
    fc.assert(
      fc.property(widths, (hidden) => {
        expect(orthantBound(hidden)).toBeLessThanOrEqual(singlePointBound(hidden));
      }),
    );
  });
});

describe("intervalBounds", () => {
  it.each(reference.cases)(
    "holds the reference for width $width, $hiddenLayers hidden layers",
    ({ width, hiddenLayers, ...wanted }) => {
      const { lower, upper } = intervalBounds(width, hiddenLayers);
      // The reference rounds bounds to five digits.
      expect(Math.abs(lower - wanted.lowerBound)).toBeLessThan(5e-6 * (1 + 1e-9));
      expect(Math.abs(upper - wanted.upperBound)).toBeLessThan(5e-6 * (1 + 1e-9));
      expect(upper).toBeGreaterThan(wanted.bornDead);
    },
  );

  it("equals the exact value 4^-N (3 - 2^(1-N)) below for two layers", () => {
    for (let width = 1; width <= 20; width++)
      expect(Math.abs(intervalBounds(width, 2).lower / (4 ** -width * (3 - 2 ** (1 - width))) - 1)).toBeLessThan(1e-8);
    expect(intervalBounds(2, 3).lower).toBeLessThanOrEqual(1045 / 3072);
    expect(intervalBounds(7, 1)).toEqual({ lower: 0, upper: 0 });
  });

  it("keeps its order where it is tiny, and reports a lower bound lost to rounding as 0", () => {
    const { lower, upper } = intervalBounds(64, 100);
    expect(lower).toBe(0);
    expect(Math.abs(upper / (99 * 2 ** -64) - 1)).toBeLessThan(1e-14);
    for (let width = 1; width < 100; width++) {
      const bounds = intervalBounds(width, 30);
      expect(bounds.lower).toBeLessThanOrEqual(bounds.upper);
      expect(bounds.lower).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("safeDepth", () => {
  it("is the largest depth with a single-point bound of at most delta", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.double({ min: 0.001, max: 0.9, noNaN: true }), (width, delta) => {
        const depth = safeDepth(width, delta);
        expect(singlePointBound(new Array(depth).fill(width))).toBeLessThanOrEqual(delta * (1 + 1e-12));
        expect(singlePointBound(new Array(depth + 1).fill(width))).toBeGreaterThan(delta * (1 - 1e-12));
      }),
      { numRuns: 30 },
    );
  });

  it("refuses what is not a probability", () => {
    expect(() => safeDepth(3, 1)).toThrow("a probability to accept lies strictly between 0 and 1, got 1");
    expect(() => safeDepth(0, 0.1)).toThrow("widths and depths are whole numbers from 1, got 0");
  });
});

describe("deathBounds", () => {
  const interval = (architecture: ReturnType<typeof mlp>, box: [number, number] = [-1, 1]) =>
    deathBounds(architecture, domainPoints(architecture, [box], { points: 11, seed: 0 }));
  const data = (architecture: ReturnType<typeof mlp>, ...rows: number[][]) =>
    deathBounds(architecture, { inputs: matrixFromRows(rows), kind: "data" });

  it("takes the theorem that fits", () => {
    expect(interval(mlp("1-3x5-1"))).toEqual({ ...intervalBounds(3, 5), theorem: "interval" });
    expect(interval(mlp("1-3x5-1"), [0, 2])).toMatchObject({
      lower: singlePointBound([3, 3, 3, 3, 3]),
      upper: singlePointBound([3, 3, 3, 3, 3]),
    });
    expect(interval(mlp("1-3-4-3-1"))).toMatchObject({ lower: orthantBound([3, 4, 3]), upper: singlePointBound([4, 3]) });
    expect(interval(mlp("1-3x2-1", { bias: "normal:1" }))).toMatchObject({
      lower: orthantBound([3, 3], { bias: true }),
      upper: singlePointBound([3, 3]),
    });
    expect(data(mlp("2-3x2-1"), [1, 0], [-1, 1])).toMatchObject({ lower: orthantBound([3, 3]), upper: singlePointBound([3, 3]) });
    expect(data(mlp("2-3x2-1"), [1, 0], [1, 1])).toMatchObject({ lower: orthantBound([3, 3], { nonNegativeInputs: 2 }) });
  });

  it("is exact for one point, zero inputs, and networks that cannot die", () => {
    expect(data(mlp("2-3x2-1"), [1, 2]).upper).toBe(data(mlp("2-3x2-1"), [1, 2]).lower);
    expect(data(mlp("2-3x2-1"), [0, 0], [0, 0])).toMatchObject({ lower: 1, upper: 1 });
    for (const options of [
      { activation: "tanh" },
      { activation: "leaky-relu:0.1" },
      { norm: "batch" },
      { norm: "layer" },
      { skip: "residual" },
    ] as const)
      expect(data(mlp("2-4x2-1", options), [1, 2], [2, 1])).toMatchObject({ lower: 0, upper: 0 });
    expect(data(mlp("2-1"), [1, 2])).toMatchObject({ lower: 0, upper: 0 });
  });

  it("claims nothing where no theorem holds", () => {
    for (const options of [{ init: "rai" }, { init: "orthogonal" }, { norm: "rms" }, { activation: "relu6" }] as const) {
      const { lower, upper, theorem } = data(mlp("2-4x2-1", options), [1, 2], [2, 1]);
      expect([lower, upper]).toEqual([0, 1]);
      expect(theorem).toMatch(/^none: /);
    }
  });
});

describe("domainPoints", () => {
  const net = mlp("1-2x3-1");
  const options = { points: 5, seed: 0 };

  it("reduces an interval to rays for homogeneous networks", () => {
    expect(domainPoints(net, [[-1, 3]], options)).toEqual({
      inputs: matrix(2, 1, Float64Array.of(-1, 1)),
      shares: [0.25, 0.75],
      kind: "rays",
    });
    expect(domainPoints(net, [[0, 3]], options)).toEqual({ inputs: matrix(1, 1, Float64Array.of(1)), shares: [1], kind: "rays" });
    expect(domainPoints(net, [[-3, -1]], options).inputs.data).toEqual(Float64Array.of(-1));
  });

  it("makes a grid where biases or norms break homogeneity, and a sample of a box", () => {
    expect(domainPoints(mlp("1-2x3-1", { bias: "normal:1" }), [[-1, 1]], options)).toEqual({
      inputs: matrix(5, 1, Float64Array.of(-1, -0.5, 0, 0.5, 1)),
      kind: "grid",
    });
    const box = domainPoints(
      mlp("2-3-1"),
      [
        [-1, 1],
        [5, 6],
      ],
      { points: 100, seed: 1 },
    );
    expect([box.kind, box.inputs.rows, box.inputs.cols]).toEqual(["sample", 100, 2]);
    box.inputs.data.forEach((x, i) => {
      expect(Math.abs(x - (i % 2 ? 5.5 : 0))).toBeLessThan(i % 2 ? 0.5 : 1);
    });
  });

  it("refuses a box that does not fit", () => {
    expect(() =>
      domainPoints(
        net,
        [
          [-1, 1],
          [0, 1],
        ],
        options,
      ),
    ).toThrow("the domain needs one interval per input: the model has 1, the domain 2");
    expect(() => domainPoints(net, [[1, 1]], options)).toThrow(
      "an interval of the domain goes from a number to a larger one, got 1,1",
    );
  });
});
