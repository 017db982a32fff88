import { matrix, normals, stream } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { widthLimit } from "../src/index.js";

const data = matrix(6, 8);
normals(stream(1), data.data);

describe("the distance to infinite width", () => {
  it("falls with the width, and grows with depth", async () => {
    const narrow = await widthLimit(mlp("8-16x4-1"), { data });
    const wide = await widthLimit(mlp("8-256x4-1"), { data });
    expect(narrow?.points).toBe(4);
    expect(narrow?.layers).toHaveLength(4);
    narrow?.layers.forEach(({ deviation, difference, noise }, l) => {
      // A sixteenth of the variance, within what 64 networks can tell of either.
      const ratio = deviation / (wide?.layers[l].deviation ?? Number.NaN);
      expect(ratio).toBeGreaterThan(2.5);
      expect(ratio).toBeLessThan(7);
      expect(difference).toBeLessThan(6 * noise);
    });
    expect(narrow?.layers[3].deviation).toBeGreaterThan(narrow?.layers[0].deviation ?? Number.NaN);
  });

  it("is not stated where infinite width has no form, or nothing is to be compared", async () => {
    expect(await widthLimit(mlp("8-16x2-1", { norm: "batch" }), { data })).toBeUndefined();
    expect(await widthLimit(mlp("8-16x2-1", { init: "rai" }), { data })).toBeUndefined();
    expect(await widthLimit(mlp("8-1"), { data })).toBeUndefined();
    expect(await widthLimit(mlp("8-16x2-1"), { data, budget: 1000 })).toBeUndefined();
  });
});
