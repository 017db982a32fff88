import { type Stream, split } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernels } from "./lanes.js";

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const name = fc.record({ k0: word, k1: word, s0: word, s1: word });
const last = 2 ** 52 - 1;
const index = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.integer({ min: 2 ** 32 - 5, max: 2 ** 32 + 5 }),
  fc.maxSafeInteger().map((n) => Math.abs(n) % last),
  fc.constant(last),
);

function streamsAt(address: number): Stream[] {
  const words = new Uint32Array(kernels.ints(address, 16));
  return [0, 1, 2, 3].map((k) => ({ k0: words[k], k1: words[4 + k], s0: words[8 + k], s1: words[12 + k] }));
}

describe("streams in the kernels", () => {
  it("split into core's children, in place too", () => {
    fc.assert(
      fc.property(fc.tuple(name, name, name, name), index, (parents, index) => {
        kernels.release();
        const [address, out] = [kernels.allocate(64), kernels.allocate(64)];
        kernels.setStreams(address, parents);
        kernels.split(address, index, out);
        const expected = parents.map((parent) => split(parent, index));
        expect(streamsAt(out)).toEqual(expected);
        kernels.split(address, index, address);
        expect(streamsAt(address)).toEqual(expected);
      }),
    );
  });

  it("begin with four neighbouring children of one stream", () => {
    fc.assert(
      fc.property(name, index, (base, index) => {
        kernels.release();
        const first = Math.min(index, last - 3);
        const out = kernels.allocate(64);
        kernels.roots(base, first, out);
        expect(streamsAt(out)).toEqual([0, 1, 2, 3].map((k) => split(base, first + k)));
      }),
    );
  });
});
