import fc from "fast-check";
import { expect, it } from "vitest";
import { ensembleKernels } from "../src/index.js";

const kernels = ensembleKernels();
const sizes = fc.record({
  samples: fc.integer({ min: 1, max: 70 }),
  channels: fc.integer({ min: 1, max: 20 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  shift: fc.constantFrom(0, 3, -1000),
});

/** Values [samples][channels][4] in the kernels' memory. */
function block({ samples, channels, seed, shift }: { samples: number; channels: number; seed: number; shift: number }) {
  kernels.release();
  const length = 4 * samples * channels;
  const x = kernels.allocate(4 * length);
  kernels.normals({ k0: seed, k1: 1, s0: 2, s1: 3 }, kernels.floats(x, length));
  const values = kernels.floats(x, length);
  for (let i = 0; i < length; i++) values[i] += shift;
  return { x, at: (s: number, c: number, lane: number) => kernels.floats(x, length)[4 * (s * channels + c) + lane] };
}

it("sums of channels are those of float64 to a few units of float32 rounding, equal samples having no spread at all", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const { samples, channels } = size;
      const { x, at } = block(size);
      const [sums, centred] = [kernels.allocate(6 * 32 * channels), kernels.allocate(16 * samples * channels)];
      kernels.channelSums(x, samples, channels, sums, centred);
      const found = kernels.doubles(sums, 24 * channels);
      for (let c = 0; c < channels; c++)
        for (let lane = 0; lane < 4; lane++) {
          const column = Array.from({ length: samples }, (_, s) => at(s, c, lane));
          const mean = column.reduce((sum, v) => sum + v, 0) / samples;
          const expected = [
            column.reduce((sum, v) => sum + v, 0),
            column.reduce((sum, v) => sum + Math.abs(v), 0),
            column.reduce((sum, v) => sum + (v - mean) ** 2, 0),
            column.reduce((sum, v) => sum + (v - mean) ** 4, 0),
            column.reduce((sum, v) => sum + v * v, 0),
          ];
          const got = [0, 1, 3, 4, 5].map((part) => found[4 * (part * channels + c) + lane]);
          const largest = Math.max(...column.map(Math.abs));
          const scale = [samples * largest, samples * largest, expected[2], expected[3], samples * largest ** 2];
          got.forEach((value, k) => {
            expect(Math.abs(value - expected[k])).toBeLessThanOrEqual(2e-6 * scale[k] + 1e-30);
          });
          const moved = kernels.floats(centred, 4 * samples * channels)[4 * c + lane];
          expect(Math.abs(moved - (column[0] - mean))).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(column[0] - mean)));
        }
    }),
  );
  const { x } = block({ samples: 40, channels: 2, seed: 1, shift: 0 });
  kernels.floats(x, 320).fill(0.1);
  const [sums, centred] = [kernels.allocate(6 * 64), kernels.allocate(16 * 80)];
  kernels.channelSums(x, 40, 2, sums, centred);
  expect([...kernels.doubles(sums, 48).subarray(24, 40)]).toEqual(new Array(16).fill(0));
});

it("products with the covariance are those of float64, lane by lane", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const { samples, channels } = size;
      const { x, at } = block({ ...size, shift: 0 });
      const [v, out] = [kernels.allocate(16 * channels), kernels.allocate(16 * channels)];
      kernels.normals({ k0: 7, k1: 1, s0: 2, s1: 3 }, kernels.floats(v, 4 * channels));
      kernels.covarianceProduct(x, samples, channels, v, out);
      const w = kernels.floats(v, 4 * channels);
      const got = kernels.floats(out, 4 * channels);
      for (let lane = 0; lane < 4; lane++) {
        const along = Array.from({ length: samples }, (_, s) => {
          let sum = 0;
          for (let c = 0; c < channels; c++) sum += at(s, c, lane) * w[4 * c + lane];
          return sum;
        });
        for (let c = 0; c < channels; c++) {
          let [expected, size] = [0, 0];
          for (let s = 0; s < samples; s++) {
            expected += along[s] * at(s, c, lane);
            for (let k = 0; k < channels; k++) size += Math.abs(at(s, c, lane) * at(s, k, lane) * w[4 * k + lane]);
          }
          expect(Math.abs(got[4 * c + lane] - expected)).toBeLessThanOrEqual((samples + channels) * 6e-8 * size + 1e-30);
        }
      }
    }),
  );
});
