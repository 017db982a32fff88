import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  degenerateProbability,
  mixedMoment,
  publishedAngles,
  publishedDrift,
  publishedStep,
  smallAngleLaw,
  stepMoments,
} from "../../src/index.js";
import { reference } from "./reference.js";

const fixture: {
  readonly moments: readonly Record<"theta" | "slope" | "logRatio" | "drift" | "diffusion", number>[];
  readonly published: readonly Record<"theta" | "width" | "mean" | "variance", number>[];
} = JSON.parse(readFileSync(new URL("./fixtures/step_moments.json", import.meta.url), "utf8"));

/** Within `share` of the value, or of `floor` where the value is smaller. */
function expectNear(ours: number, value: number, share: number, floor = 0): void {
  expect(Math.abs(ours - value)).toBeLessThanOrEqual(share * Math.max(floor, Math.abs(value)));
}

describe("mixed moments", () => {
  it("agree with 22 digits of the reference", () => {
    // Near pi only the absolute error is small: J44(2.5) is 2e-3 of terms of order 10.
    for (const { theta, ...moments } of reference.mixedMoments)
      for (const [name, value] of Object.entries(moments))
        expectNear(mixedMoment(Number(name[1]), Number(name[2]), Number(theta)), Number(value), 1e-15, 1);
  });

  it("are those of one variable where the inputs are the same, and vanish where they are opposite", () => {
    expect(mixedMoment(1, 1, 0)).toBe(0.5);
    expect(mixedMoment(2, 2, 0)).toBe(1.5);
    expect(mixedMoment(4, 2, 0)).toBeCloseTo(7.5, 14);
    expect(mixedMoment(3, 1, Math.PI)).toBeCloseTo(0, 15);
    expect(() => mixedMoment(2, 1, 1)).toThrow("the mixed moment J_2,1 is not known here: choose 1,1; 2,2");
    expect(() => mixedMoment(1, 1, 4)).toThrow("lies in [0, pi], got 4");
  });
});

describe("the moments of one step", () => {
  it("agree with closed forms in 120 digits at every angle, also where those cancel in float64", () => {
    for (const { theta, slope, ...values } of fixture.moments) {
      const ours = stepMoments(slope)(theta);
      expectNear(ours.logRatio, values.logRatio, 2e-15, 1);
      expectNear(ours.drift, values.drift, 2e-14, 1);
      expectNear(ours.diffusion, values.diffusion, 2e-14, 1);
    }
  });

  it("agree with the series of the science note at small angles", () => {
    for (const t of [0.01, 0.03]) {
      const { logRatio, drift } = stepMoments(0)(t);
      const b1 = 1.5 + t * (0.0424413181578388 + t * (-0.0382768915982165 + t * (-0.0828289041965608 + t * 0.00304561844914145)));
      expectNear(1 - drift / 4, b1, 1e-8);
      expectNear(Math.exp(2 * Math.log(Math.sin(t) / t) + logRatio), 1 - 0.212206590789194 * t - t ** 2 / 3, 0.13 * t ** 3);
    }
    expectNear(stepMoments(0)(Math.PI / 2).drift, -0.9110205863, 1e-10);
    expectNear(stepMoments(0)(Math.PI / 2).diffusion, 0.2730195724, 2e-10);
    expect(() => stepMoments(0)(-1)).toThrow("lies in [0, pi], got -1");
  });
});

describe("the published update", () => {
  it("agrees with 18 digits of the reference: means to 1e-12, variances to 1e-10", () => {
    for (const { theta, width, mean, variance } of reference.publishedFormula) {
      const ours = publishedStep(width)(theta);
      expectNear(ours.mean, Number(mean), 1e-12);
      expectNear(ours.variance, Number(variance), 1e-10);
    }
  });

  it("agrees with its closed form in 120 digits from 1e-12 to 3.1", () => {
    for (const { theta, width, mean, variance } of fixture.published) {
      const ours = publishedStep(width)(theta);
      expectNear(ours.mean, mean, 1e-13, 0.1);
      expectNear(ours.variance, variance, 1e-12, 1e-2);
    }
  });

  it("falls by rho at small angles, as in the note's table", () => {
    // Rounded there to 12 digits.
    const table = { 8: 1.12525826408, 16: 0.400327111905, 64: 0.0532960483885, 256: 0.00929835793744 };
    for (const [n, rho] of Object.entries(table)) {
      expectNear(publishedDrift(Number(n)), rho, 5e-12);
      const theta = 1e-9;
      expectNear(publishedStep(Number(n))(theta).mean, 2 * Math.log(theta) - rho, 1e-9);
      expectNear(publishedStep(Number(n), "small-angle")(theta).mean, 2 * Math.log(theta) - rho, 1e-9);
    }
  });

  it("predicts by iterating the mean, far below the smallest number too", () => {
    const rows = [
      [Math.PI / 2, 16, 10, -4.1842],
      [Math.PI / 2, 16, 50, -20.3374],
      [Math.PI / 2, 64, 50, -5.3876],
      [Math.PI / 2, 64, 100, -8.4235],
      [Math.PI / 2, 256, 100, -5.4669],
      [0.1, 64, 100, -10.583],
    ];
    for (const [theta0, width, depth, mean] of rows)
      expect(publishedAngles(theta0, Array(depth).fill(width))[depth - 1].mean).toBeCloseTo(mean, 4);
    const deep = publishedAngles(1, Array(5000).fill(8));
    expectNear(deep[4999].mean - deep[3999].mean, -1000 * 1.12525826408, 1e-9);
    expect(() => publishedStep(1)).toThrow("needs a width that is a whole number from 2, got 1");
  });
});

describe("the law of a layer at small angles", () => {
  it("is that of the note's table", () => {
    const table = [
      [8, 0.500691203217, 2.28147307001],
      [16, 0.173646224752, 0.709812393767],
      [64, 0.0333725196595, 0.133537717189],
      [256, 0.00793701399693, 0.0317486515964],
    ];
    for (const [width, drift, variance] of table) {
      expectNear(smallAngleLaw(width).drift, drift, 5e-12);
      expectNear(smallAngleLaw(width).variance, variance, 5e-12);
    }
  });

  it("is chi2_(n-1) over chi2_n for slopes of 1 and -1, and 2 / n and 8 / n for wide ReLU layers", () => {
    // psi(2) - psi(3/2) and psi1(2) + psi1(3/2).
    for (const slope of [1, -1]) {
      expectNear(smallAngleLaw(4, slope).drift, 0.42278433509846713 - 0.03648997397857652, 1e-13);
      expectNear(smallAngleLaw(4, slope).variance, 0.6449340668482264 + 0.9348022005446793, 1e-13);
    }
    expectNear(1e6 * smallAngleLaw(1e6).drift, 2, 1e-5);
    expectNear(1e6 * smallAngleLaw(1e6).variance, 8, 1e-5);
    expect(() => smallAngleLaw(1)).toThrow("in layers of 2 units or more, got width 1");
  });
});

describe("the probability of a degenerate pair", () => {
  it("is what counting the active units gives", () => {
    // Two units at pi/2: each is active on both, on one, on the other, on none with probability 1/4. Of 16 cases 9 are degenerate.
    expect(degenerateProbability(Math.PI / 2, 2)).toBeCloseTo(9 / 16, 15);
    expect(degenerateProbability(1, 1)).toBe(1);
    // Opposite inputs: every unit is active on exactly one.
    expect(degenerateProbability(Math.PI, 5)).toBe(2 ** -4);
  });

  it("is the share of the reference's degenerate layers within 4 standard errors", () => {
    for (const { width, theta, samples, degenerate } of reference.oneStep) {
      const total = samples + degenerate;
      const p = degenerateProbability(theta, width);
      expect(Math.abs(degenerate - total * p), `width ${width}, angle ${theta}`).toBeLessThan(4 * Math.sqrt(total * p) + 1e-3);
    }
  });
});
