import type { NormOptions } from "@sonde/kernels";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise } from "../../src/layers/norm.js";
import type { Points } from "../../src/layers/operator.js";
import { behind, expectWithin, kernels, lane, normalLanes, put, size } from "./lanes.js";

const norm = fc.constantFrom("batch" as const, "layer" as const, "rms" as const);
const shape = fc
  .record({ points: size, positions: fc.constantFrom(1, 1, 4, 9), channels: size })
  .filter(({ points, positions, channels }) => points * positions * channels <= 5_000);

function run(x: Float32Array, kind: "batch" | "layer" | "rms", sizes: Sizes, options: NormOptions = {}): Float32Array {
  kernels.release();
  const address = put(x);
  const out = kernels.allocate(4 * x.length);
  kernels.norm(address, kind, sizes, out, options);
  const result = kernels.floats(out, x.length).slice();
  kernels.norm(address, kind, sizes, address, options);
  expect(kernels.floats(address, x.length)).toEqual(result);
  return result;
}

interface Sizes {
  readonly points: number;
  readonly positions: number;
  readonly channels: number;
}

/** For every value the largest magnitude in its group of a batch norm, or of a norm of whole points. */
function largest({ rows, cols, data }: Points, batch: boolean, channels: number): (index: number) => number {
  const group = (index: number) => (batch ? index % channels : Math.floor(index / cols));
  const sizes = new Float64Array(Math.max(rows, channels));
  data.forEach((value, index) => {
    sizes[group(index)] = Math.max(sizes[group(index)], Math.abs(value));
  });
  return (index) => sizes[group(index)];
}

describe("norms", () => {
  it("are within 1.5e-6 of the largest value of a group, whatever the mean and the size of the values; in place the same bits", () => {
    fc.assert(
      fc.property(shape, norm, fc.integer({ min: -40, max: 36 }), fc.constantFrom(0, 1, 100, 3e4), (sizes, kind, e, mean) => {
        const { points, positions, channels } = sizes;
        const x = normalLanes(points * positions * channels, points).map((v) => (v + mean) * 2 ** (e - (mean > 100 ? 14 : 0)));
        for (const epsilon of [undefined, 0, 0.1]) {
          const got = run(x, kind, sizes, { epsilon });
          for (let k = 0; k < 4; k++) {
            const input = lane(x, k, points);
            // A group of one value has variance 0, which float64 rounds to something else than 0.
            if (epsilon === 0 && kind !== "rms" && (kind === "batch" ? points * positions : positions * channels) === 1) continue;
            const expected = normalise({ kind: "norm", norm: kind, epsilon }, channels, false).forward(input);
            const bound = largest(expected, kind === "batch", channels);
            expectWithin(lane(got, k, points), expected, (i) => 1.5e-6 * bound(i));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("give 0 where variance and epsilon are 0", () => {
    const sizes = { points: 3, positions: 1, channels: 1 };
    for (const kind of ["batch", "layer"] as const)
      expect(run(new Float32Array(12).fill(7), kind, sizes, { epsilon: 0 })).toEqual(new Float32Array(12));
    expect(run(new Float32Array(12), "rms", sizes, { epsilon: 0 })).toEqual(new Float32Array(12));
  });

  it("carry tangents, frozen or full", () => {
    fc.assert(
      fc.property(shape, norm, fc.boolean(), fc.integer({ min: -30, max: 30 }), (sizes, kind, frozen, e) => {
        const { points, positions, channels } = sizes;
        const count = points * positions * channels;
        const x = normalLanes(count, 1).map((v) => v + 1);
        const dx = normalLanes(count, 2).map((v) => (v + 3) * 2 ** e);
        const got = run(behind(x, dx), kind, sizes, { epsilon: 0.01, tangents: true, frozen });
        const reference = normalise({ kind: "norm", norm: kind, epsilon: 0.01 }, channels, frozen);
        for (let k = 0; k < 4; k++) {
          const [input, direction] = [lane(x, k, points), lane(dx, k, points)];
          const z = reference.forward(input);
          const [zBound, dxBound] = [z, direction].map((values) => largest(values, kind === "batch", channels));
          expectWithin(lane(got.slice(0, 4 * count), k, points), z, (i) => 1.5e-6 * zBound(i));
          // The scale 1 / sqrt(variance + epsilon) is at most 10; z mean(z dx) is at most max |z| max |dx|, and cancels.
          const expected = reference.tangent(input, direction);
          expectWithin(lane(got.slice(4 * count), k, points), expected, (i) => 4e-6 * (1 + zBound(i)) ** 2 * dxBound(i) * 10);
        }
      }),
      { numRuns: 50 },
    );
  });
});
