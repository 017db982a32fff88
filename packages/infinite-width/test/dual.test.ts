import { readFileSync } from "node:fs";
import { activation, activationNames, gaussianMoments, normals, split, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closedForm } from "../src/dual/closed-forms.js";
import { dualAtEqualVariances } from "../src/dual/equal-variances.js";
import { arcCosine, dualActivation, hermiteSeries, quadratureDual } from "../src/index.js";

interface Case {
  readonly activation: string;
  readonly variance1: number;
  readonly variance2: number;
  readonly correlation: number;
  readonly value: number;
  readonly first: number;
  readonly second?: number;
}

const cases: readonly Case[] = JSON.parse(readFileSync(new URL("./fixtures/duals.json", import.meta.url), "utf8"));
const fields = ["value", "first", "second"] as const;

/** Variances of u and v and their correlation. */
const pairs: readonly (readonly [number, number, number])[] = [
  [1, 1, 0.5],
  [0.3, 2.5, -0.7],
  [4, 4, 0.999],
  [50, 50, 0.9],
  [1, 1, 1],
  [100, 0.01, 0.3],
  [0.5, 2, -1],
  [1e-6, 1e-6, 0.2],
];

describe("dual activations by quadrature", () => {
  it.each(cases.map((c) => [c.activation, c] as const))("%s agrees with a Cartesian rule of NumPy", (name, c) => {
    const dual = quadratureDual(activation(name))(c.variance1, c.variance2, c.correlation * Math.sqrt(c.variance1 * c.variance2));
    for (const field of fields) {
      const expected = c[field];
      if (expected !== undefined)
        expect(Math.abs(dual[field] - expected), field).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
    }
    expect(dual.error).toBeLessThan(1e-12);
  });

  it.each(["erf", "gelu"])("%s agrees with its closed form to 1e-12 of the scale", (name) => {
    const phi = activation(name);
    for (const [variance1, variance2, c] of pairs) {
      const covariance = c * Math.sqrt(variance1) * Math.sqrt(variance2);
      const closed = dualActivation(phi)(variance1, variance2, covariance);
      const integrated = quadratureDual(phi)(variance1, variance2, covariance);
      for (const field of fields) {
        const scale = Math.sqrt(
          dualActivation(phi)(variance1, variance1, variance1)[field] *
            dualActivation(phi)(variance2, variance2, variance2)[field],
        );
        expect(Math.abs(integrated[field] - closed[field]), `${field} at ${variance1}, ${variance2}, ${c}`).toBeLessThan(
          1e-12 * scale,
        );
      }
    }
  });

  it.each(["relu", "leaky-relu:0.3", "abs"])(
    "%s agrees with its closed form to 1e-12 of the scale, however close the points",
    (name) => {
      const phi = activation(name);
      for (const [variance1, variance2, c] of [...pairs, [1, 1, 1 - 1e-12], [3, 3, 1 - 1e-15]] as const) {
        const covariance = c * Math.sqrt(variance1) * Math.sqrt(variance2);
        const closed = dualActivation(phi)(variance1, variance2, covariance);
        const integrated = quadratureDual(phi)(variance1, variance2, covariance);
        expect(Math.abs(integrated.value - closed.value)).toBeLessThan(1e-12 * Math.sqrt(variance1 * variance2));
        // At 1 - 1e-15 the angle itself is known to a tenth.
        expect(Math.abs(integrated.first - closed.first)).toBeLessThan(c > 1 - 1e-14 && c < 1 ? 1e-8 : 1e-12);
        if (Math.abs(c) < 0.9999) expect(Math.abs(integrated.second / closed.second - 1)).toBeLessThan(1e-11);
      }
    },
  );

  it("ReLU agrees with Cho and Saul's angular parts to 1e-12", () => {
    for (const theta of [0, 1e-3, 1, Math.PI / 2, 3]) {
      const dual = quadratureDual(activation("relu"))(2, 2, 2 * Math.cos(theta));
      expect(Math.abs(dual.value - (2 * arcCosine(1, theta)) / (2 * Math.PI))).toBeLessThan(1e-12);
      // The cosine knows an angle of 1e-3 only to 1e-13.
      expect(Math.abs(dual.first - arcCosine(0, theta) / (2 * Math.PI))).toBeLessThan(1e-12);
    }
  });
});

describe("dual activations", () => {
  const names = activationNames.filter((name) => name !== "sign");

  it.each(names)("%s: the derivative by the covariance is the dual of the derivative", (name) => {
    const dual = dualActivation(activation(name));
    for (const [variance1, variance2, c] of [
      [1, 1, 0.4],
      [0.5, 3, -0.6],
    ]) {
      const at = (k: number) => dual(variance1, variance2, k);
      const k = c * Math.sqrt(variance1 * variance2);
      const step = 1e-3;
      const slope = (field: "value" | "first") =>
        (8 * (at(k + step)[field] - at(k - step)[field]) - (at(k + 2 * step)[field] - at(k - 2 * step)[field])) / (12 * step);
      // The difference quotient's own error: its fifth derivative times step^4, and rounding over the step.
      expect(Math.abs(slope("value") - at(k).first)).toBeLessThan(1e-9 * Math.max(1, at(k).first));
      expect(Math.abs(slope("first") - at(k).second)).toBeLessThan(1e-8 * Math.max(1, Math.abs(at(k).second)));
    }
  });

  it.each(activationNames)("%s: at correlation 1 the dual is the second moment", (name) => {
    const phi = activation(name);
    for (const variance of [0.1, 1, 5]) {
      const { value, first } = dualActivation(phi)(variance, variance, variance);
      const { second, derivativeSecond } = gaussianMoments(phi, variance);
      expect(Math.abs(value - second)).toBeLessThan(1e-12 * second);
      expect(Math.abs(first - derivativeSecond)).toBeLessThan(1e-12 * Math.max(derivativeSecond, 1e-3));
    }
  });

  it.each(activationNames)("%s: independent variables give the product of the means", (name) => {
    const phi = activation(name);
    const { value } = dualActivation(phi)(0.7, 1.9, 0);
    expect(Math.abs(value - gaussianMoments(phi, 0.7).mean * gaussianMoments(phi, 1.9).mean)).toBeLessThan(
      1e-12 * Math.max(1, value),
    );
  });

  it("agrees with Monte Carlo within 5 standard errors", () => {
    const count = 80_000;
    const z = new Float64Array(2 * count);
    normals(split(stream(4), 0), z);
    const [variance1, variance2, c] = [0.8, 1.7, 0.6];
    for (const name of activationNames) {
      const { value: phi, derivative } = activation(name);
      let [sum, squares, slopes, slopeSquares] = [0, 0, 0, 0];
      for (let i = 0; i < count; i++) {
        const u = Math.sqrt(variance1) * z[2 * i];
        const v = Math.sqrt(variance2) * (c * z[2 * i] + Math.sqrt(1 - c * c) * z[2 * i + 1]);
        const [product, slope] = [phi(u) * phi(v), derivative(u) * derivative(v)];
        sum += product;
        squares += product * product;
        slopes += slope;
        slopeSquares += slope * slope;
      }
      const dual = dualActivation(activation(name))(variance1, variance2, c * Math.sqrt(variance1 * variance2));
      const error = (total: number, ofSquares: number) => Math.sqrt((ofSquares / count - (total / count) ** 2) / count) + 1e-12;
      expect(Math.abs(sum / count - dual.value) / error(sum, squares), name).toBeLessThan(5);
      expect(Math.abs(slopes / count - dual.first) / error(slopes, slopeSquares), name).toBeLessThan(5);
    }
  });

  it("is symmetric, bounded by Cauchy and Schwarz, and rises with the covariance where phi' does not change sign", () => {
    const variance = fc.double({ min: 1e-3, max: 30, noNaN: true });
    const correlation = fc.double({ min: -1, max: 1, noNaN: true });
    const closed = activationNames.filter((name) => closedForm(activation(name)) && name !== "exp");
    fc.assert(
      fc.property(variance, variance, correlation, fc.constantFrom(...closed), (variance1, variance2, c, name) => {
        const dual = dualActivation(activation(name));
        const k = c * Math.sqrt(variance1) * Math.sqrt(variance2);
        const { value, first } = dual(variance1, variance2, k);
        const mirrored = dual(variance2, variance1, k);
        expect(Math.abs(mirrored.value - value)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(value)));
        expect(Math.abs(mirrored.first - first)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(first)));
        const most = Math.sqrt(dual(variance1, variance1, variance1).value * dual(variance2, variance2, variance2).value);
        expect(Math.abs(value)).toBeLessThanOrEqual(most * (1 + 1e-12));
      }),
      { numRuns: 300 },
    );
  });

  it("takes the Hermite series where its rest is negligible, and quadrature elsewhere, with the same result", () => {
    for (const name of ["tanh", "elu:1", "relu6"]) {
      const at = dualAtEqualVariances(activation(name), 1.3);
      for (const c of [-0.8, 0.1, 0.9, 0.9999]) {
        const { value, first } = quadratureDual(activation(name))(1.3, 1.3, 1.3 * c);
        expect(Math.abs(at(c).value - value)).toBeLessThan(1e-13);
        expect(Math.abs(at(c).first - first)).toBeLessThan(2e-13);
      }
    }
  });

  it("keeps variables of variance 0 apart from the others", () => {
    expect(dualActivation(activation("relu"))(0, 1, 0)).toMatchObject({ value: 0, first: 0.25 });
    expect(dualActivation(activation("softplus"))(0, 0, 0).value).toBeCloseTo(Math.LN2 ** 2, 15);
    const { value, first } = dualActivation(activation("softplus"))(0, 2, 0);
    expect(value).toBeCloseTo(Math.LN2 * gaussianMoments(activation("softplus"), 2).mean, 14);
    expect(first).toBeCloseTo(0.25, 14);
  });

  it("knows the diverging second dual of kinked activations", () => {
    expect(dualActivation(activation("relu"))(1, 1, 1).second).toBe(Number.POSITIVE_INFINITY);
    expect(dualActivation(activation("hard-tanh"))(1, 1, 1).second).toBe(Number.POSITIVE_INFINITY);
    expect(dualActivation(activation("elu:1"))(1, 1, 1).second).toBeLessThan(1);
  });

  it("refuses impossible variances and covariances", () => {
    const relu = dualActivation(activation("relu"));
    expect(() => relu(-1, 1, 0)).toThrow("a variance is finite and >= 0, got -1");
    expect(() => relu(1, 4, 2.1)).toThrow("variables of variance 1 and 4 have a covariance of at most 2 in size, got 2.1");
    expect(() => arcCosine(3, 1)).toThrow("the arc-cosine kernel is known here for the orders 0, 1 and 2, got 3");
    expect(() => hermiteSeries(activation("tanh"), 0, 3)).toThrow("a Hermite series needs a finite variance above 0, got 0");
    expect(() => hermiteSeries(activation("tanh"), 1, 0)).toThrow("whole number of terms from 1 to 1000");
  });
});

describe("the Hermite series", () => {
  it("of a polynomial is exact, and its rest is only rounding", () => {
    const { coefficients, rest } = hermiteSeries(activation("linear"), 4, 5);
    [0, 2, 0, 0, 0].forEach((a, n) => {
      expect(Math.abs(coefficients[n] - a)).toBeLessThan(1e-14);
    });
    expect(rest).toBeLessThan(1e-13);
  });

  it("of the exponential is e^(q/2) sqrt(q^n / n!)", () => {
    const { coefficients } = hermiteSeries(activation("exp"), 0.49, 12);
    let expected = Math.exp(0.245);
    coefficients.forEach((a, n) => {
      expect(Math.abs(a - expected)).toBeLessThan(1e-13);
      expected *= 0.7 / Math.sqrt(n + 1);
    });
  });
});
