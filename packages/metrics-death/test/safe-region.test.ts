import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { deathProbability, intervalBounds, safeRegion } from "../src/index.js";

describe("safeRegion", () => {
  it("finds the safe depths of the note, at 1 % and 10 %", { timeout: 60_000 }, async () => {
    const { widths, contours, rows, theorem } = await safeRegion(mlp("1-2-1"), {
      widths: [7, 4, 5, 6, 8],
      depths: Array.from({ length: 40 }, (_, k) => k + 1),
      seed: 1,
    });
    expect(widths).toEqual([4, 5, 6, 7, 8]);
    expect(theorem).toBe("interval");
    // Science note "collapse and death".
    expect(contours.map(({ level, estimated }) => [level, estimated.map(({ hiddenLayers }) => hiddenLayers)])).toEqual([
      [0.01, [1, 2, 4, 6, 9]],
      [0.1, [4, 7, 12, 21, 37]],
    ]);
    rows.forEach(({ width, bornDead, lower, upper, method }) => {
      expect(method).toBe("conditional");
      bornDead.forEach(({ value, standardError }, k) => {
        expect(standardError).toBeLessThanOrEqual(0.025 * value);
        expect(lower[k]).toBeLessThanOrEqual(value + 4.5 * standardError + 1e-15);
        expect(upper[k]).toBeGreaterThanOrEqual(value - 4.5 * standardError);
        if (k > 0) expect(value).toBeGreaterThanOrEqual(bornDead[k - 1].value);
      });
      expect({ lower: lower[9], upper: upper[9] }).toEqual(intervalBounds(width, 10));
    });
    for (const { estimated, guaranteed } of contours)
      estimated.forEach(({ low, hiddenLayers, high }, k) => {
        expect(low).toBeLessThanOrEqual(hiddenLayers);
        expect(hiddenLayers).toBeLessThanOrEqual(high);
        expect(guaranteed[k].hiddenLayers).toBeLessThanOrEqual(hiddenLayers);
      });
  });

  it("tells every depth what a network of that depth tells, by counting too", async () => {
    const net = mlp("1-2-1", { bias: "like-weights" });
    const { rows } = await safeRegion(net, { widths: [3], depths: [2, 6], networks: 4000, seed: 3, points: 64 });
    expect(rows[0].method).toBe("weights");
    for (const [k, depth] of [2, 6].entries()) {
      const model = mlp(`1-3x${depth}-1`, { bias: "like-weights" });
      const found = await deathProbability(model, { networks: 4000, seed: 4, points: 64 });
      const own = rows[0].bornDead[k];
      expect(Math.abs(found.value - own.value)).toBeLessThan(4.5 * Math.hypot(found.standardError, own.standardError));
    }
  });

  it("is drawn for every initialiser, norm and skip", async () => {
    const options = { widths: [2, 3], depths: [1, 4], networks: 100, points: 8 };
    for (const model of [
      mlp("1-2-1", { init: "rai" }),
      mlp("1-2-1", { norm: "batch" }),
      mlp("3-2-1", { init: "orthogonal" }),
      mlp("1-2x2-1", { skip: "residual" }),
      mlp("2-2-1", { skip: "dense" }),
      mlp("1-2-1", { activation: "tanh" }),
      mlp("1-2-1", { init: "sign-flip-layer" }),
    ]) {
      const { rows, contours } = await safeRegion(model, options);
      expect(rows).toHaveLength(2);
      expect(contours[0].estimated).toHaveLength(2);
    }
    const immortal = await safeRegion(mlp("1-2-1", { norm: "batch" }), options);
    expect(immortal.contours[0].guaranteed[0]).toEqual({ hiddenLayers: 4, low: 4, high: 4, openEnded: true });
  });

  it("says 0 where not even the first depth is safe", async () => {
    const { contours } = await safeRegion(mlp("1-2-1"), { widths: [1], depths: [3], levels: [0.2] });
    expect(contours[0].estimated).toEqual([{ hiddenLayers: 0, low: 0, high: 0, openEnded: false }]);
  });

  it("keeps the widths that are finished when it is interrupted", async () => {
    const controller = new AbortController();
    const found = await safeRegion(mlp("1-2-1"), {
      widths: [2, 3, 4],
      depths: [5],
      signal: controller.signal,
      widthsDone: (done) => done === 2 && controller.abort(new Error("enough")),
    });
    expect(found).toMatchObject({ widths: [2, 3], interrupted: true });
    controller.abort();
    await expect(safeRegion(mlp("1-2-1"), { signal: controller.signal })).rejects.toThrow("enough");
  });

  it("refuses what makes no sense", async () => {
    await expect(safeRegion(mlp("1-2-1"), { levels: [1] })).rejects.toThrow("strictly between 0 and 1, got 1");
    await expect(safeRegion(mlp("1-2-1"), { widths: [] })).rejects.toThrow("at least one width and one depth");
    await expect(safeRegion(mlp("1-2-1"), { depths: [0] })).rejects.toThrow("whole numbers from 1, got 0");
    await expect(safeRegion(mlp("1-1"))).rejects.toThrow("the model has none: add one");
    const mixed = {
      ...mlp("1-2x2-1"),
      layers: mlp("1-2x2-1").layers.map((l, k) => (k === 3 ? { ...l, activation: "tanh" } : l)),
    };
    await expect(safeRegion(mixed as ReturnType<typeof mlp>)).rejects.toThrow("layer 2 is made differently from layer 1");
  });
});
