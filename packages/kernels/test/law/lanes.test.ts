import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ensembleKernels, livingFlags } from "../../src/index.js";
import { kernels, put, take } from "./group.js";

describe("lanes", () => {
  it("broadcast copies each value into four lanes, separate takes them apart", () => {
    for (const count of [1, 2, 3, 64, 129]) {
      kernels.release();
      const values = Float64Array.from({ length: count }, (_, i) => i + 0.1);
      const [wide, apart] = [kernels.allocate(32 * count), kernels.allocate(32 * count)];
      kernels.broadcast(put(values), count, wide);
      expect(take(wide, 4 * count)).toEqual(Float64Array.from({ length: 4 * count }, (_, i) => values[i >> 2]));
      const mixed = put(Float64Array.from({ length: 4 * count }, (_, i) => i));
      kernels.separate(mixed, count, apart);
      for (let k = 0; k < 4; k++)
        expect([...take(apart + 8 * k * count, count)]).toEqual(Array.from({ length: count }, (_, i) => 4 * i + k));
    }
  });
});

describe("living points in float64", () => {
  it("are those of the float32 kernels, and tiny values are alive", () => {
    const narrow = ensembleKernels();
    const run = (
      own: typeof kernels | typeof narrow,
      values: number,
      points: number,
      units: number,
      before: readonly number[],
    ) => {
      const [through, ratios, flags] = [own.allocate(4 * points), own.allocate(32), own.allocate(16)];
      own.bytes(through, 4 * points).set(before);
      own.living(values, points, units, through, 0, ratios, flags);
      return [...own.bytes(through, 4 * points), ...own.doubles(ratios, 4), ...own.ints(flags, 4)];
    };
    const value = fc.constantFrom(0, 0, 0, -0, 1, Number.NaN);
    const shape = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(shape, fc.infiniteStream(value), fc.infiniteStream(fc.nat(1)), ([points, units], source, bits) => {
        const values = Array.from({ length: 4 * points * units }, () => source.next().value);
        const before = Array.from({ length: 4 * points }, () => bits.next().value);
        narrow.release();
        kernels.release();
        const x = narrow.allocate(4 * values.length);
        narrow.floats(x, values.length).set(values);
        expect(run(kernels, put(values), points, units, before)).toEqual(run(narrow, x, points, units, before));
      }),
    );
    kernels.release();
    expect(run(kernels, put([5e-324, 0, 0, 0]), 1, 1, [1, 1, 1, 1])).toEqual([
      1,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      livingFlags.here | livingFlags.through,
      0,
      0,
      0,
    ]);
  });
});
