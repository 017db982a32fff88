import { split, stream } from "@sonde/core";
import { erf } from "@sonde/core/math";
import { describe, expect, it } from "vitest";
import { fanIn, fanOut, independent, initialiser, type LayerShape } from "../src/index.js";
import { expectLaw, expectMean, square } from "./statistics.js";

const dense: LayerShape = { kernel: [], inputs: 150, outputs: 400 };
const conv: LayerShape = { kernel: [3, 2], inputs: 20, outputs: 500 };

const rules = { he: () => 2, glorot: (s: LayerShape) => (2 * fanIn(s)) / (fanIn(s) + fanOut(s)), lecun: () => 1 };
const distributions = ["normal", "uniform", "truncated-normal"] as const;
/** Largest |w| over its standard deviation. */
const support = { normal: 6, uniform: Math.sqrt(3), "truncated-normal": 2 / 0.87962566103423978 };
const normalCdf = (x: number) => 0.5 * (1 + erf(x / Math.SQRT2));
const cdf = {
  normal: normalCdf,
  uniform: (x: number) => 0.5 + x / (2 * Math.sqrt(3)),
  "truncated-normal": (x: number) => (normalCdf(x * 0.87962566103423978) - normalCdf(-2)) / (1 - 2 * normalCdf(-2)),
};

describe.each([
  ["dense", dense],
  ["conv", conv],
])("on a %s layer", (_, shape) => {
  for (const [family, rule] of Object.entries(rules))
    for (const distribution of distributions)
      it(`${family}-${distribution} has mean 0, its variance, its law and its support, for weights and like biases`, () => {
        const { draw } = initialiser({ init: `${family}-${distribution}`, bias: "like-weights" });
        const { weights, bias } = draw(stream(3), shape);
        expect([weights.rows, weights.cols, bias.length]).toEqual([fanIn(shape), shape.outputs, shape.outputs]);
        for (const values of [weights.data, bias]) {
          const standard = values.map((w) => w / Math.sqrt(rule(shape) / fanIn(shape)));
          expectMean(standard, 0);
          expectMean(standard.map(square), 1);
          expectLaw(standard, cdf[distribution]);
          expect(standard.every((w) => Math.abs(w) <= support[distribution] * (1 + 1e-15))).toBe(true);
        }
      });

  it("law states the variances that are drawn", () => {
    for (const spec of [
      { init: "glorot-normal", bias: "normal:0.3" },
      { init: "he-uniform", bias: "uniform:0.5" },
      { init: "pytorch" },
      { init: "keras" },
      { init: "uniform", weightVariance: 1.3, bias: "like-weights" },
    ]) {
      const { law, draw } = initialiser(spec);
      const { weights, bias } = draw(stream(4), shape);
      expectMean(weights.data.map(square), (law?.(shape).weightVariance ?? Number.NaN) / fanIn(shape));
      expectMean(bias.map(square), law?.(shape).biasVariance ?? Number.NaN);
    }
  });
});

it("law is exact", () => {
  expect(initialiser({}).law?.(dense)).toEqual({ distribution: "normal", weightVariance: 2, biasVariance: 0 });
  expect(initialiser({ bias: "like-weights" }).law?.(dense).biasVariance).toBe(2 / 150);
  expect(initialiser({ init: "pytorch" }).law?.(conv)).toEqual({
    distribution: "uniform",
    weightVariance: 1 / 3,
    biasVariance: 1 / 3 / 120,
  });
  expect(initialiser({ init: "keras" }).law?.(conv)).toEqual({
    distribution: "uniform",
    weightVariance: 240 / (120 + 3000),
    biasVariance: 0,
  });
});

it("law is absent where one plain distribution does not say it all", () => {
  expect(initialiser({ init: "he-truncated-normal" }).law).toBeUndefined();
  expect(initialiser({ init: "he-normal", bias: "uniform:1" }).law).toBeUndefined();
  expect(initialiser({ init: "he-uniform", bias: "normal:1" }).law).toBeUndefined();
  expect(initialiser({ init: "orthogonal" }).law).toBeUndefined();
});

it("weightVariance replaces the rule", () => {
  const glorot = initialiser({ init: "glorot-normal", weightVariance: 2 }).draw(stream(1), conv);
  expect(glorot).toEqual(initialiser({ init: "he-normal" }).draw(stream(1), conv));
});

it("pytorch lies within 1 / sqrt(fan_in), weights and biases", () => {
  const { weights, bias } = initialiser({ init: "pytorch" }).draw(stream(0), dense);
  const largest = Math.max(...weights.data.map(Math.abs));
  expect(largest).toBeLessThanOrEqual((1 / Math.sqrt(150)) * (1 + 1e-15));
  expect(largest).toBeGreaterThan(0.9995 / Math.sqrt(150));
  expectLaw(bias, (x) => (1 + x * Math.sqrt(150)) / 2);
});

it("parameters are a pure function of stream and shape", () => {
  const { draw } = initialiser({ init: "he-truncated-normal", bias: "like-weights" });
  expect(draw(stream(5), conv)).toEqual(draw(stream(5), conv));
  expect(draw(split(stream(5), 1), conv)).not.toEqual(draw(split(stream(5), 2), conv));
});

it("entry (i, j) is draw i * outputs + j, whatever the number of rows", () => {
  const { draw } = independent("mine", "truncated-normal", fanIn, { kind: "zeros" });
  const few = draw(stream(6), { kernel: [], inputs: 10, outputs: 7 }).weights.data;
  const many = draw(stream(6), { kernel: [], inputs: 100, outputs: 7 }).weights.data;
  expect(many.subarray(0, few.length)).toEqual(few);
});

it("weights and biases are uncorrelated", () => {
  const { draw } = initialiser({ bias: "normal:1" });
  const products = Array.from({ length: 4000 }, (_, seed) => {
    const { weights, bias } = draw(stream(seed), { kernel: [], inputs: 1, outputs: 1 });
    return weights.data[0] * bias[0];
  });
  expectMean(products, 0);
});
