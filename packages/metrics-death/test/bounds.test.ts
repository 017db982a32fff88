import { readFileSync } from "node:fs";
import { type Matrix, matrix, matrixFromRows, multiply, normals, split, stream } from "@sonde/core";
import { normalCdf } from "@sonde/core/math";
import { mlp } from "@sonde/nets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  batchNormDeath,
  blockGradientBound,
  boxLayerDeath,
  deathBounds,
  deathProbability,
  denseConnectionsDeath,
  domainPoints,
  intervalBounds,
  orthantBound,
  raiBound,
  residualBound,
  safeDepth,
  safeWidth,
  singlePointBound,
  twoLayerDeath,
} from "../src/index.js";

// Monte Carlo over 4 000 000 networks, made for this project by an independent script; origin in test/verify/reference/README.
const reference: { cases: { width: number; hiddenLayers: number; bornDead: number; lowerBound: number; upperBound: number }[] } =
  JSON.parse(readFileSync(new URL("../../../test/verify/reference/death.json", import.meta.url), "utf8"));

const fixture: { interval: { width: number; hiddenLayers: number; lower: string; upper: string }[] } = JSON.parse(
  readFileSync(new URL("./fixtures/death.json", import.meta.url), "utf8"),
);

const relu = ({ rows, cols, data }: Matrix<Float64Array>) =>
  matrix(
    rows,
    cols,
    data.map((x) => Math.max(0, x)),
  );

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

  it.each(fixture.interval)("has the digits of the printed formula: width $width, $hiddenLayers layers", (wanted) => {
    const { lower, upper } = intervalBounds(wanted.width, wanted.hiddenLayers);
    expect(Math.abs(lower / Number(wanted.lower) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(upper / Number(wanted.upper) - 1)).toBeLessThan(1e-12);
  });

  it("is ordered, and exact for two layers of any widths", () => {
    fc.assert(
      fc.property(widths, (hidden) => {
        const { lower, upper } = intervalBounds(hidden);
        expect(lower).toBeGreaterThanOrEqual(orthantBound(hidden) * (1 - 1e-12));
        expect(lower).toBeLessThanOrEqual(upper);
        expect(Math.abs(upper - singlePointBound(hidden.slice(1)))).toBeLessThan(1e-12);
      }),
    );
    for (const [first, second] of [
      [2, 5],
      [5, 2],
      [1, 3],
      [7, 7],
    ])
      expect(Math.abs(intervalBounds([first, second]).lower / twoLayerDeath(first, second) - 1)).toBeLessThan(1e-14);
  });
});

describe("raiBound", () => {
  // g(s) = E Phi(-B c sqrt(s / (1 - s))) with B ~ Beta(2, 1), c = sqrt(n) / sigma_w, integrated by the midpoint rule.
  it("rests on a function that is convex for every fan-in", () => {
    const g = (s: number, fanIn: number) => {
      const steps = 2000;
      let sum = 0;
      for (let k = 0; k < steps; k++) {
        const b = (k + 0.5) / steps;
        sum += (2 * b * normalCdf((-b * Math.sqrt(fanIn * (s / (1 - s)))) / 0.6007473)) / steps;
      }
      return sum;
    };
    for (const fanIn of [1, 2, 10])
      for (let s = 0.02; s < 0.97; s += 0.01)
        expect(g(s - 0.01, fanIn) + g(s + 0.01, fanIn) - 2 * g(s, fanIn)).toBeGreaterThan(0);
  });

  it("is below the single-point bound and tends to it for wide layers", () => {
    fc.assert(
      fc.property(widths, fc.integer({ min: 1, max: 50 }), (hidden, inputs) => {
        expect(raiBound(hidden, inputs)).toBeLessThanOrEqual(singlePointBound(hidden));
      }),
    );
    // Inputs 1, width 2: layer 1 has fan-in 1, so q = 1/4; layer 2 fan-in 2, q = 1/3.
    expect(raiBound([2, 2], 1)).toBeCloseTo(1 - (1 - 1 / 16) * (1 - 1 / 9), 15);
  });
});

describe("architecture rules", () => {
  it("say what norms and skips guarantee", () => {
    expect([batchNormDeath(1), batchNormDeath(2)]).toEqual([1, 0]);
    expect(residualBound([2, 3])).toBe(0);
    expect(residualBound([2, 3], { outerRelu: true })).toBeCloseTo(singlePointBound([2, 3]), 15);
    expect(denseConnectionsDeath([2, 3, 4])).toBe(2 ** -9);
    expect(blockGradientBound(3, 2)).toBeCloseTo((7 / 8) ** 2, 15);
    expect(() => residualBound([0])).toThrow("whole numbers from 1");
  });

  const random = (purpose: number, k: number, rows: number, cols: number) =>
    matrix(rows, cols, normals(split(split(stream(7), purpose), k), new Float64Array(rows * cols)));

  it("hold for random blocks", () => {
    const networks = 40_000;
    let [outer, allDead, gradient, batchDead] = [0, 0, 0, 0];
    for (let k = 0; k < networks; k++) {
      const x = Float64Array.of(0.3, 1.1);
      const inner = relu(multiply(matrix(1, 2, x), random(0, k, 2, 2)));
      const branch = multiply(inner, random(1, k, 2, 2));
      if (x.every((value, i) => value + branch.data[i] <= 0)) outer++;
      const second = relu(multiply(matrix(1, 4, Float64Array.of(...x, ...inner.data)), random(2, k, 4, 2)));
      if ([...inner.data, ...second.data].every((value) => value === 0)) allDead++;
      if (inner.data.some((v) => v > 0) && relu(multiply(inner, random(3, k, 2, 2))).data.some((v) => v > 0)) gradient++;
      const batch = multiply(matrix(2, 2, Float64Array.of(0.3, 1.1, 0.4, 1)), random(4, k, 2, 2)).data;
      if ([0, 1].every((unit) => Math.max(batch[unit], batch[2 + unit]) <= (batch[unit] + batch[2 + unit]) / 2)) batchDead++;
    }
    const error = (p: number) => 4.5 * Math.sqrt((p * (1 - p)) / networks);
    expect(outer / networks).toBeLessThan(residualBound([2], { outerRelu: true }) + error(0.25));
    expect(Math.abs(allDead / networks - denseConnectionsDeath([2, 2]))).toBeLessThan(error(1 / 16));
    expect(Math.abs(gradient / networks - blockGradientBound(2, 2))).toBeLessThan(error(0.5625));
    expect(batchDead).toBe(0);
  });
});

describe("boxLayerDeath", () => {
  it("is what counting finds at the corners of the box", () => {
    const networks = 40_000;
    let dead = 0;
    for (let k = 0; k < networks; k++) if (normals(split(stream(3), k), new Float64Array(4)).every((w) => w < 0)) dead++;
    // The unit vectors are in the box, and a layer with negative weights is zero everywhere in it.
    expect(Math.abs(dead / networks - boxLayerDeath(2, 2))).toBeLessThan(4.5 * Math.sqrt(1 / 16 / networks));
    expect(boxLayerDeath(2, 2)).toBe(orthantBound([2], { nonNegativeInputs: 2 }));
  });
});

describe("safeWidth", () => {
  it("is the smallest width with a single-point bound of at most delta", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 1e-9, max: 0.99, noNaN: true }), (depth, delta) => {
        const width = safeWidth(depth, delta);
        expect(singlePointBound(new Array(depth).fill(width))).toBeLessThanOrEqual(delta * (1 + 1e-12));
        if (width > 1) expect(singlePointBound(new Array(depth).fill(width - 1))).toBeGreaterThan(delta * (1 - 1e-12));
      }),
    );
    expect(() => safeWidth(3, 0)).toThrow("strictly between 0 and 1, got 0");
    expect(() => safeWidth(0, 0.1)).toThrow("whole numbers from 1, got 0");
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
    expect(interval(mlp("1-3-4-3-1"))).toEqual({ ...intervalBounds([3, 4, 3]), theorem: "interval" });
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

  it("knows from how many points and units on a norm keeps a layer alive", () => {
    const [one, two] = [
      [[1, 2]],
      [
        [1, 2],
        [2, 1],
      ],
    ];
    // Batch norm of a single point and layer norm of a single unit leave zeros in front of the activation.
    expect(data(mlp("2-4x2-1", { norm: "batch" }), ...one).upper).toBeGreaterThan(0);
    expect(data(mlp("2-4x2-1", { norm: "batch" }), ...two).upper).toBe(0);
    expect(data(mlp("2-1x2-1", { norm: "layer" }), ...two).upper).toBeGreaterThan(0);
    expect(data(mlp("2-2x2-1", { norm: "layer" }), ...two).upper).toBe(0);
  });

  it("asks for fair units only, where a single point decides", async () => {
    for (const options of [{ init: "orthogonal" }, { init: "orthogonal", bias: "normal:0.3" }, { init: "lsuv" }]) {
      const net = mlp("2-3-2-4-1", options);
      expect(data(net, [1, -2], [2, 1])).toMatchObject({ lower: 0, upper: singlePointBound([3, 2, 4]) });
      const { value, standardError, bounds } = await deathProbability(net, {
        data: matrixFromRows([[1, -2]]),
        networks: 4000,
        seed: 3,
        method: "count",
      });
      expect(bounds).toMatchObject({ lower: singlePointBound([3, 2, 4]), upper: singlePointBound([3, 2, 4]) });
      expect(Math.abs(value - bounds.upper)).toBeLessThan(4.5 * standardError);
    }
    const rays = mlp("1-3x3-1", { init: "orthogonal" });
    expect(interval(rays)).toMatchObject({ lower: 0, upper: singlePointBound([3, 3]) });
    const { low } = await deathProbability(rays, { networks: 4000, seed: 3 });
    expect(low).toBeLessThan(singlePointBound([3, 3]));
  });

  it("claims nothing where no theorem holds", () => {
    expect(data(mlp("2-4x2-1", { init: "rai" }), [1, 2], [2, 1])).toMatchObject({ lower: 0, upper: raiBound([4, 4], 2) });
    expect(data(mlp("2-4x2-1", { init: "rai" }), [1, -2])).toMatchObject({ lower: 0, upper: 1 });
    for (const options of [
      { init: "lsuv", bias: "normal:1" },
      { init: "sign-flip-layer" },
      { norm: "rms" },
      { activation: "relu6" },
    ] as const) {
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
