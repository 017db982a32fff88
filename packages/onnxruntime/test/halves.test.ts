import { describe, expect, it } from "vitest";
import { fromHalves, toHalves } from "../src/halves.js";

describe("half precision", () => {
  it("goes there and back through every number that it has", () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, k) => k).filter(
      (bits) => !Number.isNaN(fromHalves(Uint16Array.of(bits))[0]),
    );
    expect(all).toHaveLength(2 ** 16 - 2 * 1023);
    expect(toHalves(fromHalves(all))).toEqual(all);
  });

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [Number.NEGATIVE_INFINITY, 0xfc00],
  ])("rounds %d to the nearest, and of two to the even one", (value, bits) => {
    expect(toHalves([value])[0]).toBe(bits);
  });

  it("keeps what is no number", () => {
    expect(fromHalves(toHalves([Number.NaN]))[0]).toBeNaN();
  });
});
