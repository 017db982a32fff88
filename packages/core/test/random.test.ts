import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beta,
  DomainError,
  integer,
  normal,
  normals,
  permutation,
  type Stream,
  sample,
  sign,
  split,
  stream,
  uniform,
  uniforms,
  words,
} from "../src/index.js";
import { philox } from "../src/random/philox.js";

/** Made by fixtures/make_random.py with whole numbers and mpmath. */
const fixture = JSON.parse(readFileSync(new URL("fixtures/random.json", import.meta.url), "utf8")) as {
  seed: number;
  path: number[];
  stream: number[];
  draws: number[];
  words: number[];
  uniforms: number[];
  normals: number[];
}[];

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const draws = fc.integer({ min: 0, max: 2 ** 52 });

describe("Philox4x32-10", () => {
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], answer: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      answer: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      answer: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])("gives Random123's known answer for counter $counter.0", ({ counter, key, answer }) => {
    const out = new Uint32Array(4);
    philox(key[0], key[1], counter[0], counter[1], counter[2], counter[3], out);
    expect([...out]).toEqual(answer);
  });
});

describe("streams", () => {
  it.each(fixture)("seed $seed, children $path: streams, words, uniforms and normals as computed in Python", (c) => {
    const source = c.path.reduce<Stream>(split, stream(c.seed));
    expect([source.k0, source.k1, source.s0, source.s1]).toEqual(c.stream);
    c.draws.forEach((i, at) => {
      expect(words(source, Math.floor(i / 4))[i % 4]).toBe(c.words[at]);
      expect(uniform(source, i)).toBe(c.uniforms[at]);
      // r up to 6.8 times sines and cosines whose argument is rounded to 2^-53 of itself
      expect(Math.abs(normal(source, i) - c.normals[at])).toBeLessThan(1e-14);
    });
  });

  it("children differ from each other, from their parent and from the children of neighbouring seeds", () => {
    const names = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      names.add(JSON.stringify(stream(seed)));
      for (let i = 0; i < 30; i++) names.add(JSON.stringify(split(stream(seed), i)));
    }
    expect(names.size).toBe(30 * 31);
  });

  it("refuses seeds, children and blocks outside their range", () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => stream(seed)).toThrow(DomainError);
    for (const index of [-1, 0.5, 2 ** 52]) expect(() => split(stream(0), index)).toThrow(/child stream's index .* got/);
    for (const block of [-1, 2 ** 53]) expect(() => words(stream(0), block)).toThrow(DomainError);
    expect(() => uniform(stream(0), -1)).toThrow(DomainError);
    expect(() => normal(stream(0), -1)).toThrow(DomainError);
  });
});

describe("draws", () => {
  it("normals and uniforms fill the very values of normal and uniform, from any first draw on", () => {
    fc.assert(
      fc.property(seeds, draws, fc.integer({ min: 0, max: 40 }), (seed, first, count) => {
        const source = split(stream(seed), 3);
        const each = (draw: typeof normal) => Float64Array.from({ length: count }, (_, i) => draw(source, first + i));
        expect(normals(source, new Float64Array(count), first)).toEqual(each(normal));
        expect(uniforms(source, new Float64Array(count), first)).toEqual(each(uniform));
      }),
    );
  });

  it("filling is the same in one piece or in several, across the kernel's buffer", () => {
    const whole = normals(stream(4), new Float64Array(20000), 5);
    const parts = new Float64Array(20000);
    for (const [from, to] of [
      [0, 1],
      [1, 4098],
      [4098, 4099],
      [4099, 20000],
    ])
      normals(stream(4), parts.subarray(from, to), 5 + from);
    expect(parts).toEqual(whole);
  });

  it("refuses to fill from a negative or fractional draw", () => {
    expect(() => normals(stream(0), new Float64Array(1), -1)).toThrow(DomainError);
    expect(() => uniforms(stream(0), new Float64Array(1), 0.5)).toThrow(DomainError);
  });

  it("uniforms are odd multiples of 2^-53 inside (0, 1)", () => {
    fc.assert(
      fc.property(seeds, draws, (seed, i) => {
        const u = uniform(stream(seed), i);
        expect(u > 0 && u < 1 && (u * 2 ** 53) % 2 === 1).toBe(true);
      }),
    );
  });

  it("integers lie in 0, 1, ..., n - 1", () => {
    fc.assert(
      fc.property(seeds, draws, fc.integer({ min: 1, max: 2 ** 32 }), (seed, i, n) => {
        const value = integer(stream(seed), i, n);
        expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true);
      }),
    );
    for (const n of [0, 1.5, 2 ** 32 + 1, Number.NaN]) expect(() => integer(stream(0), 0, n)).toThrow(DomainError);
  });

  it("Beta(2, 1) is the square root of the uniform", () => {
    for (let i = 0; i < 100; i++) expect(beta(stream(1), i, 2, 1)).toBe(Math.sqrt(uniform(stream(1), i)));
  });

  it("Beta refuses parameters that are not finite and above 0", () => {
    for (const [a, b] of [
      [0, 1],
      [1, -1],
      [Infinity, 2],
      [2, Number.NaN],
    ])
      expect(() => beta(stream(0), 0, a, b)).toThrow(DomainError);
  });

  it("a permutation holds every number once", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 200 }), (seed, n) => {
        expect([...permutation(stream(seed), n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
    for (const n of [-1, 0.5]) expect(() => permutation(stream(0), n)).toThrow(DomainError);
  });

  it("a sample holds different numbers below n, and costs no memory of size n", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 60, max: 2 ** 32 }), (seed, k, n) => {
        const chosen = sample(stream(seed), n, k);
        expect(new Set(chosen).size).toBe(k);
        expect(chosen.every((value) => value < n)).toBe(true);
      }),
    );
    expect([...sample(stream(0), 40, 40)].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(() => sample(stream(0), 3, 4)).toThrow(/cannot choose 4 different numbers out of 3/);
  });

  it("a sign is the upper bit of its word", () => {
    for (let i = 0; i < 50; i++) expect(sign(stream(3), i)).toBe(words(stream(3), i >> 2)[i & 3] >= 2 ** 31 ? -1 : 1);
  });
});
