import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernelNorms } from "../../src/index.js";
import { kernels, lane, put, somePoints, take } from "./group.js";

describe("norms in float64", () => {
  const sizes = fc.record({
    points: fc.integer({ min: 1, max: 12 }),
    positions: fc.integer({ min: 1, max: 5 }),
    channels: fc.integer({ min: 1, max: 40 }),
  });
  const norms = fc.constantFrom(...kernelNorms);

  /** The indices of the values of one lane that are normalised together. */
  function groups(norm: string, points: number, perPoint: number, channels: number): number[][] {
    const all = Array.from({ length: points * perPoint }, (_, i) => i);
    return norm === "batch"
      ? Array.from({ length: channels }, (_, c) => all.filter((i) => i % channels === c))
      : Array.from({ length: points }, (_, p) => all.slice(p * perPoint, (p + 1) * perPoint));
  }

  it("give the bits of plain loops, in place too", () => {
    fc.assert(
      fc.property(sizes, norms, fc.constantFrom(1e-3, 0, 1), (sizes, norm, epsilon) => {
        kernels.release();
        const { points, positions, channels } = sizes;
        const count = points * positions * channels;
        const x = somePoints(points, positions * channels);
        const [address, out] = [put(x), kernels.allocate(32 * count)];
        kernels.norm(address, norm, sizes, out, { epsilon });
        kernels.norm(address, norm, sizes, address, { epsilon });
        expect(take(address, 4 * count)).toEqual(take(out, 4 * count));
        for (let k = 0; k < 4; k++) {
          const [values, got] = [lane(x, 1, k).flat(), lane(take(out, 4 * count), 1, k).flat()];
          for (const group of groups(norm, points, positions * channels, channels)) {
            const own = group.map((i) => values[i]);
            const mean = norm === "rms" ? 0 : own.reduce((sum, value) => sum + value, 0) / own.length;
            const variance = own.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / own.length;
            const scale = variance + epsilon > 0 ? 1 / Math.sqrt(variance + epsilon) : 0;
            // Adding 0 makes no difference between the two zeros.
            expect(group.map((i) => got[i] + 0)).toEqual(own.map((value) => (value - mean) * scale + 0));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(kernelNorms)("tangents of %s are derivatives", (norm) => {
    const sizes = { points: 4, positions: 3, channels: 5 };
    const count = 4 * 60;
    const x = somePoints(4, 15);
    const dx = x.map((_, i) => x[(i + 8) % count]);
    const at = (step: number) => {
      kernels.release();
      const address = put(x.map((value, i) => value + step * dx[i]));
      kernels.norm(address, norm, sizes, address);
      return take(address, count);
    };
    const [up, down] = [at(1e-5), at(-1e-5)];
    kernels.release();
    const both = put([...x, ...dx]);
    kernels.norm(both, norm, sizes, both, { tangents: true, frozen: false });
    const [z, dz] = [take(both, count), take(both + 8 * count, count)];
    expect(z).toEqual(at(0));
    // Central differences: h^2 / 6 times third derivatives of size 10, and rounding over h.
    dz.forEach((value, i) => {
      expect(Math.abs(value - (up[i] - down[i]) / 2e-5)).toBeLessThan(1e-8);
    });
  });

  it("frozen batch statistics are constants", () => {
    const sizes = { points: 6, positions: 1, channels: 2 };
    const x = somePoints(6, 2);
    kernels.release();
    const both = put([...x, ...x]);
    kernels.norm(both, "batch", sizes, both, { tangents: true });
    const [z, dz] = [take(both, 48), take(both + 8 * 48, 48)];
    // dx = x: dz - z is mean times scale, the same for all points.
    for (let i = 8; i < 48; i++) expect(Math.abs(dz[i] - z[i] - (dz[i - 8] - z[i - 8]))).toBeLessThan(1e-14);
  });
});
