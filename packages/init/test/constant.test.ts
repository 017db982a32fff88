import { stream } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { initialiser } from "../src/index.js";

const shape = { kernel: [3], inputs: 2, outputs: 4 };
const draw = (init: string, bias?: string) => initialiser({ init, bias }).draw(stream(3), shape);

describe("weights that are all equal", () => {
  it.each([
    ["zeros", 0],
    ["ones", 1],
    ["constant:-0.25", -0.25],
    ["normal:std=0", 0],
  ])("%s", (init, value) => {
    const { weights, bias } = draw(init);
    expect([...weights.data]).toEqual(new Array(24).fill(value));
    expect([...bias]).toEqual([0, 0, 0, 0]);
    expect(initialiser({ init })).toMatchObject({ name: init, symmetry: "none", zeroBias: true, needsInput: false });
    expect(initialiser({ init }).law).toBeUndefined();
  });

  it("have biases like them, or drawn as ever", () => {
    expect([...draw("constant:2", "like-weights").bias]).toEqual([2, 2, 2, 2]);
    expect(initialiser({ init: "constant:2", bias: "like-weights" }).zeroBias).toBe(false);
    expect(initialiser({ init: "zeros", bias: "like-weights" }).zeroBias).toBe(true);
    expect(draw("zeros", "normal:1").bias).toEqual(initialiser({ bias: "normal:1" }).draw(stream(3), shape).bias);
  });

  it.each(["normal", "he-uniform", "truncated-normal"])("a weight variance of 0 makes those of %s 0", (init) => {
    const { weights } = initialiser({ init, weightVariance: 0 }).draw(stream(1), shape);
    expect(weights.data.every((w) => Object.is(w, 0))).toBe(true);
  });
});

describe("a fixed standard deviation", () => {
  it.each(["normal", "uniform", "truncated-normal"])("%s:std=S is the law of variance S^2 whatever the fan-in", (law) => {
    for (const inputs of [1, 50]) {
      const own = { kernel: [], inputs, outputs: 3 };
      const fixed = initialiser({ init: `${law}:std=0.2` }).draw(stream(5), own).weights.data;
      const scaled = initialiser({ init: law, weightVariance: 0.04 * inputs }).draw(stream(5), own).weights.data;
      for (const [k, w] of fixed.entries()) expect(w).toBeCloseTo(scaled[k], 14);
    }
  });

  it("is known to engines that draw weights themselves", () => {
    const { law } = initialiser({ init: "normal:std=0.1", bias: "like-weights" });
    expect(law?.({ kernel: [], inputs: 300, outputs: 3 })).toEqual({
      distribution: "normal",
      weightVariance: 0.010000000000000002 * 300,
      biasVariance: expect.closeTo(0.01, 15),
    });
  });
});
