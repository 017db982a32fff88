import { addRunning, type Matrix, matrix, normals, running, runningEstimate, split, stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { measureUnits } from "../src/index.js";

const units = 8;
const repeats = 600;

/** Normal points, or their cubes, mixed by a fixed matrix: their covariance is a multiple of A A^T. */
function sample(points: number, seed: number, power: 1 | 3): Matrix<Float64Array> {
  const z = normals(split(stream(11), seed), new Float64Array(points * units)).map((value) => value ** power);
  const result = matrix(points, units);
  for (let p = 0; p < points; p++)
    for (let u = 0; u < units; u++) for (let k = 0; k <= u; k++) result.data[p * units + u] += z[p * units + k] / (1 + u - k);
  return result;
}

/** The true values, of A A^T. */
function truth(): { vni: number; weighted: number } {
  const covariance = (u: number, v: number) => {
    let sum = 0;
    for (let k = 0; k <= Math.min(u, v); k++) sum += 1 / (1 + u - k) / (1 + v - k);
    return sum;
  };
  let [correlations, squares, trace] = [0, 0, 0];
  for (let u = 0; u < units; u++) {
    trace += covariance(u, u);
    for (let v = 0; v < units; v++) {
      squares += covariance(u, v) ** 2;
      correlations += covariance(u, v) ** 2 / covariance(u, u) / covariance(v, v);
    }
  }
  return { vni: correlations / units ** 2, weighted: squares / trace ** 2 };
}

function simulate(points: number, power: 1 | 3, pick: (x: Matrix<Float64Array>) => number) {
  const values = running();
  for (let k = 0; k < repeats; k++) addRunning(values, pick(sample(points, k, power)));
  return runningEstimate(values);
}

describe("the sampling bias", () => {
  const exact = truth();

  it.each([
    [10, 1],
    [40, 1],
    [40, 3],
  ] as const)("%i points, power %i: numerator and denominator of the weighted VNI are unbiased", (points, power) => {
    // The variance of z and of z^3 is 1 and 15.
    const scale = power === 1 ? 1 : 15;
    let trace = 0;
    for (let u = 0; u < units; u++) for (let k = 0; k <= u; k++) trace += scale / (1 + u - k) ** 2;
    const parts = (x: Matrix<Float64Array>) => {
      const { raw } = measureUnits(x);
      const m = points;
      const means = new Float64Array(units);
      for (let k = 0; k < x.data.length; k++) means[k % units] += x.data[k] / m;
      let [square, quartic] = [0, 0];
      for (let p = 0; p < m; p++) {
        let own = 0;
        for (let u = 0; u < units; u++) own += (x.data[p * units + u] - means[u]) ** 2;
        square += own;
        quartic += own * own;
      }
      const trS = square / (m - 1);
      const trS2 = raw.weighted * trS * trS;
      const q = quartic / (m - 1);
      const k = (m - 1) / (m * (m - 2) * (m - 3));
      return {
        numerator: k * ((m - 1) * (m - 2) * trS2 + trS * trS - m * q),
        denominator: k * (2 * trS2 + (m * m - 3 * m + 1) * trS * trS - m * q),
      };
    };
    const numerator = simulate(points, power, (x) => parts(x).numerator);
    const denominator = simulate(points, power, (x) => parts(x).denominator);
    expect(Math.abs(numerator.value - exact.weighted * trace * trace)).toBeLessThan(4.5 * numerator.standardError);
    expect(Math.abs(denominator.value - trace * trace)).toBeLessThan(4.5 * denominator.standardError);
    // The record is their ratio.
    const one = sample(points, 5, power);
    expect(measureUnits(one).weighted).toBeCloseTo(parts(one).numerator / parts(one).denominator, 11);
  });

  it("of normal data is (1 - R)(1 + 2 R) / (M - 1) to the first order for the raw weighted VNI, and gone in both afterwards", () => {
    const points = 60;
    const raw = simulate(points, 1, (x) => measureUnits(x).raw.weighted);
    const bias = ((1 - exact.weighted) * (1 + 2 * exact.weighted)) / (points - 1);
    // The next order is a few times 1 / M^2.
    expect(Math.abs(raw.value - exact.weighted - bias)).toBeLessThan(4.5 * raw.standardError + 4 / points ** 2);
    for (const key of ["vni", "weighted"] as const) {
      const corrected = simulate(points, 1, (x) => measureUnits(x)[key]);
      expect(Math.abs(corrected.value - exact[key])).toBeLessThan(4.5 * corrected.standardError + 2 / points ** 2);
    }
  });

  it("without centring is gone too, and then exactly in numerator and denominator", () => {
    const points = 20;
    for (const key of ["vni", "weighted"] as const) {
      const corrected = simulate(points, 1, (x) => measureUnits(x, { centred: false })[key]);
      expect(Math.abs(corrected.value - exact[key])).toBeLessThan(4.5 * corrected.standardError + 3 / points ** 2);
    }
  });
});
