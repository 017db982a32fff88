import fc from "fast-check";
import { describe, it } from "vitest";
import type { Points } from "../../src/layers/operator.js";
import { pool } from "../../src/layers/pool.js";
import { windows } from "../../src/layers/windows.js";
import { behind, expectWithin, kernels, lane, normalLanes, put } from "./lanes.js";

const side = fc.integer({ min: 1, max: 13 });
const shape = fc.oneof(fc.tuple(side), fc.tuple(side, side)).chain((positions) =>
  fc.record({
    positions: fc.constant(positions),
    channels: fc.integer({ min: 1, max: 20 }),
    window: fc.oneof(fc.integer({ min: 1, max: Math.min(...positions) }), fc.constant("global" as const)),
  }),
);

describe("pooling", () => {
  it("is that of the reference, tangents included, and follows the first of equal values", () => {
    fc.assert(
      fc.property(
        shape,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom("average" as const, "max" as const),
        fc.boolean(),
        ({ positions, channels, window }, points, kind, ties) => {
          kernels.release();
          const input = [...positions, channels];
          const kernel = positions.map((n) => (window === "global" ? n : window));
          const { taps, size } = windows(input, kernel, window === "global" ? 1 : kernel[0], "valid");
          const places = positions.reduce((a, b) => a * b);
          const count = points * places * channels;
          const x = normalLanes(count, 1).map((v) => (ties ? Math.round(v) : v));
          const dx = normalLanes(count, 2);
          const at = put(behind(x, dx));
          const sizes = { points, positions: places, channels, windows: taps.length / size, taps: size };
          const half = 4 * points * sizes.windows * channels;
          const out = kernels.allocate(8 * half);
          kernels.pool(at, kind, { ...sizes, table: kernels.windowTable(taps) }, out, { tangents: true });
          const got = kernels.floats(out, 2 * half);
          const alone = kernels.allocate(4 * half);
          kernels.pool(at, kind, { ...sizes, table: kernels.windowTable(taps) }, alone);
          const reference = pool({ kind: "pool", pool: kind, window }, input);
          for (let k = 0; k < 4; k++) {
            const [values, directions] = [lane(x, k, points), lane(dx, k, points)];
            const expected = reference.forward(values);
            const tangent = reference.tangent(values, directions);
            // One rounding to float32, and those of the reference's sum.
            const rounding = (exact: Points) => (i: number) => 2 ** -24 * Math.abs(exact.data[i]) + 1e-13;
            expectWithin(lane(got.slice(0, half), k, points), expected, rounding(expected));
            expectWithin(lane(kernels.floats(alone, half), k, points), lane(got.slice(0, half), k, points), () => 0);
            expectWithin(lane(got.slice(half), k, points), tangent, rounding(tangent));
          }
        },
      ),
    );
  });
});
