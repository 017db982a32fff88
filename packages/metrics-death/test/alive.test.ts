import { matrixFromRows } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { aliveByDepth, aliveByInputSet, boxLayerDeath, deathProbability, singlePointBound } from "../src/index.js";

const within = ({
  alive,
  lower,
  upper,
}: Awaited<ReturnType<typeof aliveByDepth>>[number] | Awaited<ReturnType<typeof aliveByInputSet>>[number]) => {
  const slack = 4.5 * alive.standardError + 1e-12;
  return lower <= alive.value + slack && alive.value <= upper + slack;
};

describe("aliveByDepth", () => {
  // Science note "collapse and death": P(alive) over the single-point bound at 20 layers.
  it.each([
    [2, 1.6],
    [3, 1.4],
    [4, 1.27],
  ])(
    "stays between its bounds; over the single-point bound of all layers but one it tends to a constant: width %i",
    async (width, ratio) => {
      const rows = await aliveByDepth(mlp(`1-${width}x20-1`), { networks: 20_000, seed: 1 });
      expect(rows.every(within)).toBe(true);
      const last = rows[19];
      expect(last.lower).toBeCloseTo(1 - singlePointBound(new Array(19).fill(width)), 12);
      const single = 1 - singlePointBound(new Array(20).fill(width));
      const error = 4.5 * (last.alive.standardError / single);
      // The note gives two to three digits.
      expect(Math.abs(last.alive.value / single - ratio)).toBeLessThan(error + 0.05);
    },
  );
});

describe("aliveByInputSet", () => {
  it("falls to the single-point bound as the set shrinks to a point", async () => {
    const rows = await aliveByInputSet(mlp("3-3x4-1"), { points: 128, networks: 4000, seed: 2, radii: [4, 0.5, 1e-3, 0] });
    expect(rows.every(within)).toBe(true);
    expect(rows[0].alive.value).toBeGreaterThan(rows[2].alive.value + 0.05);
    const single = 1 - singlePointBound([3, 3, 3, 3]);
    expect(rows[3]).toMatchObject({ points: 1, alive: { standardError: 0 } });
    expect(rows[3].alive.value).toBeCloseTo(single, 12);
    expect(Math.abs(rows[2].alive.value - single)).toBeLessThan(4.5 * rows[2].alive.standardError + 0.005);
  });

  it("refuses what makes no sense", async () => {
    await expect(aliveByInputSet(mlp("2-2-1"), { center: [0, 0] })).rejects.toThrow("finite values that are not all zero");
    await expect(aliveByInputSet(mlp("2-2-1"), { center: [1] })).rejects.toThrow("needs 2 values, one per input, got 1");
    await expect(aliveByInputSet(mlp("2-2-1"), { radii: [-1] })).rejects.toThrow("a radius is a finite number from 0, got -1");
    await expect(aliveByInputSet(mlp("2-2-1"), { points: 1 })).rejects.toThrow("at least 2 points, got 1");
  });
});

describe("one layer on the unit box", () => {
  it.each([
    [1, 2],
    [2, 2],
    [1, 4],
  ])("of %i units and %i inputs is dead with probability 2^(-N d)", async (width, inputs) => {
    // Zero bias: a layer is zero on the box exactly if it is zero at its corners.
    const corners = Array.from({ length: 2 ** inputs }, (_, c) => Array.from({ length: inputs }, (_, i) => (c >> i) & 1));
    const found = await deathProbability(mlp(`${inputs}-${width}-1`), {
      data: matrixFromRows(corners),
      networks: 100_000,
      seed: 3,
      method: "count",
    });
    expect(Math.abs(found.value - boxLayerDeath(width, inputs))).toBeLessThan(4.5 * found.standardError);
    expect(found.bounds.lower).toBeCloseTo(boxLayerDeath(width, inputs), 15);
  });
});
