import { describe, expect, it } from "vitest";
import { rampKernels } from "../src/ramp.js";

const { rows, apply } = rampKernels();
const relu = { bend: 1 / (2 * Math.PI), slope: 0 };

describe("the kernels of ramps", () => {
  it("give Cho and Saul's formula to a few roundings, over the whole range of correlations", () => {
    const count = rows.nngp.length;
    const correlations = Float64Array.from({ length: count }, (_, i) => -1 + (2 * i) / (count - 1));
    for (const slope of [0, 0.3, -0.5]) {
      const bend = (1 - slope) ** 2 / (2 * Math.PI);
      correlations.forEach((c, i) => {
        rows.nngp[i] = 6 * c;
        rows.ntk[i] = 5;
        rows.sd[i] = 3;
        rows.inverse[i] = 1 / 3;
      });
      apply(count, { sd: 2, inverse: 0.5 }, { bend, slope }, undefined, true);
      correlations.forEach((c, i) => {
        const rest = Math.PI - Math.acos(c);
        expect(Math.abs(rows.nngp[i] - 6 * (bend * (Math.sqrt((1 - c) * (1 + c)) + rest * c) + slope * c))).toBeLessThan(1e-14);
        // The product with 1/3 and 1/2 rounds, and next to 1 the arc cosine magnifies it to its root.
        const tolerance = Math.abs(c) > 0.999 ? 1e-7 : 1e-13;
        expect(Math.abs(rows.ntk[i] - 5 * (bend * rest + slope))).toBeLessThan(tolerance);
      });
    }
  });

  it("apply weights first", () => {
    rows.nngp.set([0.25, 0.25]);
    rows.ntk.set([3, 3]);
    rows.sd.fill(1);
    rows.inverse.fill(1);
    apply(1, { sd: 1, inverse: 1 }, relu, { weightVariance: 2, biasVariance: 0.1 }, true);
    const [nngp, ntk] = [rows.nngp[0], rows.ntk[0]];
    rows.nngp[0] = 2 * 0.25 + 0.1;
    rows.ntk[0] = rows.nngp[0] + 2 * 3;
    apply(1, { sd: 1, inverse: 1 }, relu, undefined, true);
    expect([nngp, ntk]).toEqual([rows.nngp[0], rows.ntk[0]]);
  });

  it("take a correlation within a few roundings of 1 for 1", () => {
    rows.nngp.set([1 - 4e-16, 1 + 4e-16, -1 + 4e-16]);
    rows.ntk.fill(1);
    apply(3, { sd: 1, inverse: 1 }, relu, undefined, true);
    expect(Array.from(rows.ntk.subarray(0, 3))).toEqual([0.5, 0.5, 0]);
  });

  it("give 0 where a point has no variance, and leave the tangent kernel alone where it is not wanted", () => {
    rows.nngp[0] = 0;
    rows.sd[0] = rows.inverse[0] = 0;
    rows.ntk[0] = 7;
    apply(1, { sd: 1, inverse: 1 }, relu, undefined, false);
    expect([rows.nngp[0], rows.ntk[0]]).toEqual([0, 7]);
  });
});
