import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as math from "../src/math.js";

/** Largest errors in units in the last place, on 20 000 points a function from fixtures/make_math.py, rounded up; the doc comments state the same numbers. */
const ulps: Record<string, number> = {
  log: 0.6,
  log2: 0.6,
  log10: 0.7,
  log1p: 0.9,
  exp: 0.6,
  exp2: 0.6,
  expm1: 1.6,
  pow: 0.6,
  cbrt: 0.7,
  hypot: 1,
  sin: 1,
  cos: 1,
  tan: 1.5,
  asin: 0.9,
  acos: 0.9,
  atan: 0.8,
  atan2: 1.5,
  sinh: 1.9,
  cosh: 1,
  tanh: 1.9,
  erf: 1,
  erfc: 5,
  lgamma: 5,
  digamma: 3,
  trigamma: 4,
  trigammaNegative: 4,
  normalPdf: 4,
  normalCdf: 5,
  normalQuantile: 5,
};

const fixture = JSON.parse(readFileSync(new URL("fixtures/math.json", import.meta.url), "utf8")) as Record<string, number[][]>;
const functions = math as unknown as Record<string, (...xs: number[]) => number>;

/** Distance between neighbouring float64 at x. */
function ulp(x: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(x));
  return 2 ** Math.max((bits.getUint16(0) >> 4) - 1075, -1074);
}

/** [arguments, exact value, its remainder beyond float64, computed value] of every point of a fixture. */
function points(name: string) {
  return fixture[name].map((row) => {
    const arguments_ = row.slice(0, -2);
    const [exact, rest] = row.slice(-2);
    return { arguments_, exact, rest, got: functions[name.replace("Negative", "")](...arguments_) };
  });
}

describe("core/math against mpmath", () => {
  it.each(Object.entries(ulps))("%s is within %d ulp", (name, limit) => {
    for (const { arguments_, exact, rest, got } of points(name)) {
      const error = Math.abs(got - exact - rest) / ulp(exact);
      expect(error, `${name}(${arguments_}) = ${got}, exactly ${exact}`).toBeLessThanOrEqual(limit);
    }
  });

  it("lgamma and digamma of negative numbers keep absolute accuracy where they cross zero", () => {
    for (const name of ["lgammaNegative", "digammaNegative"])
      for (const { arguments_, exact, got } of points(name)) {
        // The argument's own rounding: near a pole the function changes by about 1 / distance.
        const distance = Math.abs(arguments_[0] - Math.round(arguments_[0]));
        const limit = 4 * ulp(Math.max(1, Math.abs(exact), name === "digammaNegative" ? 1 / distance : 0));
        expect(Math.abs(got - exact), `${name}(${arguments_})`).toBeLessThanOrEqual(limit);
      }
  });

  it("every function of the fixture is exported and every export is in the fixture or has its own test", () => {
    const tested = new Set([...Object.keys(fixture).map((name) => name.replace("Negative", "")), "erfcx"]);
    expect([...tested].sort()).toEqual(Object.keys(math).sort());
  });

  it("erfcx is exp(x^2) erfc(x), without underflow", () => {
    for (let x = -5; x < 5; x += 0.25) expect(math.erfcx(x) / (math.exp(x * x) * math.erfc(x))).toBeCloseTo(1, 14);
    expect(math.erfcx(1e10) * 1e10 * Math.sqrt(Math.PI)).toBeCloseTo(1, 15);
    expect(math.erfcx(1e200) * 1e200 * Math.sqrt(Math.PI)).toBeCloseTo(1, 15);
    expect(math.erfcx(-30)).toBe(Infinity);
  });

  it("normalQuantile undoes normalCdf to a few ulp, far tails and subnormal probabilities included", () => {
    for (const z of [-38.4, -37, -20, -5, -1, -0.3, 0, 0.3, 1, 3])
      expect(math.normalQuantile(math.normalCdf(z))).toBeCloseTo(z, z < -37.6 ? 2 : 12);
  });
});

describe("core/math at special arguments", () => {
  const inf = Infinity;
  const nan = NaN;
  const { PI } = Math;
  // Object.is: signed zeros count.
  it.each<[string, number[], number]>([
    ["log", [0], -inf],
    ["log", [-0], -inf],
    ["log", [-1], nan],
    ["log", [inf], inf],
    ["log", [5e-324], -744.4400719213812],
    ["log2", [5e-324], -1074],
    ["log10", [0], -inf],
    ["log1p", [-1], -inf],
    ["log1p", [-0], -0],
    ["log1p", [-2], nan],
    ["exp", [-inf], 0],
    ["exp", [inf], inf],
    ["exp", [710], inf],
    ["exp", [-746], 0],
    ["exp", [-0], 1],
    ["exp2", [-1074], 5e-324],
    ["exp2", [1024], inf],
    ["expm1", [-0], -0],
    ["expm1", [-inf], -1],
    ["pow", [-2, 3], -8],
    ["pow", [-8, 1 / 3], nan],
    ["pow", [0, -1], inf],
    ["pow", [-0, -1], -inf],
    ["pow", [nan, 0], 1],
    ["pow", [1, nan], nan],
    ["pow", [-1, inf], nan],
    ["cbrt", [-0], -0],
    ["cbrt", [-inf], -inf],
    ["hypot", [inf, nan], inf],
    ["hypot", [5e-324, 0], 5e-324],
    ["sin", [-0], -0],
    ["sin", [inf], nan],
    ["sin", [1e22], -0.8522008497671888],
    ["cos", [-inf], nan],
    ["cos", [-0], 1],
    ["tan", [-0], -0],
    ["tan", [inf], nan],
    ["sinh", [-0], -0],
    ["sinh", [-1000], -inf],
    ["cosh", [-1000], inf],
    ["tanh", [-0], -0],
    ["tanh", [-inf], -1],
    ["tanh", [1e300], 1],
    ["asin", [-0], -0],
    ["asin", [1.0000000000000002], nan],
    ["acos", [1], 0],
    ["acos", [-1], PI],
    ["acos", [-1.0000000000000002], nan],
    ["atan", [-inf], -PI / 2],
    ["atan", [-0], -0],
    ["atan2", [0, -0], PI],
    ["atan2", [-0, -0], -PI],
    ["atan2", [-0, 0], -0],
    ["atan2", [inf, -inf], (3 * PI) / 4],
    ["erf", [-0], -0],
    ["erf", [inf], 1],
    ["erf", [-7], -1],
    ["erfc", [inf], 0],
    ["erfc", [-inf], 2],
    ["erfc", [0], 1],
    ["lgamma", [1], 0],
    ["lgamma", [2], 0],
    ["lgamma", [0], inf],
    ["lgamma", [-3], inf],
    ["lgamma", [inf], inf],
    ["digamma", [0], -inf],
    ["digamma", [-0], inf],
    ["digamma", [-2], nan],
    ["digamma", [inf], inf],
    ["trigamma", [0], inf],
    ["trigamma", [-2], inf],
    ["trigamma", [inf], 0],
    ["normalPdf", [-inf], 0],
    ["normalCdf", [-inf], 0],
    ["normalCdf", [inf], 1],
    ["normalCdf", [0], 0.5],
    ["normalQuantile", [0], -inf],
    ["normalQuantile", [1], inf],
    ["normalQuantile", [0.5], 0],
    ["normalQuantile", [1.5], nan],
  ])("%s(%o) is %d", (name, arguments_, expected) => {
    expect(functions[name](...arguments_)).toBe(expected);
  });

  it("NaN gives NaN", () => {
    for (const name of Object.keys(math)) expect(functions[name](nan, nan), name).toBeNaN();
  });
});
