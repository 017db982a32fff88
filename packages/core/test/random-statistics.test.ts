import { describe, expect, it } from "vitest";
import {
  beta,
  integer,
  ksTest,
  matrix,
  normal,
  normals,
  permutation,
  sample,
  sampleRows,
  sign,
  split,
  stream,
  uniform,
  uniforms,
} from "../src/index.js";
import { asin, log, normalCdf, pow } from "../src/math.js";

/** Seeds are fixed, so nothing here is left to chance; limits are 5 standard errors, or p = 1e-5 for whole laws. */
const SIGMAS = 5;
const LEAST_P = 1e-5;
const N = 1_000_000;

function meanOf(values: ArrayLike<number>, f: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]);
  return sum / values.length;
}

/** Correlation of two samples of mean 0 and variance 1, in standard errors. */
function correlation(a: Float64Array, b: Float64Array, count = a.length): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[i] * b[i];
  return Math.abs(sum) / Math.sqrt(count);
}

/** Pearson's statistic of equally likely cells, as a standard normal (Wilson and Hilferty's cube root). */
function chiSquareScore(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  const degrees = counts.length - 1;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const spread = 2 / (9 * degrees);
  return (pow(statistic / degrees, 1 / 3) - (1 - spread)) / Math.sqrt(spread);
}

function tally(cells: number, n: number, cell: (i: number) => number): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (let i = 0; i < n; i++) counts[cell(i)]++;
  return counts;
}

describe("moments", () => {
  it("uniforms have the moments 1 / (k + 1)", () => {
    const draws = uniforms(stream(1), new Float64Array(N));
    for (let k = 1; k <= 4; k++) {
      const sd = Math.sqrt(1 / (2 * k + 1) - 1 / (k + 1) ** 2);
      expect(Math.abs(meanOf(draws, (u) => u ** k) - 1 / (k + 1))).toBeLessThan((SIGMAS * sd) / Math.sqrt(N));
    }
  });

  it("normals have the moments 0, 1, 0, 3, 0, 15", () => {
    const draws = normals(stream(2), new Float64Array(N));
    const moments = [1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395];
    for (let k = 1; k <= 6; k++) {
      const sd = Math.sqrt(moments[2 * k] - moments[k] ** 2);
      expect(Math.abs(meanOf(draws, (z) => z ** k) - moments[k])).toBeLessThan((SIGMAS * sd) / Math.sqrt(N));
    }
  });

  it("signs are fair", () => {
    const sum = tally(2, 100_000, (i) => (sign(stream(3), i) + 1) / 2);
    expect(Math.abs(sum[0] - sum[1])).toBeLessThan(SIGMAS * Math.sqrt(100_000));
  });

  it.each([
    [0.3, 4.2],
    [7.5, 0.2],
    [50, 60],
    [1.5, 2.5],
  ])("Beta(%d, %d) has its mean and variance", (a, b) => {
    const n = 20_000;
    const draws = Float64Array.from({ length: n }, (_, i) => beta(stream(4), i, a, b));
    const mean = a / (a + b);
    const variance = (a * b) / ((a + b) ** 2 * (a + b + 1));
    const excess = (6 * ((a - b) ** 2 * (a + b + 1) - a * b * (a + b + 2))) / (a * b * (a + b + 2) * (a + b + 3));
    expect(Math.abs(meanOf(draws, (x) => x) - mean)).toBeLessThan(SIGMAS * Math.sqrt(variance / n));
    const measured = meanOf(draws, (x) => (x - mean) ** 2);
    expect(Math.abs(measured - variance)).toBeLessThan(SIGMAS * variance * Math.sqrt((excess + 2) / n));
  });

  it("Beta variates with tiny parameters neither fail nor leave [0, 1]", () => {
    const n = 2000;
    const draws = Float64Array.from({ length: n }, (_, i) => beta(stream(5), i, 1e-4, 1e-4));
    expect(draws.every((x) => x >= 0 && x <= 1)).toBe(true);
    // Nearly a coin: half of the mass at each end.
    expect(Math.abs(meanOf(draws, (x) => x) - 0.5)).toBeLessThan((SIGMAS * 0.5) / Math.sqrt(n));
  });
});

describe("laws (Kolmogorov and Smirnov)", () => {
  const n = 100_000;
  const p = (values: Float64Array, cdf: (x: number) => number) => ksTest(values, cdf).pValue;

  it("uniforms are uniform, normals are normal", () => {
    expect(p(uniforms(stream(6), new Float64Array(n)), (u) => u)).toBeGreaterThan(LEAST_P);
    expect(p(normals(stream(6), new Float64Array(n)), normalCdf)).toBeGreaterThan(LEAST_P);
  });

  it("first draws of neighbouring seeds and of siblings are normal", () => {
    const first = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i));
    expect(
      p(
        first((i) => normal(stream(i), 0)),
        normalCdf,
      ),
    ).toBeGreaterThan(LEAST_P);
    expect(
      p(
        first((i) => normal(split(stream(0), i), 0)),
        normalCdf,
      ),
    ).toBeGreaterThan(LEAST_P);
    expect(
      p(
        first((i) => normal(split(split(stream(0), i), 1), 0)),
        normalCdf,
      ),
    ).toBeGreaterThan(LEAST_P);
  });

  it.each<[number, number, (x: number) => number]>([
    [2, 1, (x) => x * x],
    [0.5, 1, (x) => Math.sqrt(x)],
    [1, 3, (x) => 1 - (1 - x) ** 3],
    [2, 3, (x) => x * x * (6 - 8 * x + 3 * x * x)],
    [0.5, 0.5, (x) => (2 / Math.PI) * asin(Math.sqrt(x))],
    [0.5, 2, (x) => (Math.sqrt(x) * (3 - x)) / 2],
  ])("Beta(%d, %d) has its distribution function", (a, b, cdf) => {
    const draws = Float64Array.from({ length: 20_000 }, (_, i) => beta(stream(7), i, a, b));
    expect(p(draws, cdf)).toBeGreaterThan(LEAST_P);
  });
});

describe("equally likely cells (chi-square)", () => {
  it("integers, pairs of bits of words, permutations of 4 and samples of 2 out of 5", () => {
    const s = stream(8);
    expect(Math.abs(chiSquareScore(tally(10, 100_000, (i) => integer(s, i, 10))))).toBeLessThan(SIGMAS);
    expect(Math.abs(chiSquareScore(tally(1000, 200_000, (i) => Math.floor(uniform(s, i) * 1000))))).toBeLessThan(SIGMAS);
    const order = (values: Uint32Array) => values.reduce((code, value) => 5 * code + value, 0);
    const cells = (draw: (i: number) => Uint32Array, n: number) => {
      const counts = new Map<number, number>();
      for (let i = 0; i < n; i++) counts.set(order(draw(i)), (counts.get(order(draw(i))) ?? 0) + 1);
      return [...counts.values()];
    };
    const permutations = cells((i) => permutation(split(s, i), 4), 24_000);
    expect(permutations.length).toBe(24);
    expect(Math.abs(chiSquareScore(permutations))).toBeLessThan(SIGMAS);
    const samples = cells((i) => sample(split(s, i), 5, 2), 20_000);
    expect(samples.length).toBe(20);
    expect(Math.abs(chiSquareScore(samples))).toBeLessThan(SIGMAS);
  });
});

describe("independence", () => {
  const n = 100_000;
  const draw = (s: ReturnType<typeof stream>) => normals(s, new Float64Array(n));

  it("neighbouring seeds, siblings, parents and cousins are uncorrelated, squares too", () => {
    const roots = Array.from({ length: 12 }, (_, i) => stream(i));
    const family = [...roots, ...roots.map((root) => split(root, 0)), ...roots.map((_, i) => split(roots[0], i + 1))].map(draw);
    const squares = family.map((z) => z.map((x) => (x * x - 1) / Math.SQRT2));
    for (let i = 0; i < family.length; i++)
      for (let j = 0; j < i; j++) {
        expect(correlation(family[i], family[j])).toBeLessThan(SIGMAS);
        expect(correlation(squares[i], squares[j])).toBeLessThan(SIGMAS);
      }
  });

  it("lags 1 to 64 of a stream are uncorrelated, squares and squares with values too", () => {
    const z = draw(stream(9));
    const square = z.map((x) => (x * x - 1) / Math.SQRT2);
    for (let lag = 1; lag <= 64; lag++)
      for (const [a, b] of [
        [z, z],
        [square, square],
        [z, square],
      ])
        expect(correlation(a, b.subarray(lag), n - lag)).toBeLessThan(SIGMAS);
  });

  it("the two normals of a pair are independent: their angle is uniform and their radius exponential", () => {
    const z = draw(stream(10));
    const pairs = Float64Array.from({ length: n / 2 }, (_, m) => z[2 * m] / Math.sqrt(z[2 * m] ** 2 + z[2 * m + 1] ** 2));
    expect(ksTest(pairs, (c) => 0.5 + asin(c) / Math.PI).pValue).toBeGreaterThan(LEAST_P);
    const mean = meanOf(
      Float64Array.from({ length: n / 2 }, (_, m) => log((z[2 * m] ** 2 + z[2 * m + 1] ** 2) / 2)),
      (x) => x,
    );
    // The logarithm of an exponential variate: mean -gamma, variance pi^2 / 6.
    expect(Math.abs(mean + 0.5772156649015329)).toBeLessThan((SIGMAS * Math.sqrt(Math.PI ** 2 / 6)) / Math.sqrt(n / 2));
  });
});

it("sampleRows draws different rows of all, each as often as any other", () => {
  const all = matrix(
    10,
    2,
    Float64Array.from({ length: 20 }, (_, k) => k),
  );
  expect(sampleRows(all, 10, stream(0))).toBe(all);
  expect(sampleRows(all, 11, stream(0))).toBe(all);
  const counts = new Float64Array(10);
  for (let k = 0; k < 4000; k++) {
    const { rows, cols, data } = sampleRows(all, 3, stream(k));
    expect([rows, cols]).toEqual([3, 2]);
    const chosen = [0, 2, 4].map((at) => data[at] / 2);
    expect(new Set(chosen).size).toBe(3);
    for (const row of chosen) counts[row]++;
  }
  // Binomial(4000, 0.3) has a standard deviation of 29.
  for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(5 * 29);
});
