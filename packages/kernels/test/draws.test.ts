import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ensembleKernels, mathModule } from "../src/index.js";
import { exactDraws, streams } from "./oracle.js";

const kernels = ensembleKernels();

function lanes(law: "normal" | "uniform", first: number, count: number, scale = 1): Float32Array {
  kernels.release();
  const names = kernels.allocate(64);
  kernels.setStreams(names, streams);
  const out = kernels.allocate(16 * count);
  kernels.fillLanes({ streams: names, law, scale }, first, count, out);
  return kernels.floats(out, 4 * count).slice();
}

/** First draws around the places where the counter's words carry, and elsewhere. */
const firsts = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 2 ** 34 - 40, max: 2 ** 34 + 3 }),
  fc.integer({ min: 2 ** 33 - 40, max: 2 ** 33 + 3 }),
  fc.integer({ min: 0, max: 2 ** 52 }),
);

describe("float32 draws", () => {
  it("normals of four lanes are the float64 normals of their streams to 1e-6", () => {
    fc.assert(
      fc.property(firsts, fc.integer({ min: 1, max: 50 }), (first, count) => {
        const got = lanes("normal", first, count);
        streams.forEach((stream, lane) => {
          const exact = exactDraws("normal", stream, first, count);
          expect(Math.max(...exact.map((z, i) => Math.abs(got[4 * i + lane] - z)))).toBeLessThan(1e-6);
        });
      }),
    );
  });

  it("uniforms of four lanes are 2 u - 1 of the float64 uniforms to 1e-7", () => {
    fc.assert(
      fc.property(firsts, fc.integer({ min: 1, max: 50 }), (first, count) => {
        const got = lanes("uniform", first, count);
        streams.forEach((stream, lane) => {
          const exact = exactDraws("uniform", stream, first, count);
          expect(Math.max(...exact.map((u, i) => Math.abs(got[4 * i + lane] - (2 * u - 1))))).toBeLessThan(1e-7);
        });
      }),
    );
  });

  it("contiguous normals of one stream are its float64 normals to 1e-6, and those of its lane bit for bit", () => {
    fc.assert(
      fc.property(firsts, fc.integer({ min: 0, max: 50 }), (first, count) => {
        const got = kernels.normals(streams[1], new Float32Array(count), first);
        const exact = exactDraws("normal", streams[1], first, count);
        expect(Math.max(0, ...exact.map((z, i) => Math.abs(got[i] - z)))).toBeLessThan(1e-6);
        expect(got).toEqual(lanes("normal", first, count).filter((_, i) => i % 4 === 1));
      }),
    );
  });

  it("long fills agree with short ones, across the kernels' buffers", () => {
    const count = 40_000;
    const whole = kernels.normals(streams[0], new Float32Array(count), 3);
    const laneMajor = lanes("normal", 3, count);
    for (const at of [0, 4087, 4088, 4089, 16380, 16381, 16384, 32761, count - 1]) {
      expect(whole[at]).toBe(kernels.normals(streams[0], new Float32Array(1), 3 + at)[0]);
      expect(whole[at]).toBe(laneMajor[4 * at]);
    }
    const uniform = lanes("uniform", 1, count, 0.5);
    for (const at of [4087, 4088, 4089, count - 1]) expect(uniform[4 * at + 2]).toBe(lanes("uniform", 1 + at, 1, 0.5)[2]);
  });

  it("the scale multiplies the draws", () => {
    const plain = lanes("normal", 0, 1000);
    expect(lanes("normal", 0, 1000, 0.25)).toEqual(plain.map((z) => 0.25 * z));
  });

  it("a million normals pass the Kolmogorov-Smirnov test and have the moments 0, 1, 0, 3", () => {
    const n = 1_000_000;
    const draws = kernels.normals({ k0: 12, k1: 34, s0: 56, s1: 78 }, new Float32Array(n)).sort();
    const { normalCdf } = mathModule();
    let distance = 0;
    const sums = [0, 0, 0, 0, 0];
    draws.forEach((z, i) => {
      const f = normalCdf(z);
      distance = Math.max(distance, f - i / n, (i + 1) / n - f);
      for (let k = 1; k <= 4; k++) sums[k] += z ** k;
    });
    // Kolmogorov's limit law: probability 1e-5 beyond 2.47.
    expect(distance * Math.sqrt(n)).toBeLessThan(2.47);
    const moments = [1, 0, 1, 0, 3, 0, 15, 0, 105];
    for (let k = 1; k <= 4; k++)
      expect(Math.abs(sums[k] / n - moments[k])).toBeLessThan(5 * Math.sqrt((moments[2 * k] - moments[k] ** 2) / n));
  });
});
