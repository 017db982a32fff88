import { activation, matrix } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import { kernelActivations } from "@sonde/kernels";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activate } from "../../src/layers/activate.js";
import { parted } from "../../src/layers/block.js";
import { conv } from "../../src/layers/conv.js";
import { dense } from "../../src/layers/dense.js";
import { normalise } from "../../src/layers/norm.js";
import type { Points } from "../../src/layers/operator.js";
import { pool } from "../../src/layers/pool.js";
import { windows } from "../../src/layers/windows.js";
import { expectWithin, kernels, lane, normalLanes, put, size } from "./lanes.js";

const absolute = (m: Points) => matrix(m.rows, m.cols, m.data.map(Math.abs));
const noBias = (units: number) => new Float64Array(units);

/** Sums of n terms in float32 err by at most n 2^-24 times the sum of their magnitudes. */
const rounding = (terms: number) => (terms + 3) * 2 ** -24;

describe("gradients", () => {
  it("of dense layers are those of the float64 reference within n 2^-24 of the terms' magnitudes, and add up", () => {
    fc.assert(
      fc.property(fc.record({ points: size, inputs: size, units: size }), (sizes) => {
        const { points, inputs, units } = sizes;
        kernels.release();
        const [x, w, dy] = [points * inputs, inputs * units, points * units].map((count, k) => normalLanes(count, k));
        const [atX, atW, atDy] = [put(x), put(w), put(dy)];
        const dx = kernels.allocate(16 * points * inputs);
        const dw = kernels.allocate(16 * inputs * units);
        const db = kernels.allocate(16 * units);
        kernels.inputGradient(atDy, sizes, atW, dx);
        kernels.weightGradient(atX, atDy, sizes, dw);
        kernels.biasGradient(atDy, points, units, db);
        const once = kernels.floats(dw, 4 * inputs * units).slice();
        kernels.weightGradient(atX, atDy, sizes, dw, true);
        for (let k = 0; k < 4; k++) {
          const given: LayerParameters = { weights: lane(w, k, inputs), bias: noBias(units) };
          const wanted = dense(given).gradient(lane(x, k, points), lane(dy, k, points));
          const size = dense({ ...given, weights: absolute(given.weights) }).gradient(
            absolute(lane(x, k, points)),
            absolute(lane(dy, k, points)),
          );
          const parameters = wanted.parameters?.() as LayerParameters;
          const bounds = size.parameters?.() as LayerParameters;
          expectWithin(
            lane(kernels.floats(dx, 4 * points * inputs), k, points),
            wanted.input,
            (i) => rounding(units) * size.input.data[i],
          );
          const bound = (i: number) => rounding(points) * bounds.weights.data[i];
          expectWithin(lane(once, k, inputs), parameters.weights, bound);
          const doubled = { ...parameters.weights, data: parameters.weights.data.map((v) => 2 * v) };
          expectWithin(lane(kernels.floats(dw, 4 * inputs * units), k, inputs), doubled, (i) => 4 * bound(i));
          expectWithin(
            lane(kernels.floats(db, 4 * units), k, 1),
            matrix(1, units, parameters.bias),
            (i) => rounding(points) * bounds.bias[i],
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  const geometry = fc.constantFrom([7], [3, 4], [5, 2]).chain((positions) =>
    fc.record({
      positions: fc.constant(positions),
      kernel: fc.tuple(...positions.map(() => fc.integer({ min: 1, max: 4 }))),
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.constantFrom("zero" as const, "periodic" as const, "symmetric" as const),
    }),
  );
  const few = fc.integer({ min: 1, max: 7 });

  it("of convolutions are those of the reference, for every padding and stride", () => {
    fc.assert(
      fc.property(geometry, fc.record({ points: few, channels: few, units: few }), (shape, { points, channels, units }) => {
        kernels.release();
        const { positions, kernel, stride, padding } = shape;
        const seen = windows([...positions, channels], kernel, stride, padding);
        const count = positions.reduce((a, b) => a * b, 1);
        const windowCount = seen.taps.length / seen.size;
        const rows = seen.size * channels;
        const table = kernels.windowTable(seen.taps);
        const sizes = { points, positions: count, channels, windows: windowCount, taps: seen.size, table, units };
        const [x, w, dy] = [points * count * channels, rows * units, points * windowCount * units].map((n, k) =>
          normalLanes(n, k),
        );
        const [atX, atW, atDy] = [put(x), put(w), put(dy)];
        const [dx, dw] = [kernels.allocate(4 * x.length), kernels.allocate(4 * w.length)];
        kernels.convInputGradient(atDy, sizes, atW, dx);
        kernels.convWeightGradient(atX, atDy, sizes, dw);
        const layer = { kind: "conv", channels: units, kernel, stride, padding } as const;
        for (let k = 0; k < 4; k++) {
          const given: LayerParameters = { weights: lane(w, k, rows), bias: noBias(units) };
          const wanted = conv(given, layer, [...positions, channels]).gradient(lane(x, k, points), lane(dy, k, points));
          // Some tens of terms of size up to 4 or so.
          expectWithin(lane(kernels.floats(dx, x.length), k, points), wanted.input, () => 1e-4);
          const parameters = wanted.parameters?.() as LayerParameters;
          expectWithin(lane(kernels.floats(dw, w.length), k, rows), parameters.weights, () => 1e-4);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("of pooling are those of the reference; of equal values the first gets it all", () => {
    for (const kind of ["average", "max"] as const)
      for (const window of [2, "global"] as const) {
        kernels.release();
        const [shape, points] = [[4, 5, 3], 3];
        const sides = window === "global" ? [4, 5] : [2, 2];
        const seen = windows(shape, sides, window === "global" ? 1 : 2, "valid");
        const count = seen.taps.length / seen.size;
        const sizes = {
          points,
          positions: 20,
          channels: 3,
          windows: count,
          taps: seen.size,
          table: kernels.windowTable(seen.taps),
        };
        const [x, dy] = [normalLanes(points * 60, 1).map(Math.round), normalLanes(points * count * 3, 2)];
        const [atX, atDy, dx] = [put(x), put(dy), kernels.allocate(4 * x.length)];
        kernels.poolGradient(atX, atDy, kind, sizes, dx);
        for (let k = 0; k < 4; k++) {
          const wanted = pool({ kind: "pool", pool: kind, window }, shape).gradient(lane(x, k, points), lane(dy, k, points));
          expectWithin(lane(kernels.floats(dx, x.length), k, points), wanted.input, () => 1e-6);
        }
      }
  });

  it("of norms are those of the reference", () => {
    const [points, positions, channels] = [7, 3, 5];
    for (const norm of ["batch", "layer", "rms"] as const) {
      kernels.release();
      const [x, dz] = [normalLanes(105, 1).map((v) => 2 * v + 1), normalLanes(105, 2)];
      const [atX, atDz, z] = [put(x), put(dz), kernels.allocate(16 * 105)];
      kernels.normGradient(atX, norm, { points, positions, channels }, { z, dz: atDz, dx: atDz }, { epsilon: 0.01 });
      const reference = normalise({ kind: "norm", norm, epsilon: 0.01 }, channels, false);
      for (let k = 0; k < 4; k++) {
        const input = lane(x, k, points);
        expectWithin(lane(kernels.floats(z, 420), k, points), reference.forward(input), () => 1e-5);
        expectWithin(
          lane(kernels.floats(atDz, 420), k, points),
          reference.gradient(input, lane(dz, k, points)).input,
          () => 1e-5,
        );
      }
    }
  });

  it.each(kernelActivations)("of %s are its slopes times what arrives", (name) => {
    kernels.release();
    const [z, dy] = [normalLanes(100, 1).map((v) => 2 * v), normalLanes(100, 2)];
    const [atZ, atDy] = [put(z), put(dy)];
    kernels.activationGradient(atZ, atDy, 100, name);
    for (let k = 0; k < 4; k++) {
      const wanted = activate(activation(name)).gradient(lane(z, k, 1), lane(dy, k, 1)).input;
      expectWithin(lane(kernels.floats(atDy, 400), k, 1), wanted, (i) => 2e-6 * (1 + Math.abs(wanted.data[i])));
    }
    expect(kernels.floats(atZ, 400)).toEqual(z);
  });

  it("of a concatenation are its parts, and squares are summed in float64", () => {
    kernels.release();
    const y = normalLanes(6 * 5, 1);
    const [at, a, b, sums] = [put(y), kernels.allocate(16 * 12), kernels.allocate(16 * 18), kernels.allocate(32)];
    kernels.takeChannels(at, 5, 0, 2, 6, a);
    kernels.takeChannels(at, 5, 2, 3, 6, b);
    kernels.squareSums(at, 30, sums);
    for (let k = 0; k < 4; k++) {
      const [first, second] = parted({ kind: "concat", channels: [2, 3] }, lane(y, k, 6));
      expect([...lane(kernels.floats(a, 48), k, 6).data]).toEqual([...first.data]);
      expect([...lane(kernels.floats(b, 72), k, 6).data]).toEqual([...second.data]);
      const squares = lane(y, k, 1).data.reduce((sum, v) => sum + v * v, 0);
      expect(Math.abs(kernels.doubles(sums, 4)[k] - squares)).toBeLessThan(1e-13 * squares);
    }
  });
});
