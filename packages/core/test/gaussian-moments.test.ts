import { describe, expect, it } from "vitest";
import {
  activation,
  activationNames,
  addTo,
  DomainError,
  gaussianExpectation,
  gaussianMoments,
  gaussLegendre,
  mean,
  moments,
  NumericalError,
  normals,
  standardError,
  stream,
  varianceMap,
} from "../src/index.js";
import { normalCdf, sin } from "../src/math.js";
import reference from "./fixtures/activations.json" with { type: "json" };

const closed = [...activationNames, "leaky-relu:0.2"].map(activation).filter((a) => a.moments);
const keys = ["mean", "second", "derivativeSecond"] as const;

/** E |phi| <= sqrt(E phi^2) scales the error of the mean. */
const scales = (m: { second: number; derivativeSecond: number }) => [Math.sqrt(m.second), m.second, m.derivativeSecond];

describe.each(Object.entries(reference.moments))("the Gaussian moments of %s", (name, rows) => {
  it("agree with 25-digit quadrature to 1e-13, and state an error below 1e-12", () => {
    for (const [variance, ...expected] of rows) {
      const m = gaussianMoments(activation(name), variance);
      expect(m.error).toBeLessThan(1e-12);
      scales(m).forEach((scale, i) => {
        expect(Math.abs(m[keys[i]] - expected[i]), `${keys[i]} at ${variance}`).toBeLessThanOrEqual(1e-13 * scale);
      });
    }
  });
});

describe.each(closed.map((a) => [a.name, a] as const))("the closed forms of %s", (name, whole) => {
  const { moments: closedForm, ...integrated } = whole;

  it("agree with quadrature to 1e-13", () => {
    for (const variance of [1e-12, 1e-4, 0.3, 1, 7, 90, 1e4, 1e8]) {
      // Beyond, the oscillations outnumber the panels, and e^(2 sd g) exceeds float64 where the density has not yet.
      if ((name === "sin:1" || name === "cos") && variance > 1e4) continue;
      if (name === "exp" && variance > 7) continue;
      const exact = gaussianMoments(whole, variance);
      const quadrature = gaussianMoments(integrated, variance);
      expect(quadrature.error).toBeLessThan(1e-12);
      scales(exact).forEach((scale, i) => {
        const difference = Math.abs(quadrature[keys[i]] - exact[keys[i]]);
        expect(difference, `${keys[i]} at ${variance}`).toBeLessThanOrEqual(1e-13 * scale);
      });
    }
  });

  it("are continued by the limit at variance 0", () => {
    const limit = gaussianMoments(integrated, 0);
    for (const key of keys) if (!(name === "sign" && key === "second")) expect(closedForm?.(0)[key]).toBeCloseTo(limit[key], 15);
  });
});

describe("gaussianMoments", () => {
  const z = normals(stream(7), new Float64Array(200_000));

  it.each(["relu", "hard-swish", "tanh", "gelu", "mish", "selu", "sin", "gaussian"])(
    "agree with 200000 normal draws of %s",
    (name) => {
      const phi = activation(name);
      const sd = 1.3;
      const samples = keys.map(() => moments({ order: 2 }));
      for (const g of z) {
        const value = phi.value(sd * g);
        addTo(samples[0], value);
        addTo(samples[1], value * value);
        addTo(samples[2], phi.derivative(sd * g) ** 2);
      }
      const theory = gaussianMoments(phi, sd * sd);
      samples.forEach((sample, i) => {
        expect(Math.abs(mean(sample) - theory[keys[i]]), keys[i]).toBeLessThanOrEqual(4.5 * standardError(sample));
      });
    },
  );

  it("of odd activations have a mean of exactly 0", () => {
    for (const name of ["tanh", "softsign", "hard-tanh"]) expect(gaussianMoments(activation(name), 3.7).mean).toBe(0);
  });

  it("see a narrow transition in a wide law", () => {
    // E sigmoid'(z)^2 tends to the density at 0 times the integral of sigmoid'^2, 1/6.
    const variance = 1e30;
    const expected = 1 / (6 * Math.sqrt(2 * Math.PI * variance));
    expect(gaussianMoments(activation("sigmoid"), variance).derivativeSecond / expected).toBeCloseTo(1, 12);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuse a variance of %d", (variance) => {
    expect(() => gaussianMoments(activation("tanh"), variance)).toThrow(DomainError);
    expect(() => gaussianMoments(activation("relu"), variance)).toThrow("need a finite variance >= 0");
  });
});

describe("gaussianExpectation", () => {
  it("follows ten thousand waves, and says so at once where there are more", () => {
    const waves = (variance: number) => gaussianExpectation((z) => [sin(z) * sin(z)], variance);
    expect(Math.abs(waves(1e5).values[0] - 0.5)).toBeLessThan(1e-12);
    const started = performance.now();
    expect(() => waves(1e30)).toThrow(
      "the integrand has too many waves at a variance of 1e+30 to be followed: lower the variance",
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("finds a jump that it was not told of", () => {
    const { values, error } = gaussianExpectation((z) => [z > 0.1234 ? 1 : 0], 1);
    expect(values[0]).toBeCloseTo(normalCdf(-0.1234), 13);
    expect(error).toBeLessThan(1e-12);
  });

  it("refuses a negative variance, and says where an integrand is not finite", () => {
    expect(() => gaussianExpectation((z) => [z], -1)).toThrow(DomainError);
    expect(() => gaussianExpectation((z) => [1 / (z - z)], 1)).toThrow(NumericalError);
  });
});

describe("varianceMap", () => {
  it("keeps the variance of ReLU at sigma_w^2 = 2", () => {
    expect(varianceMap(activation("relu"), { weightVariance: 2 })(3)).toBe(3);
  });

  // Fixed points of the mean-field theory, computed independently at 12 digits (Poole et al. 2016, Schoenholz et al. 2017).
  it.each([
    ["tanh", 1.3, 0.05, 0.315316477485],
    ["tanh", 2.5, 0.05, 1.063958377417],
    ["erf", 2.5, 0.05, 1.352681382272],
    ["tanh", 1.760954639607, 0.05, 0.570047881641],
  ])("of %s has its published fixed point", (name, weightVariance, biasVariance, fixedPoint) => {
    const map = varianceMap(activation(name), { weightVariance, biasVariance });
    let variance = 1;
    for (let l = 0; l < 60; l++) variance = map(variance);
    expect(variance).toBeCloseTo(fixedPoint, 11);
  });

  it("refuses negative variances", () => {
    expect(() => varianceMap(activation("relu"), { weightVariance: -1 })).toThrow(DomainError);
    expect(() => varianceMap(activation("relu"), { weightVariance: 1, biasVariance: Number.NaN })).toThrow(
      "biasVariance needs to be finite",
    );
  });
});

describe("gaussLegendre", () => {
  it.each([1, 2, 3, 16, 61, 400])("with %d points integrates every even power up to degree 2n - 1", (n) => {
    const { nodes, weights } = gaussLegendre(n);
    for (let degree = 0; degree < Math.min(2 * n, 200); degree += 2) {
      const sum = nodes.reduce((total, x, i) => total + weights[i] * x ** degree, 0);
      expect(sum * (degree + 1)).toBeCloseTo(2, 12);
    }
  });

  it("is symmetric to the last bit and ascending", () => {
    const { nodes, weights } = gaussLegendre(17);
    expect([...nodes].reverse()).toEqual([...nodes].map((x) => 0 - x));
    expect([...weights].reverse()).toEqual([...weights]);
    expect([...nodes].sort((a, b) => a - b)).toEqual([...nodes]);
  });

  it("has the published nodes of five points", () => {
    // Abramowitz and Stegun, table 25.4.
    expect(gaussLegendre(5).nodes[4]).toBeCloseTo(0.906179845938664, 15);
    expect(gaussLegendre(5).weights[4]).toBeCloseTo(0.236926885056189, 15);
  });

  it.each([0, 1.5, 20_000])("refuses %d points", (n) => {
    expect(() => gaussLegendre(n)).toThrow(DomainError);
  });
});
