import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EntryLaw, ensembleKernels, type KernelActivation, type KernelLayer, lawKernels } from "../src/index.js";
import { streams } from "./oracle.js";

const kernels = ensembleKernels();
const size = fc.integer({ min: 1, max: 40 });

const cases = fc.record({
  sizes: fc.record({ points: size, inputs: size, units: size }),
  index: fc.integer({ min: 0, max: 2 ** 40 }),
  law: fc.constantFrom<EntryLaw>("normal", "uniform"),
  activation: fc.constantFrom<KernelActivation>("relu", "leaky-relu", "tanh", "linear"),
  biasScale: fc.constantFrom(0, 0.5),
  tangents: fc.boolean(),
  rescales: fc.boolean(),
  slack: fc.constantFrom(0, 1, 20),
  lives: fc.boolean(),
  shares: fc.boolean(),
});

describe("a layer in one call", () => {
  it("does what its parts do, bit for bit", () => {
    fc.assert(
      fc.property(cases, ({ sizes, index, law, activation, biasScale, tangents, rescales, slack, lives, shares }) => {
        kernels.release();
        const { points, inputs, units } = sizes;
        const copies = tangents ? 2 : 1;
        const x = kernels.allocate(16 * copies * points * inputs);
        kernels.normals(streams[0], kernels.floats(x, 4 * copies * points * inputs));
        const roots = kernels.allocate(64);
        kernels.setStreams(roots, streams);

        const run = (layer: (common: Omit<KernelLayer, "scratch">) => void) => {
          const out = kernels.allocate(16 * copies * points * units);
          const [exponents, flags, tangentExponents, tangentFlags, livingFlags] = [16, 16, 16, 16, 16].map(kernels.allocate);
          const [through, share, ratios] = [4 * points, 8 * points, 32].map(kernels.allocate);
          for (const address of [exponents, flags, tangentExponents, tangentFlags, livingFlags]) kernels.ints(address, 4).fill(7);
          kernels.bytes(through, 4 * points).fill(1);
          kernels.doubles(share, points).fill(1 / 7);
          kernels.doubles(ratios, 4).fill(0);
          layer({
            ...{ x, out, ...sizes, roots, index, law, scale: 0.3, biasScale, activation },
            ...(rescales && { rescale: { exponents, flags, slack } }),
            ...(tangents && { tangents: { exponents: tangentExponents, flags: tangentFlags, slack } }),
            ...(lives && { living: { through, ...(shares && { shares: share }), ratios, flags: livingFlags } }),
          });
          return [
            kernels.floats(out, 4 * copies * points * units).slice(),
            ...[exponents, flags, tangentExponents, tangentFlags, livingFlags].map((at) => kernels.ints(at, 4).slice()),
            kernels.bytes(through, 4 * points).slice(),
            kernels.doubles(ratios, 4).slice(),
          ];
        };

        const parts = run((layer) => {
          const [own, weights, biases] = [64, 64, 64].map(kernels.allocate);
          const bias = kernels.allocate(16 * units);
          kernels.split(roots, index, own);
          kernels.split(own, 0, weights);
          kernels.split(own, 1, biases);
          kernels.fillLanes({ streams: biases, law, scale: biasScale }, 0, units, bias);
          const options = { activation, tangents, ...(biasScale > 0 && { bias }) };
          kernels.dense(x, sizes, { streams: weights, law, scale: 0.3 }, layer.out, options);
          const count = points * units;
          if (layer.living) {
            const { through, shares = 0, ratios, flags } = layer.living;
            kernels.living(layer.out, points, units, through, shares, ratios, flags);
          }
          if (layer.rescale) kernels.rescale(layer.out, count, layer.rescale.exponents, layer.rescale.flags, slack);
          if (layer.tangents)
            kernels.rescale(layer.out + 16 * count, count, layer.tangents.exponents, layer.tangents.flags, slack);
        });
        const whole = run((layer) => {
          const scratch = kernels.allocate(kernels.layerScratch(inputs, units));
          kernels.layer(kernels.defineLayer({ ...layer, scratch }));
        });
        expect(whole).toEqual(parts);
      }),
    );
  });

  it("leaves out what is not asked for", () => {
    kernels.release();
    const [x, out, roots, exponents] = [16, 16, 64, 16].map(kernels.allocate);
    kernels.floats(x, 4).fill(100);
    kernels.setStreams(roots, streams);
    kernels.ints(exponents, 4).fill(0);
    const layer = { x, out, points: 1, inputs: 1, units: 1, roots, index: 3, scale: 1 };
    const scratch = kernels.allocate(kernels.layerScratch(1, 1));
    kernels.layer(kernels.defineLayer({ ...layer, scratch }));
    const plain = kernels.floats(out, 4).slice();
    kernels.layer(kernels.defineLayer({ ...layer, scratch, rescale: { exponents, flags: x } }));
    const rescaled = Array.from(kernels.floats(out, 4), (v, k) => v * 2 ** kernels.ints(exponents, 4)[k]);
    expect(rescaled).toEqual([...plain]);
    expect(Math.max(...plain.map(Math.abs))).toBeGreaterThan(2);
  });

  it.each([
    ["float32", ensembleKernels()],
    ["float64 in law", lawKernels()],
  ])("runs layers that are chained one after the other, and no others: %s", (_, k) => {
    k.release();
    const bytes = 4 * 3 * 5 * (k === kernels ? 4 : 8);
    const [a, b, c, d, roots, scratch] = [bytes, bytes, bytes, bytes, 64, k.layerScratch(5, 5, 3)].map(k.allocate);
    k.setStreams(roots, streams);
    k.fillLanes({ streams: roots, scale: 1 }, 0, 15, a);
    const common = { points: 3, inputs: 5, units: 5, roots, scale: 0.5, biasScale: 0.1, activation: "relu", scratch } as const;
    const places = [a, b, c, d];
    const layers = [0, 1, 2].map((index) => k.defineLayer({ ...common, index, x: places[index], out: places[index + 1] }));
    const after = (run: () => void) => {
      for (const place of [b, c, d]) k.bytes(place, bytes).fill(0);
      run();
      return [b, c, d].map((place) => k.bytes(place, bytes).slice());
    };
    const apart = after(() => layers.forEach(k.layer));
    expect(after(() => k.layer(k.chainLayers(layers)))).toEqual(apart);
    expect(after(() => k.layer(k.chainLayers(layers.slice(0, 2))))).toEqual([...apart.slice(0, 2), new Uint8Array(bytes)]);
  });
});
