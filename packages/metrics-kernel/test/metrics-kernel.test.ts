import { type Matrix, matrix, normals, stream } from "@sonde/core";
import { infiniteWidthKernel } from "@sonde/infinite-width";
import { mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { kernelDifference, measureKernel, measureTangentKernel } from "../src/index.js";
import { layerKinds } from "./layer-kinds.mjs";

/** Three points, two of them close. */
function points(size: number): Matrix<Float64Array> {
  const x = matrix(3, size);
  normals(stream(5), x.data);
  for (let k = 0; k < size; k++) x.data[size + k] = 0.7 * x.data[k] + 0.5 * x.data[size + k];
  return x;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

describe("kernels of finite networks", () => {
  it.each(Object.entries(layerKinds(64)))(
    "of %s agree with infinite width in every hidden layer and at the output",
    async (_, architecture) => {
      const x = points(sizeOf(architecture.input));
      const expected = await infiniteWidthKernel(architecture, x, { layers: true });
      const measured = await measureKernel(architecture, x, { networks: 60, layers: true, seed: 7 });
      // 5 standard errors: 6 entries in up to 4 places of 16 networks are compared.
      expect(kernelDifference(measured, expected, measured.networks).largestZ).toBeLessThan(5);
      measured.layers?.forEach((layer, l) => {
        const reference = expected.layers?.[l];
        expect(reference && kernelDifference(layer, reference, measured.networks).largestZ, `layer ${l + 1}`).toBeLessThan(5);
      });
    },
  );

  it("fluctuate like the root of depth / width", async () => {
    const x = points(6);
    const spread = async (width: number): Promise<number> => {
      const net = mlp([6, width, width, 1]);
      const measured = await measureKernel(net, x, { networks: 400, layers: true });
      const { layers = [] } = await infiniteWidthKernel(net, x, { layers: true });
      return kernelDifference(measured.layers?.[1] ?? measured, layers[1], 400).fluctuation;
    };
    // The variance of one layer's kernel falls like 1 / width; the spread of 400 networks is known to 1 / sqrt(800).
    expect((await spread(32)) / (await spread(128))).toBeCloseTo(2, 0);
  });

  it("are the same bits for one seed, and others for another", async () => {
    const x = points(6);
    const measure = (seed: number) => measureKernel(mlp("6-8x2-1"), x, { networks: 8, seed });
    const [a, b, c] = [await measure(3), await measure(3), await measure(4)];
    expect(a.nngp.data).toEqual(b.nngp.data);
    expect(a.nngp.data).not.toEqual(c.nngp.data);
  });

  it("keep their scale where activations had to be rescaled", async () => {
    const net = mlp("2-16x60-1", { weightVariance: 2e-8 });
    const x = points(2);
    const { nngp, networks, standardError } = await measureKernel(net, x, { networks: 200 });
    const expected = await infiniteWidthKernel(net, x);
    expect(expected.nngp.data[0]).toBeLessThan(1e-300);
    expect(kernelDifference({ nngp, standardError }, expected, networks).largestZ).toBeLessThan(5);
  });

  it("refuse what takes too much memory, and points that are none", async () => {
    await expect(measureKernel(mlp("2-8x50-1"), matrix(3000, 2), { layers: true })).rejects.toThrow(
      "the kernels of 3000 points in 51 layers take too much memory while they are measured: give fewer points",
    );
    await expect(measureKernel(mlp("2-8-1"), matrix(0, 2))).rejects.toThrow("a kernel needs at least one point, got none");
  });
});

describe("tangent kernels of finite networks", () => {
  it.each(Object.entries(layerKinds(24)))("of %s agree with infinite width", async (_, architecture) => {
    const x = points(sizeOf(architecture.input));
    const expected = await infiniteWidthKernel(architecture, x);
    const { ntk, standardError } = measureTangentKernel(architecture, x, { networks: 60, seed: 2 });
    ntk.data.forEach((value, k) => {
      const reference = expected.ntk?.data[k] ?? Number.NaN;
      // 5 standard errors, and what is known of the mean's own distance to infinite width: about depth / width of it.
      expect(Math.abs(value - reference)).toBeLessThan(5 * standardError.data[k] + (0.5 / 24) * Math.abs(reference));
    });
  });

  it("refuse no networks", () => {
    expect(() => measureTangentKernel(mlp("2-8-1"), matrix(1, 2), { networks: 0 })).toThrow(
      "networks are a whole number from 1, got 0",
    );
  });
});
