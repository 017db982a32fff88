import { matrix } from "@sonde/core";
import { describe, expect, it } from "vitest";
import { recordedSimilarity } from "../src/index.js";
import { similarityCases } from "./similarity-cases.js";

describe("recordedSimilarity", () => {
  it("agrees with NumPy, from layer to layer", () => {
    for (const { x, y, cka, debiasedCka, averageCosine } of similarityCases) {
      const [first, second] = recordedSimilarity([x, y]);
      expect(first).toMatchObject({ layer: 1, averageCosine: expect.closeTo(averageCosine, 12), ckaWithPrevious: undefined });
      expect(second.ckaWithPrevious).toBeCloseTo(cka, 12);
      expect(recordedSimilarity([x, y], { debiased: true })[1].ckaWithPrevious).toBeCloseTo(debiasedCka, 11);
    }
  });

  it("counts zero points, flattens positions, and leaves out what does not exist", () => {
    const image = { shape: [3, 2, 1], data: Float64Array.of(1, 0, 0, 0, 0, 2) };
    expect(recordedSimilarity([image])).toEqual([
      { layer: 1, averageCosine: 0, zeroPoints: 1 / 3, gramRank: 2, ckaWithPrevious: undefined },
    ]);
    const nothing = recordedSimilarity([matrix(3, 2), matrix(3, 2)])[1];
    expect(nothing).toEqual({ layer: 2, averageCosine: undefined, zeroPoints: 1, gramRank: 0, ckaWithPrevious: undefined });
  });

  it("refuses layers that are not of the same points, too few points, and strange tolerances", () => {
    expect(() => recordedSimilarity([matrix(3, 2), matrix(4, 2)])).toThrow("the same points as the first, 3, but layer 2 has 4");
    expect(() => recordedSimilarity([matrix(1, 2)])).toThrow("similarity needs at least 2 points, got 1");
    expect(() => recordedSimilarity([matrix(3, 2)], { debiased: true })).toThrow(
      "similarity without bias needs at least 4 points, got 3",
    );
    expect(() => recordedSimilarity([matrix(3, 2)], { tolerance: 2 })).toThrow("tolerance");
  });
});
