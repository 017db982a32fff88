import { matrix, normals, stream } from "@sonde/core";
import { type Architecture, mlp } from "@sonde/nets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditioningExamination } from "../src/examinations/conditioning.js";
import { calibration } from "../src/failure/calibration.js";
import { baseIndex, pieces, rise } from "../src/failure/model.js";
import { outsideByDescription, outsideByNumbers } from "../src/failure/range.js";
import { failureOf, indicators, type Measurement, measure, readIndicators } from "../src/index.js";

const points = matrix(64, 16, normals(stream(1), new Float64Array(64 * 16)));
const asked = { data: points, networks: 32, seed: 1 };

describe("the model", () => {
  const models = [calibration.adam, calibration.momentum]
    .flatMap(({ withTargets, withoutTargets }) => [withTargets, withoutTargets])
    .flatMap(({ model, replicates }) => [model, ...replicates]);
  const terms = models.flatMap(({ terms }) => terms);

  it("knows every indicator that it rests on", () => {
    const names = new Set(indicators.map(({ name }) => name));
    for (const { name } of terms) expect(names).toContain(name);
    expect(names.size).toBe(indicators.length);
  });

  it("never finds failure less likely where an indicator is worse", () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...terms), value, value, (term, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        return rise(term, low) <= rise(term, high) + 1e-12 && rise(term, low) >= 0;
      }),
    );
  });

  it("adds nothing up to the first knot, and ends at twice the range", () => {
    expect(pieces([0, 1, 3], -5)).toEqual([0, 0, 0]);
    expect(pieces([0, 1, 3], 0)).toEqual([0, 0, 0]);
    expect(pieces([0, 1, 3], 4.5)).toEqual([1, 1, 0.5]);
    expect(pieces([0, 1, 3], 1e9)).toEqual([1, 1, 2]);
    expect(pieces([2], 2.5)).toEqual([0.5]);
  });

  it("has a base by the number of inputs", () => {
    expect([1, 2, 3, 784].map(baseIndex)).toEqual([0, 1, 2, 2]);
  });

  it("does not use what is to be learned where that is not known", () => {
    expect(calibration.adam.withoutTargets.model.terms.some(({ name }) => name.startsWith("unlearnable"))).toBe(false);
  });
});

describe("the probability of failure", () => {
  it("is the logistic of the base and what indicators add", async () => {
    const architecture = mlp("16-8x6-1", { activation: "tanh" });
    const { value, contributions, low, high, targets, networks } = failureOf(architecture, await measure(architecture, asked));
    const sum = contributions.reduce((total, { logOdds }) => total + logOdds, calibration.adam.withoutTargets.model.base[2]);
    expect(Math.log(value / (1 - value))).toBeCloseTo(sum, 9);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect([targets, networks]).toEqual([false, 32]);
    expect([...contributions].sort((a, b) => b.logOdds - a.logOdds)).toEqual(contributions);
  });

  it("knows what is to be learned where it is told", async () => {
    const architecture = mlp("16-8x2-1");
    const targets = matrix(
      64,
      1,
      points.data.filter((_, k) => k % 16 === 0),
    );
    const measured = await measure(architecture, { ...asked, targets });
    expect(failureOf(architecture, measured).targets).toBe(true);
    expect(readIndicators(architecture, measured).get("unlearnable-10000")?.value).toBeLessThan(0.5);
    expect(readIndicators(architecture, measured).get("unlearnable-100")?.value).toBeGreaterThan(
      readIndicators(architecture, measured).get("unlearnable-10000")?.value ?? 1,
    );
  });

  it("is large for a deep narrow network and small for a wide shallow one", async () => {
    const probability = async (architecture: Architecture, options = {}) =>
      failureOf(architecture, await measure(architecture, { networks: 64, ...options })).value;
    expect(await probability(mlp("1-2x20-1"))).toBeGreaterThan(0.7);
    expect(await probability(mlp("16-64x2-1"), asked)).toBeLessThan(0.1);
  });
});

const relu = { kind: "activation", activation: "relu" } as const;

describe("the calibrated range", () => {
  it.each<[string, Architecture, string]>([
    ["no hidden layer", mlp("4-1"), "0 hidden layers"],
    ["101 layers", mlp("4-4x101-1"), "101 hidden layers"],
    ["an activation of the outputs", { ...mlp("4-4-1"), layers: [...mlp("4-4-1").layers, relu] }, "outputs have an activation"],
    ["width 1", mlp("4-1-4-1"), "1 to 4 wide"],
    ["width 513", mlp("4-513-1"), "513 wide"],
    ["785 inputs", mlp("785-4-1"), "785 inputs"],
    ["an activation", mlp("4-4-1", { activation: "abs" }), "activation is abs"],
    [
      "a convolution",
      {
        input: [4, 4, 1],
        layers: [
          { kind: "conv", channels: 2, kernel: [3, 3] },
          { kind: "activation", activation: "relu" },
          { kind: "flatten" },
          { kind: "dense", units: 1 },
        ],
      },
      "conv layers",
    ],
  ])("ends before %s", (_, architecture, reason) => {
    expect(outsideByDescription(architecture).join()).toContain(reason);
  });

  it.each([
    mlp("4-4x100-1"),
    mlp("4-2-1"),
    mlp("4-512-1"),
    mlp("784-4-1"),
    mlp("4-4x4-1", { skip: "residual", norm: "batch" }),
    mlp("4-4x4-1", { skip: "dense" }),
  ])("holds its ends: %#", (architecture) => {
    expect(outsideByDescription(architecture)).toEqual([]);
  });
});

describe("the range of what was measured", () => {
  const measured = { conditioning: {} } as Measurement;
  const [low, high] = calibration.seen["signal-grown"];
  const outside = (value: number) => outsideByNumbers(measured, new Map([["signal-grown", { value, error: 0 }]]));

  it("ends a tenth of its length beyond the largest value", () => {
    const end = high + 0.1 * (high - low);
    expect(outside(end)).toEqual([]);
    expect(outside(end + 1e-6).join()).toContain("in the calibration");
  });

  it("ends where there is no tangent kernel, for the reason that there is", () => {
    const without = (points: number) => outsideByNumbers({ inputs: { points } } as Measurement, new Map());
    expect(without(1)).toEqual(["there is a single point to learn from"]);
    expect(without(2)).toEqual(["its tangent kernel would take too long to measure"]);
  });
});

describe("the conditioning", () => {
  const measured = async (architecture: Architecture, options = {}) =>
    (await measure(architecture, { networks: 4, ...options })).conditioning;

  it("is looked at on as many networks as the budget allows, from two to eight", async () => {
    expect((await measured(mlp("16-8x2-1"), asked))?.networks).toBe(8);
    expect((await measured(mlp("16-8x2-1"), { ...asked, budget: 1e6 }))?.networks).toBe(2);
  });

  it("is not of a network that would take long, and does not count then", () => {
    const work = (architecture: Architecture) =>
      conditioningExamination.work?.({ architecture, options: {}, domain: { inputs: points, kind: "sample" }, theory: false });
    expect(work(mlp("784-1024x3-10"))).toBe(0);
    expect(work(mlp("784-512x4-10"))).toBeGreaterThan(1e9);
  });
});
