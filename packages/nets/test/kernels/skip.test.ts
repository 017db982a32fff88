import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinedScaled, type Scaled } from "../../src/scaled.js";
import { expectWithin, kernels, lane, put, size } from "./lanes.js";

const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -4, max: 4 });
const exponents = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -300, max: 300 })), {
  minLength: 4,
  maxLength: 4,
});

/** [count][4] values, some lanes all zero. */
function values(count: number, fill: fc.Stream<number>, alive: readonly boolean[]): Float32Array {
  return Float32Array.from({ length: 4 * count }, (_, i) => (alive[i % 4] ? fill.next().value : 0));
}

const lanesAlive = fc.array(
  fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
  { minLength: 4, maxLength: 4 },
);

/** One rounding of the result, and of what becomes subnormal on the way. */
const rounding = (expected: Scaled) => (i: number) => 2 ** -24 * Math.abs(expected.values.data[i]) + 2 ** -147;

describe("skips", () => {
  it("add at the larger exponent, as in float64", () => {
    fc.assert(
      fc.property(
        size,
        exponents,
        exponents,
        lanesAlive,
        lanesAlive,
        fc.infiniteStream(float),
        (count, ea, eb, aAlive, bAlive, fill) => {
          kernels.release();
          const [a, b] = [values(count, fill, aAlive), values(count, fill, bAlive)];
          const [aAt, bAt] = [put(a), put(b)];
          const [eaAt, ebAt] = [kernels.allocate(16), kernels.allocate(16)];
          kernels.ints(eaAt, 4).set(ea);
          kernels.ints(ebAt, 4).set(eb);
          kernels.add(aAt, bAt, count, eaAt, ebAt);
          for (let k = 0; k < 4; k++) {
            const expected = joinedScaled({ kind: "sum", factors: [1, 1] }, [
              { values: lane(a, k, 1), exponent: ea[k] },
              { values: lane(b, k, 1), exponent: eb[k] },
            ]);
            expect(kernels.ints(eaAt, 4)[k]).toBe(expected.exponent);
            expectWithin(lane(kernels.floats(aAt, a.length), k, 1), expected.values, rounding(expected));
          }
        },
      ),
    );
  });

  it("join along the channels at the larger exponent, exactly as in float64", () => {
    const small = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        fc.tuple(small, small, small),
        exponents,
        exponents,
        lanesAlive,
        lanesAlive,
        fc.infiniteStream(float),
        ([places, p, q], ea, eb, aAlive, bAlive, fill) => {
          kernels.release();
          const [a, b] = [values(places * p, fill, aAlive), values(places * q, fill, bAlive)];
          const [aAt, bAt, out] = [put(a), put(b), kernels.allocate(16 * places * (p + q))];
          const [eaAt, ebAt] = [kernels.allocate(16), kernels.allocate(16)];
          kernels.ints(eaAt, 4).set(ea);
          kernels.ints(ebAt, 4).set(eb);
          kernels.concat(aAt, p, bAt, q, places, out, eaAt, ebAt);
          for (let k = 0; k < 4; k++) {
            const [x, y] = [lane(a, k, places), lane(b, k, places)];
            const expected = joinedScaled({ kind: "concat", channels: [p, q] }, [
              { values: x, exponent: ea[k] },
              { values: y, exponent: eb[k] },
            ]);
            expect(kernels.ints(eaAt, 4)[k]).toBe(expected.exponent);
            const got = lane(kernels.floats(out, 4 * places * (p + q)), k, places);
            expectWithin(got, expected.values, rounding(expected));
          }
        },
      ),
    );
  });

  it("take values as they are without exponents", () => {
    kernels.release();
    const [a, b, out] = [put([1, 2, 3, 4]), put([5, 6, 7, 8]), kernels.allocate(32)];
    kernels.concat(a, 1, b, 1, 1, out);
    expect([...kernels.floats(out, 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    kernels.add(a, b, 1);
    expect([...kernels.floats(a, 4)]).toEqual([6, 8, 10, 12]);
  });
});
