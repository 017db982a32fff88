import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernelActivations, lawKernels, MemoryLimitError } from "../../src/index.js";
import { draws, inner, kernels, lane, put, putStreams, somePoints, take } from "./group.js";

const sizes = fc.record({ points: fc.integer({ min: 1, max: 40 }), units: fc.integer({ min: 1, max: 200 }) });

/** Triangular coordinates in which some directions are missing in some lanes, or in all. */
function someCoordinates(points: number, missing: (k: number, lane: number) => boolean): Float64Array {
  const r = somePoints(points, points);
  for (let p = 0; p < points; p++)
    for (let k = 0; k < points; k++)
      for (let l = 0; l < 4; l++) {
        const at = 4 * (p * points + k) + l;
        if (k > p || missing(k, l)) r[at] = 0;
        else if (k === p) r[at] = Math.abs(r[at]);
      }
  return r;
}

describe("drawing a dense layer from coordinates", () => {
  it("gives the bits of plain loops over the float32 normals k units + j, whatever directions are missing", () => {
    const missing = fc.constantFrom(
      () => false,
      (k: number) => k % 3 === 1,
      (k: number, l: number) => (k + l) % 3 === 0,
    );
    fc.assert(
      fc.property(sizes, missing, fc.boolean(), fc.boolean(), ({ points, units }, missing, rectifies, biased) => {
        kernels.release();
        const r = someCoordinates(points, missing);
        const bias = somePoints(1, units);
        const [coordinates, streams] = [put(r), putStreams()];
        const out = kernels.allocate(32 * points * units);
        kernels.drawDense(coordinates, { points, units }, { streams, scale: 0.7 }, out, {
          activation: rectifies ? "relu" : "linear",
          bias: biased ? put(bias) : undefined,
        });
        const g = draws(0, points * units);
        const expected = new Float64Array(4 * points * units);
        for (let p = 0; p < points; p++)
          for (let j = 0; j < units; j++)
            for (let l = 0; l < 4; l++) {
              let sum = 0;
              for (let k = 0; k <= p; k++) sum += r[4 * (p * points + k) + l] * g[4 * (k * units + j) + l];
              const y = sum * 0.7 + (biased ? bias[4 * j + l] : 0);
              expected[4 * (p * units + j) + l] = rectifies ? Math.max(y, 0) : y;
            }
        expect(take(out, expected.length)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it.each(kernelActivations)("%s fused is %s applied afterwards", (activation) => {
    kernels.release();
    const [points, units] = [5, 45];
    const streams = putStreams();
    const r = put(someCoordinates(points, () => false));
    const [fused, plain] = [0, 0].map(() => kernels.allocate(32 * points * units));
    kernels.drawDense(r, { points, units }, { streams, scale: 1 }, fused, { activation, parameter: 0.3 });
    kernels.drawDense(r, { points, units }, { streams, scale: 1 }, plain);
    kernels.activate(plain, points * units, activation, 0.3);
    expect(take(fused, 4 * points * units)).toEqual(take(plain, 4 * points * units));
  });

  it("draws first and scale of fillLanes are those of the float32 kernels", () => {
    for (const [first, count] of [
      [0, 1],
      [3, 5],
      [2 ** 40 + 1, 2500],
    ]) {
      kernels.release();
      const streams = putStreams();
      const out = kernels.allocate(32 * count);
      kernels.fillLanes({ streams, scale: 3 }, first, count, out);
      expect(take(out, 4 * count)).toEqual(Float64Array.from(draws(first, count), (draw) => 3 * draw));
    }
  });

  it("zero points get the bias alone, and a network with none but zero points draws nothing", () => {
    kernels.release();
    const units = 7;
    const bias = somePoints(1, units);
    const out = kernels.allocate(2 * 32 * units);
    const x = put(new Float64Array(4 * 2 * 3));
    kernels.dense(x, { points: 2, inputs: 3, units }, { streams: putStreams(), scale: 1 }, out, { bias: put(bias) });
    expect([...take(out, 4 * units), ...take(out + 32 * units, 4 * units)]).toEqual([...bias, ...bias]);
  });
});

describe("dense layers in law", () => {
  it("are the coordinates' layers", () => {
    kernels.release();
    const [points, inputs, units] = [6, 4, 9];
    const x = put(somePoints(points, inputs));
    const weights = { streams: putStreams(), scale: 0.5 };
    const [r, y, whole] = [points * points, points * units, points * units].map((count) => kernels.allocate(32 * count));
    kernels.coordinates(x, { points, units: inputs }, r);
    kernels.drawDense(r, { points, units }, weights, y, { activation: "tanh" });
    kernels.dense(x, { points, inputs, units }, weights, whole, { activation: "tanh" });
    expect(take(whole, 4 * points * units)).toEqual(take(y, 4 * points * units));
  });

  it("have outputs with covariance scale^2 <x_p, x_q>", () => {
    kernels.release();
    const [points, inputs, units] = [3, 5, 20000];
    const values = somePoints(points, inputs);
    const out = kernels.allocate(32 * points * units);
    kernels.dense(put(values), { points, inputs, units }, { streams: putStreams(), scale: 0.4 }, out);
    const y = take(out, 4 * points * units);
    for (let l = 0; l < 4; l++) {
      const [h, rows] = [lane(values, inputs, l), lane(y, units, l)];
      for (let p = 0; p < points; p++)
        for (let q = 0; q <= p; q++) {
          const c = (i: number, j: number) => 0.16 * inner(h[i], h[j]);
          const sd = Math.sqrt((c(p, p) * c(q, q) + c(p, q) ** 2) / units);
          expect(Math.abs(inner(rows[p], rows[q]) / units - c(p, q))).toBeLessThan(4.5 * sd);
        }
    }
  });

  it("tangents go through the same weights without the bias, then through the derivative", () => {
    kernels.release();
    const [points, inputs, units] = [3, 5, 6];
    const count = 4 * points * units;
    const values = somePoints(points, inputs);
    const directions = values.map((_, i) => values[(i + 4) % values.length]);
    const x = put([...values, ...directions]);
    const [weights, bias] = [{ streams: putStreams(), scale: 0.5 }, put(somePoints(1, units))];
    const [out, linear] = [0, 0].map(() => kernels.allocate(64 * points * units));
    kernels.dense(x, { points, inputs, units }, weights, out, { activation: "tanh", bias, tangents: true });
    kernels.dense(x, { points: 2 * points, inputs, units }, weights, linear);
    const [y, z] = [take(out, 2 * count), take(linear, 2 * count)];
    const b = take(bias, 4 * units);
    for (let i = 0; i < count; i++) {
      const value = Math.tanh(z[i] + b[i % (4 * units)]);
      expect(Math.abs(y[i] - value)).toBeLessThan(1e-15);
      expect(Math.abs(y[count + i] - z[count + i] * (1 - value * value))).toBeLessThan(1e-14);
    }
  });

  it("say in one sentence when they need more memory than allowed", () => {
    const own = lawKernels({ memoryLimit: 2 ** 20 });
    const x = own.allocate(16);
    expect(() => own.dense(x, { points: 300, inputs: 100, units: 1 }, { streams: x, scale: 1 }, x)).toThrow(MemoryLimitError);
  });
});
