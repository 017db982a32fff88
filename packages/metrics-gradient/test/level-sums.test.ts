import { expect, it } from "vitest";
import { addLevel, levelOf, levelSums, mergeLevels } from "../src/level-sums.js";

const sumsOf = (levels: readonly number[]) => {
  const sums = levelSums();
  for (const level of levels) addLevel(sums, level);
  return sums;
};
const zero = Number.NEGATIVE_INFINITY;

it.each([[[0, 1, 2]], [[zero, -900, -901, -899]], [[-2000, zero, 1500, 1499]], [[700, -700, 100]], [[-1000, -650, -1000]]])(
  "ln of the mean is that of the largest, plus what is in reach: %s",
  (levels) => {
    const largest = Math.max(...levels);
    const expected = largest + Math.log(levels.reduce((sum, level) => sum + Math.exp(level - largest), 0) / levels.length);
    const whole = levelOf(sumsOf(levels));
    expect(whole.expected?.value).toBeCloseTo(expected, 10);
    expect(whole.zero + whole.networks).toBe(levels.length);
    for (let cut = 0; cut <= levels.length; cut++) {
      const sums = sumsOf(levels.slice(0, cut));
      mergeLevels(sums, sumsOf(levels.slice(cut)));
      const { expected: merged, mean } = levelOf(sums);
      expect(merged?.value).toBeCloseTo(expected, 10);
      expect(merged?.standardError).toBeCloseTo(whole.expected?.standardError ?? Number.NaN, 10);
      expect(mean).toBeCloseTo(whole.mean ?? Number.NaN, 10);
    }
  },
);

it("networks without gradients have no logarithm", () => {
  expect(levelOf(sumsOf([zero, zero]))).toEqual({ networks: 0, zero: 2 });
});
