import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rescaleFlags } from "../../src/index.js";
import { kernels, lane, put, take } from "./group.js";

describe("powers of two", () => {
  const value = fc.oneof(
    fc.constant(0),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -9, max: 9, noNaN: true }),
  );
  const vectors = fc.array(fc.tuple(value, value, value, value), { minLength: 1, maxLength: 6 });

  it("rescale keeps what its slack allows and brings others into [1, 2), exactly", () => {
    fc.assert(
      fc.property(vectors, fc.constantFrom(0, 1, 100), (rows, slack) => {
        kernels.release();
        const values = rows.flat();
        const address = put(values);
        const [exponents, flags] = [kernels.allocate(16), kernels.allocate(16)];
        kernels.ints(exponents, 4).set([1, 2, 3, 4]);
        kernels.rescale(address, rows.length, exponents, flags, slack);
        const got = take(address, values.length);
        for (let k = 0; k < 4; k++) {
          const own = rows.map((row) => row[k]);
          const after = lane(got, 1, k).flat();
          const shift = kernels.ints(exponents, 4)[k] - (k + 1);
          const [before, largest] = [own, after].map((list) => Math.max(...list.map(Math.abs)));
          expect(kernels.ints(flags, 4)[k]).toBe(before === 0 ? rescaleFlags.zero : rescaleFlags.scaled);
          if (before === 0 || (before >= 2 ** -slack && before < 2 ** (slack + 1))) {
            expect([shift, ...after]).toEqual([0, ...own]);
            continue;
          }
          expect(largest >= 1 && largest < 2).toBe(true);
          const [half, rest] = [Math.trunc(shift / 2), shift - Math.trunc(shift / 2)];
          own.forEach((v, i) => {
            const scaled = v * 2 ** -half * 2 ** -rest;
            expect(Math.abs(after[i] - scaled)).toBeLessThanOrEqual(Math.abs(scaled) < 2 ** -1022 ? 2 ** -1074 : 0);
          });
        }
      }),
    );
  });

  it("rescale leaves infinities and NaN, and says so", () => {
    kernels.release();
    const address = put([Infinity, Number.NaN, 2 ** 300, 0, 1, 5, -3, 0]);
    const [exponents, flags] = [kernels.allocate(16), kernels.allocate(16)];
    kernels.ints(exponents, 4).fill(0);
    kernels.rescale(address, 2, exponents, flags);
    expect([...take(address, 8)]).toEqual([Infinity, Number.NaN, 1, 0, 1, 5, -3 * 2 ** -300, 0]);
    expect([...kernels.ints(exponents, 4)]).toEqual([0, 0, 300, 0]);
    expect([...kernels.ints(flags, 4)]).toEqual([2, 2, 0, 1]);
  });

  const operand = fc.record({
    values: fc.array(
      fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024),
      { minLength: 24, maxLength: 24 },
    ),
    zeroLane: fc.nat(7),
    exponents: fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 4, maxLength: 4 }),
  });

  it("add and concat take operands at their own exponents and leave the larger, or that of the operand that is not zero", () => {
    fc.assert(
      fc.property(operand, operand, (first, second) => {
        kernels.release();
        const clear = ({ values, zeroLane }: { values: number[]; zeroLane: number }) =>
          values.map((v, i) => (i % 4 === zeroLane ? 0 : v));
        const [a, b] = [clear(first), clear(second)];
        const [ea, eb] = [first.exponents, second.exponents];
        const exponents = (e: readonly number[]) => {
          const address = kernels.allocate(16);
          kernels.ints(address, 4).set(e);
          return address;
        };
        const zero = (list: number[], k: number) => list.every((v, i) => i % 4 !== k || v === 0);
        const common = [0, 1, 2, 3].map((k) => (zero(a, k) ? eb[k] : zero(b, k) ? ea[k] : Math.max(ea[k], eb[k])));
        const at = (list: number[], e: readonly number[], i: number) => list[i] * 2 ** Math.min(0, e[i % 4] - common[i % 4]);

        const joined = kernels.allocate(8 * 48);
        const own = exponents(ea);
        kernels.concat(put(a), 3, put(b), 3, 2, joined, own, exponents(eb));
        expect([...kernels.ints(own, 4)]).toEqual(common);
        const expected = [0, 1].flatMap((place) => [
          ...Array.from({ length: 12 }, (_, i) => at(a, ea, 12 * place + i)),
          ...Array.from({ length: 12 }, (_, i) => at(b, eb, 12 * place + i)),
        ]);
        expect([...take(joined, 48)]).toEqual(expected);

        const [sum, sumExponents] = [put(a), exponents(ea)];
        kernels.add(sum, put(b), 6, sumExponents, exponents(eb));
        expect([...kernels.ints(sumExponents, 4)]).toEqual(common);
        expect([...take(sum, 24)]).toEqual(a.map((_, i) => at(a, ea, i) + at(b, eb, i)));
      }),
    );
  });

  it("add and concat without exponents are plain", () => {
    kernels.release();
    const [a, b] = [put([1, 2, 3, 4, 5, 6, 7, 8]), put([10, 20, 30, 40])];
    const out = kernels.allocate(96);
    kernels.concat(a, 2, b, 1, 1, out);
    expect([...take(out, 12)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30, 40]);
    kernels.add(a, b, 1);
    expect([...take(a, 4)]).toEqual([11, 22, 33, 44]);
  });
});
