import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../scripts/compile.mjs";
import { instantiate } from "../src/instantiate.js";
import { mathModule } from "../src/math.js";
import { streams } from "./oracle.js";

interface Probe {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly buffer: () => number;
  readonly applyLogOfWord: (count: number) => void;
  readonly applyExp: (count: number) => void;
  readonly applyExpm1: (count: number) => void;
  readonly applySin: (count: number) => void;
  readonly applyCos: (count: number) => void;
  readonly applyCircle: (count: number, cosine: boolean) => void;
}

let probe: Probe;

beforeAll(async () => {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } };
  probe = instantiate<Probe>(new WebAssembly.Module(await compile("assembly/probe/index.ts")));
});

/** What a function of the probe makes of 32-bit patterns. */
function apply(name: Exclude<keyof Probe, "memory" | "buffer" | "applyCircle">, bits: Uint32Array): Float32Array {
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i += 16384) {
    const some = bits.subarray(i, i + 16384);
    new Uint32Array(probe.memory.buffer, probe.buffer(), some.length).set(some);
    probe[name](Math.ceil(some.length / 4));
    out.set(new Float32Array(probe.memory.buffer, probe.buffer(), some.length), i);
  }
  return out;
}

/** Random words, the ends of the range and the neighbourhoods of every power of two and of every multiple of 2^29. */
function wordsOfInterest(): Uint32Array {
  const { normals, drawBuffer, memory } = mathModule();
  const { k0, k1, s0, s1 } = streams[0];
  const words: number[] = [];
  for (let i = 0; i < 40000; i++) words.push(i, 2 ** 32 - 1 - i);
  for (let k = 4; k < 32; k++) for (let d = -500; d < 500; d++) words.push((2 ** k + d + 2 ** 32) % 2 ** 32);
  for (let k = 1; k < 8; k++) for (let d = -500; d < 500; d++) words.push(k * 2 ** 29 + d);
  // u around sqrt(1/2) 2^-k, where the logarithm changes its exponent.
  for (let k = 0; k < 30; k++)
    for (let d = -50; d < 50; d++) words.push(Math.max(0, Math.round(Math.SQRT1_2 * 2 ** (32 - k)) + d));
  for (let block = 0; block < 100; block++) {
    normals(k0, k1, s0, s1, 1024 * block, 1024);
    const low = new Uint32Array(memory.buffer, drawBuffer(), 8192).filter((_, i) => i % 2 === 0);
    for (const word of low) words.push(word);
  }
  return Uint32Array.from(words);
}

/** Float32 of both signs below a magnitude, evenly over their bit patterns: as many at every exponent. */
function floatsBelow(limit: number): Uint32Array {
  const bits: number[] = [];
  const top = new Uint32Array(Float32Array.of(limit).buffer)[0];
  for (let i = 0; i < 400_000; i++) {
    const pattern = Math.floor((i / 400_000) * top);
    bits.push(pattern, (pattern | 0x80000000) >>> 0);
  }
  return Uint32Array.from(bits);
}

describe("float32 functions over their whole domains", () => {
  it("log((w + 1/2) 2^-32) is within 1e-6 relative of every word, next to 1 too", () => {
    const { log, log1p } = mathModule();
    const words = wordsOfInterest();
    const got = apply("applyLogOfWord", words);
    let worst = 0;
    words.forEach((w, i) => {
      const exact = w < 2 ** 31 ? log((w + 0.5) * 2 ** -32) : log1p(-(2 ** 32 - w - 0.5) * 2 ** -32);
      worst = Math.max(worst, Math.abs(got[i] / exact - 1));
    });
    expect(worst).toBeLessThan(1e-6);
  });

  it("sine and cosine of 2 pi w 2^-32 are within 1e-6 absolute for every word", () => {
    const { sin, cos } = mathModule();
    const words = wordsOfInterest();
    const sines = apply("applySin", words);
    const cosines = apply("applyCos", words);
    let worst = 0;
    words.forEach((w, i) => {
      const angle = w * (2 * Math.PI * 2 ** -32);
      worst = Math.max(worst, Math.abs(sines[i] - sin(angle)), Math.abs(cosines[i] - cos(angle)));
    });
    expect(worst).toBeLessThan(1e-6);
  });

  it("exp is within 1e-6 relative, or half a unit of the subnormals", () => {
    const { exp } = mathModule();
    const bits = floatsBelow(88.7);
    const x = new Float32Array(bits.buffer);
    const got = apply("applyExp", bits);
    let worst = 0;
    x.forEach((value, i) => {
      const exact = exp(value);
      worst = Math.max(worst, Math.abs(got[i] - exact) / Math.max(exact, 2 ** -126));
    });
    expect(worst).toBeLessThan(1e-6);
    const below = apply("applyExp", new Uint32Array(Float32Array.of(-90, -100, -103, -104, -1e30, -Infinity).buffer));
    [-90, -100, -103].forEach((value, i) => {
      expect(Math.abs(below[i] - exp(value))).toBeLessThan(1.01 * 2 ** -149);
    });
    expect([...below.subarray(4)]).toEqual([0, 0]);
    const above = apply("applyExp", new Uint32Array(Float32Array.of(88.73, 1e30, Infinity, Number.NaN).buffer));
    expect([...above]).toEqual([Infinity, Infinity, Infinity, Number.NaN]);
  });

  it("exp(x) - 1 of negative numbers is within 1e-6 relative, next to 0 too", () => {
    const { expm1 } = mathModule();
    const bits = floatsBelow(1e30).filter((pattern) => pattern > 0x80000000);
    const x = new Float32Array(bits.buffer);
    const got = apply("applyExpm1", bits);
    let worst = 0;
    x.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(got[i] - expm1(value)) / Math.max(-expm1(value), 2 ** -126));
    });
    expect(worst).toBeLessThan(1e-6);
  });
});

describe("two float64 angles at once", () => {
  it.each(["sin", "cos"] as const)("%s has the bits of the scalar function for every word of a normal", (name) => {
    const exact = mathModule()[name];
    const words = wordsOfInterest();
    let other = 0;
    for (let first = 0; first < words.length; first += 8192) {
      const angles = Float64Array.from(words.subarray(first, first + 8192), (w) => w * (6.283185307179586 * 2 ** -32));
      const found = new Float64Array(probe.memory.buffer, probe.buffer(), angles.length);
      found.set(angles);
      probe.applyCircle(Math.ceil(angles.length / 2), name === "cos");
      for (let k = 0; k < angles.length; k++) if (!Object.is(found[k], exact(angles[k]))) other++;
    }
    expect(other).toBe(0);
  });
});
