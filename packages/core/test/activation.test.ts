import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activation, activationNames, ConfigError } from "../src/index.js";
import reference from "./fixtures/activations.json" with { type: "json" };

const all = [...activationNames, "leaky-relu:0.2", "leaky-relu:0", "leaky-relu:1", "prelu:-0.5", "elu:0.5", "sin:3"].map(
  activation,
);

describe.each(Object.entries(reference.values))("%s", (name, rows) => {
  const { value, derivative } = activation(name);

  it("agrees with 60-digit arithmetic to 1e-14", () => {
    for (const [z, phi, slope] of rows) {
      // The condition number of e^(-z^2) is 2 z^2, of e^z it is |z|: no more can be asked of a float64 argument.
      const rounding =
        2e-15 * Math.max(4, Math.abs(z), name === "gaussian" || name === "erf" || name.startsWith("gelu") ? z * z : 0);
      expect(Math.abs(value(z) - phi), `phi(${z})`).toBeLessThanOrEqual(rounding * Math.abs(phi));
      expect(Math.abs(derivative(z) - slope), `phi'(${z})`).toBeLessThanOrEqual(rounding * Math.abs(slope));
    }
  });
});

describe.each(all.map((a) => [a.name, a] as const))(
  "activation %s",
  (name, { value, derivative, kinks, homogeneous, vanishes }) => {
    it("is found again by its canonical name", () => {
      expect(activation(name).name).toBe(name);
    });

    it("has the derivative that differences see", () => {
      fc.assert(
        fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (z) => {
          const h = 1e-4;
          fc.pre(kinks.every((kink) => Math.abs(z - kink) > 2 * h));
          // Fourth-order differences: truncation h^4 f'''''/30, rounding eps f/h; softsign and elu have a jump of phi'' at 0.
          fc.pre(Math.abs(z) > 2 * h);
          const slope = (8 * (value(z + h) - value(z - h)) - (value(z + 2 * h) - value(z - 2 * h))) / (12 * h);
          expect(Math.abs(slope - derivative(z))).toBeLessThan(1e-10 * (1 + Math.abs(value(z))));
        }),
      );
    });

    it("is finite for finite z, and passes NaN on", () => {
      fc.assert(
        fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (z) => {
          // e^z and 1.05 z exceed float64 first.
          fc.pre(Math.abs(z) < 1e308 && (name !== "exp" || z < 709));
          expect(Number.isFinite(value(z)), `phi(${z})`).toBe(true);
          expect(Number.isFinite(derivative(z)), `phi'(${z})`).toBe(true);
        }),
      );
      expect(value(Number.NaN)).toBeNaN();
    });

    it("has the slope from the left at its kinks, and another on the right", () => {
      for (const kink of kinks) {
        const step = 1e-9;
        const [left, right] = [derivative(kink - step), derivative(kink + step)];
        expect(derivative(kink)).toBeCloseTo(left, 8);
        if (name === "sign") expect(value(step) - value(-step)).toBe(2);
        else expect(Math.abs(right - left)).toBeGreaterThan(0.01);
      }
    });

    it("names every place where its slope or its value jumps", () => {
      const jump = (z: number, h: number) => Math.abs(derivative(z + h) - derivative(z)) + Math.abs(value(z + h) - value(z));
      const found = [];
      for (let z = -8 - 1 / 128; z < 8; z += 1 / 64) {
        let [at, step] = [z, 1 / 64];
        if (jump(at, step) < 1e-3) continue;
        // Halves the step towards the larger jump; where all is smooth, it vanishes with the step.
        while (step > 1e-10) {
          step /= 2;
          if (jump(at + step, step) > jump(at, step)) at += step;
        }
        if (jump(at, step) > 1e-3) found.push(Math.round(at) + 0);
      }
      expect(found).toEqual(kinks.filter((kink) => Math.abs(kink) < 8));
    });

    it("is homogeneous exactly if it says so", () => {
      const holds = [-2.5, -0.3, 0.7, 3.1].every((z) => Math.abs(value(3 * z) - 3 * value(z)) < 1e-12);
      expect(holds).toBe(homogeneous);
    });

    it("is zero on an interval exactly if it says so", () => {
      const grid = Array.from({ length: 401 }, (_, i) => (i - 200) / 20 + 0.01);
      expect(grid.some((z) => value(z) === 0 && value(z + 0.001) === 0)).toBe(vanishes);
    });
  },
);

describe("activation", () => {
  it("writes parameters in one way only", () => {
    expect(activation("leaky-relu").name).toBe("leaky-relu:0.01");
    expect(activation("leaky-relu:1e-2").name).toBe("leaky-relu:0.01");
    expect(activation("elu").name).toBe("elu:1");
    expect(activation("elu:.5").name).toBe("elu:0.5");
  });

  it.each([
    ["ReLU", "relu"],
    ["LeakyReLU", "leaky-relu:0.01"],
    ["leaky_relu:0.2", "leaky-relu:0.2"],
    ["PReLU", "prelu:0.25"],
    ["swish", "silu"],
    ["SiLU", "silu"],
    ["Hardswish", "hard-swish"],
    ["hard_sigmoid", "hard-sigmoid"],
    ["GELU", "gelu"],
    ["Identity", "linear"],
    ["sine:30", "sin:30"],
  ])("%s is %s", (text, name) => {
    expect(activation(text).name).toBe(name);
  });

  it.each([
    ["reluu", 'unknown activation "reluu": did you mean relu? Known are relu, leaky-relu, prelu, linear'],
    ["ReLUU", 'unknown activation "ReLUU": did you mean relu?'],
    ["Softmax", '"Softmax" works on all units together, not value by value: at the output leave it out'],
    ["---", 'unknown activation "---": expected one of relu'],
    ["sin:0", 'activation sin takes a frequency > 0, got "sin:0": write for example sin:1'],
    ["constructor", 'unknown activation "constructor": expected one of relu, leaky-relu'],
    ["", 'unknown activation "": expected one of relu'],
    ["relu:1", 'activation relu takes no parameter, got "relu:1": write relu'],
    ["leaky-relu:", 'activation leaky-relu takes a finite slope for z < 0, got "leaky-relu:": write for example leaky-relu:0.01'],
    ["leaky-relu:0x10", 'activation leaky-relu takes a finite slope for z < 0, got "leaky-relu:0x10"'],
    ["leaky-relu:1e999", "activation leaky-relu takes a finite slope for z < 0"],
    ["elu:-1", 'activation elu takes an alpha > 0, got "elu:-1": write for example elu:1'],
  ])("refuses %j in one sentence", (name, message) => {
    expect(() => activation(name)).toThrow(ConfigError);
    expect(() => activation(name)).toThrow(message);
  });
});
