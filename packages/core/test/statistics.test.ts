import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addTo,
  ConfigError,
  DomainError,
  exactSum,
  ksStatistic,
  ksTest,
  ksTest2,
  kurtosis,
  type Moments,
  mean,
  meanEstimate,
  median,
  mergeInto,
  mergeMoments,
  moments,
  NumericalError,
  normal,
  normals,
  proportion,
  quantiles,
  ShapeError,
  sampleVariance,
  skewness,
  split,
  standardError,
  stream,
  student95,
  uniform,
  uniforms,
  variance,
  wilson,
} from "../src/index.js";
import { normalCdf } from "../src/math.js";
import reference from "./fixtures/statistics.json" with { type: "json" };

function momentsOf(values: ArrayLike<number>, order: 1 | 2 | 3 | 4 = 4): Moments {
  const m = moments({ order });
  addTo(m, values);
  return m;
}

describe("exactSum", () => {
  it("is the sum that Python's fsum gives", () => {
    expect(exactSum(reference.sum.values)).toBe(reference.sum.sum);
  });

  it("of squares is the sum of exact fractions", () => {
    expect(exactSum(reference.sum.values, { weights: reference.sum.values })).toBe(reference.sum.squares);
  });

  it("does not depend on the order", () => {
    const finite = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(fc.array(finite), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        expect(exactSum(sorted)).toBe(exactSum(values));
        expect(exactSum([...values, ...values.map((x) => -x)])).toBe(0);
      }),
    );
  });

  it.each([
    // Exactly half a unit above 1, and on either side of it: only a bit far below decides.
    [[1, 2 ** -53], 1],
    [[1, 2 ** -53, 2 ** -1074], 1 + 2 ** -52],
    [[1, 2 ** -53, -(2 ** -1074)], 1],
    [[1e308, 1, -1e308], 1],
    [[], 0],
    [[-0], 0],
  ])("of %j is %d", (values, sum) => {
    expect(exactSum(values)).toBe(sum);
  });

  it("says what is wrong", () => {
    expect(() => exactSum([1, Number.NaN])).toThrow(new DomainError("an exact sum takes finite numbers, got NaN at index 1"));
    expect(() => exactSum([1, 2], { weights: [1] })).toThrow(ShapeError);
    expect(() => exactSum([1.7e308, 1.7e308])).toThrow(NumericalError);
  });
});

describe("moments", () => {
  it.each(reference.summaries)("of values that are $name are the exact fractions, rounded once", (expected) => {
    const m = momentsOf(expected.values);
    expect(mean(m)).toBe(expected.mean);
    expect(variance(m)).toBe(expected.variance);
    expect(sampleVariance(m)).toBe(expected.sampleVariance);
    expect(kurtosis(m)).toBe(expected.kurtosis);
    // The root of a rounded square: half an ulp more.
    expect(Math.abs(skewness(m) / expected.skewness - 1)).toBeLessThan(3e-16);
    expect(standardError(m)).toBeCloseTo(Math.sqrt(expected.sampleVariance / expected.values.length), 12);
  });

  it("are the same record for any split and any order of merging", () => {
    const value = fc.oneof(fc.double({ min: -1e72, max: 1e72, noNaN: true }), fc.double({ min: -10, max: 10, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.infiniteStream(fc.nat(4)),
        fc.boolean(),
        (values, parts, reverse) => {
          const whole = mergeMoments(moments(), momentsOf(values));
          const pieces = Array.from({ length: 5 }, () => moments());
          for (const x of values) addTo(pieces[parts.next().value], x);
          if (reverse) pieces.reverse();
          const left = pieces.reduce(mergeMoments);
          const right = mergeMoments(
            pieces[0],
            mergeMoments(mergeMoments(pieces[1], pieces[2]), mergeMoments(pieces[3], pieces[4])),
          );
          expect(left).toEqual(whole);
          expect(right).toEqual(whole);
          expect(mean(momentsOf(values))).toBe(mean(whole));
          expect(kurtosis(momentsOf(values))).toEqual(kurtosis(whole));
        },
      ),
    );
  });

  it("survive JSON and structured cloning", () => {
    const m = momentsOf(normals(stream(3), new Float64Array(1000)));
    expect(JSON.parse(JSON.stringify(m))).toEqual(m);
    expect(variance(structuredClone(m))).toBe(variance(m));
  });

  it("of 100000 normal draws are those of the normal law", () => {
    const n = 100_000;
    const m = momentsOf(normals(stream(11), new Float64Array(n)));
    expect(Math.abs(mean(m))).toBeLessThan(4.5 / Math.sqrt(n));
    expect(Math.abs(variance(m) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n));
    expect(Math.abs(skewness(m))).toBeLessThan(4.5 * Math.sqrt(6 / n));
    expect(Math.abs(kurtosis(m) - 3)).toBeLessThan(4.5 * Math.sqrt(24 / n));
  });

  it("of constant values have variance 0 and no shape", () => {
    const m = momentsOf(new Array(7).fill(0.1));
    expect(mean(m)).toBe(0.1);
    expect(variance(m)).toBe(0);
    expect(skewness(m)).toBeNaN();
    expect(kurtosis(m)).toBeNaN();
  });

  it("of one value know nothing of spread", () => {
    const m = momentsOf([5]);
    expect(sampleVariance(m)).toBeNaN();
    expect(meanEstimate(m)).toEqual({ value: 5, standardError: Infinity, low: -Infinity, high: Infinity, networks: 1 });
  });

  it("of lower order keep less", () => {
    expect(variance(momentsOf([1, 2, 3], 2))).toBe(2 / 3);
    expect(() => kurtosis(momentsOf([1, 2, 3], 2))).toThrow(ConfigError);
    expect(() => mergeInto(moments(), moments({ order: 2 }))).toThrow("moments of order 4 and 2 do not merge");
    expect(() => moments({ order: 5 as 4 })).toThrow(ConfigError);
  });

  it("refuse values without a finite power", () => {
    expect(() => addTo(moments(), Number.NaN)).toThrow(DomainError);
    expect(() => addTo(moments(), 1e80)).toThrow("moments of order 4 take finite numbers of magnitude up to 1.8e+72, got 1e+80");
    expect(() => addTo(moments({ order: 1 }), 1e80)).not.toThrow();
    expect(() => mean(moments())).toThrow(DomainError);
  });
});

describe("wilson and proportion", () => {
  it.each(reference.wilson)("of %d in %d is the interval [%d, %d]", (successes, n, low, high) => {
    const interval = wilson(successes, n);
    expect(Math.abs(interval.low - low)).toBeLessThanOrEqual(1e-15 * low);
    expect(Math.abs(interval.high - high)).toBeLessThanOrEqual(1e-15 * high);
    const estimate = proportion(successes, n);
    expect(estimate).toMatchObject({ value: successes / n, networks: n, ...interval });
    expect(estimate.standardError).toBeGreaterThan(0);
  });

  it("never claim certainty, and continue to the next count", () => {
    expect(proportion(0, 1000).standardError).toBeCloseTo(1.96 / 2 / 1003.84, 7);
    expect(proportion(1, 1000).standardError).toBeCloseTo(Math.sqrt(0.001 * 0.999) / Math.sqrt(1000), 12);
    expect(proportion(1000, 1000).standardError).toBe(proportion(0, 1000).standardError);
  });

  it("cover the truth in about 95 of 100 experiments", () => {
    const [p, n, experiments] = [0.07, 80, 4000];
    let covered = 0;
    for (let e = 0; e < experiments; e++) {
      const source = split(stream(5), e);
      let successes = 0;
      for (let i = 0; i < n; i++) if (uniform(source, i) < p) successes++;
      const { low, high } = wilson(successes, n);
      if (low <= p && p <= high) covered++;
    }
    // The coverage at this p and n is the sum of binomial probabilities of the counts 2 to 11.
    let exact = 0;
    let term = (1 - p) ** n;
    for (let k = 0; k <= n; k++) {
      const { low, high } = wilson(k, n);
      if (low <= p && p <= high) exact += term;
      term *= ((n - k) / (k + 1)) * (p / (1 - p));
    }
    expect(exact).toBeGreaterThan(0.94);
    expect(Math.abs(covered / experiments - exact)).toBeLessThan(4.5 * Math.sqrt((exact * (1 - exact)) / experiments));
  });

  it.each([
    [1, 0],
    [-1, 5],
    [6, 5],
    [0.5, 5],
  ])("refuse %d successes in %d trials", (successes, n) => {
    expect(() => proportion(successes, n)).toThrow(DomainError);
  });
});

describe("meanEstimate", () => {
  it.each(reference.student95)("with %d degrees of freedom takes Student's t", (degrees, t) => {
    expect(Math.abs(student95(degrees) / t - 1)).toBeLessThan(degrees < 10 ? 1e-15 : 1e-5);
  });

  it("covers the truth in 95 of 100 experiments with five values each", () => {
    const experiments = 20_000;
    let covered = 0;
    for (let e = 0; e < experiments; e++) {
      const m = moments({ order: 2 });
      for (let i = 0; i < 5; i++) addTo(m, normal(stream(9), 5 * e + i));
      const { low, high } = meanEstimate(m);
      if (low <= 0 && 0 <= high) covered++;
    }
    expect(Math.abs(covered / experiments - 0.95)).toBeLessThan(4.5 * Math.sqrt((0.95 * 0.05) / experiments));
  });
});

describe("quantiles", () => {
  const { values, deciles } = reference.quantiles;
  const nine = Array.from({ length: 9 }, (_, i) => (i + 1) / 10);

  it("are those of Python's inclusive method", () => {
    quantiles(values, nine).forEach((q, i) => {
      expect(q).toBeCloseTo(deciles[i], 14);
    });
  });

  it("at 0, 1/2 and 1 are minimum, median and maximum", () => {
    expect(quantiles([3, 1, 2], [0, 0.5, 1])).toEqual([1, 2, 3]);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([-Infinity, 1, Infinity, Infinity])).toBe(Infinity);
  });

  it("leave the values as they are and grow with the probability", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
        const before = [...values];
        const qs = quantiles(values, [0, ...nine, 1]);
        expect(values).toEqual(before);
        for (let i = 1; i < qs.length; i++) expect(qs[i]).toBeGreaterThanOrEqual(qs[i - 1]);
      }),
    );
  });

  it("refuse nothing, NaN and wrong probabilities", () => {
    expect(() => quantiles([], [0.5])).toThrow(new DomainError("there are no values to order: give at least one"));
    expect(() => median([1, Number.NaN])).toThrow(
      new DomainError("NaN has no place in an order: remove NaN from the values first"),
    );
    expect(() => quantiles([1], [1.5])).toThrow(DomainError);
  });
});

describe("ksTest", () => {
  it.each(reference.kolmogorov)("of %d values at distance %d has the p-value %d to 0.001", (n, distance, expected) => {
    // Values whose distance from the uniform law is the given one: equidistant, then pushed down.
    const values = Array.from({ length: n }, (_, i) => Math.max(0, (i + 1) / n - distance));
    const { statistic, pValue } = ksTest(values, (x) => x);
    expect(statistic).toBeCloseTo(distance, 12);
    expect(Math.abs(pValue - expected)).toBeLessThan(1e-3);
  });

  it("accepts normal draws, and refuses slightly shifted ones", () => {
    const draws = normals(stream(21), new Float64Array(100_000));
    expect(ksTest(draws, normalCdf).pValue).toBeGreaterThan(1e-4);
    expect(ksTest(draws, (x) => normalCdf(x - 0.02)).pValue).toBeLessThan(1e-4);
  });

  it("has uniform p-values when the law is right", () => {
    const pValues = Array.from(
      { length: 500 },
      (_, e) => ksTest(uniforms(split(stream(2), e), new Float64Array(100)), (x) => x).pValue,
    );
    expect(ksStatistic(pValues, (p) => p)).toBeLessThan(2.2 / Math.sqrt(500));
  });
});

describe("ksTest2", () => {
  it.each(reference.kolmogorovTwo)("of %d and %d values at distance %d / n m has the p-value %d", (n, m, gap, expected) => {
    // The first values of one sample lie below all others.
    const [below, above] = gap % m === 0 ? [gap / m, 0] : [0, gap / n];
    const sample = (size: number, low: number) => Array.from({ length: size }, (_, i) => (i < low ? 0 : 1));
    const { statistic, pValue } = ksTest2(sample(n, below), sample(m, above));
    expect(statistic).toBe(gap / (n * m));
    expect(Math.abs(pValue / expected - 1)).toBeLessThan(1e-12);
  });

  it.each(reference.kolmogorovEqual)(
    "of twice %d values at distance %d / n has the p-value %d to 1 / n",
    (n, steps, expected) => {
      const values = Array.from({ length: n }, (_, i) => i);
      const { pValue } = ksTest2(
        values,
        values.map((x) => x + steps - 0.5),
      );
      expect(Math.abs(pValue - expected)).toBeLessThan(n * n <= 1e7 ? 1e-12 : 1 / n);
    },
  );

  it("finds samples of one law alike, and a small shift", () => {
    const [a, b] = [31, 32].map((seed) => normals(stream(seed), new Float64Array(50_000)));
    expect(ksTest2(a, b).pValue).toBeGreaterThan(1e-4);
    expect(
      ksTest2(
        a,
        b.map((x) => x + 0.05),
      ).pValue,
    ).toBeLessThan(1e-6);
    expect(ksTest2(a, a)).toEqual({ statistic: 0, pValue: 1 });
  });

  it("has uniform p-values when both samples follow one law, and large ones where values are equal", () => {
    const pValues = (values: (e: number, from: number, length: number) => Float64Array) =>
      Array.from({ length: 400 }, (_, e) => ksTest2(values(e, 0, 90), values(e, 90, 110)).pValue);
    const draws = (e: number, from: number, length: number) => uniforms(split(stream(4), e), new Float64Array(length), from);
    // The p-values of 90 and 110 values lie on steps below 0.01 apart.
    expect(ksStatistic(pValues(draws), (p) => p)).toBeLessThan(2.2 / Math.sqrt(400) + 0.01);
    const tied = pValues((e, from, length) => draws(e, from, length).map((u) => Math.floor(3 * u)));
    expect(tied.filter((p) => p < 0.05).length / 400).toBeLessThan(0.05);
  });

  it("takes infinities, and refuses NaN and no values", () => {
    expect(ksTest2([-Infinity, 0], [-Infinity, 0])).toEqual({ statistic: 0, pValue: 1 });
    expect(() => ksTest2([1], [Number.NaN])).toThrow(DomainError);
    expect(() => ksTest2([], [1])).toThrow(DomainError);
  });
});
