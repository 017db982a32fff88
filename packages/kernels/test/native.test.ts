import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";

// Native kernels against WebAssembly: every result must have the same bits. Without a library (no C compiler here) there is nothing to compare.
type Api = typeof import("../src/index.js") & typeof import("../src/trainer.js");

const wasm = await apiOf("wasm", "");
const best = await apiOf("", "");
const known = best.kernelHost().kind === "native" ? ["avx512", "avx2", "base"] : [];
const native: [string, Api][] = [];
for (const vectors of known) {
  const api = await apiOf("", vectors);
  if (api.kernelHost().kind === "native") native.push([vectors, api]);
}

afterAll(() => {
  delete process.env.SONDE_KERNELS;
  delete process.env.SONDE_VECTORS;
});

/** The package, loaded anew with these settings: it asks once what runs. */
async function apiOf(kernels: string, vectors: string): Promise<Api> {
  process.env.SONDE_KERNELS = kernels;
  process.env.SONDE_VECTORS = vectors;
  vi.resetModules();
  const api = { ...(await import("../src/index.js")), ...(await import("../src/trainer.js")) };
  api.kernelHost();
  return api;
}

/** Numbers of all kinds: normal, tiny, huge, subnormal, zeros of both signs, infinities, NaN; without `wild` only moderate ones and zeros. */
function numbers(seed: number, count: number, wild = true): Float32Array {
  const special = [
    0,
    -0,
    1e-40,
    -3e-42,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    3e38,
    -1e-30,
    1e20,
    88,
    -104,
  ];
  let state = (seed * 2654435761 + 1) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => {
    if (next() < 0.03) return wild ? special[Math.floor(next() * special.length)] : 0;
    return (next() - 0.5) * (next() < 0.5 ? 2 : 12);
  });
}

/** The bits of an array of float32, float64 or whole numbers, where all NaN are one: WebAssembly leaves their bits open. */
function bits(values: Float32Array | Float64Array | Int32Array | Uint8Array): string {
  const copy = values.slice();
  if (!(copy instanceof Int32Array || copy instanceof Uint8Array))
    copy.forEach((value, k) => {
      if (Number.isNaN(value)) copy[k] = Number.NaN;
    });
  return Buffer.from(copy.buffer).toString("base64");
}

type Ensemble = ReturnType<Api["ensembleKernels"]>;
type Law = ReturnType<Api["lawKernels"]>;

const instances = new Map<Api, { ensemble: Ensemble; law: Law }>();

function kernelsOf(api: Api) {
  const made = instances.get(api) ?? { ensemble: api.ensembleKernels(), law: api.lawKernels() };
  instances.set(api, made);
  made.ensemble.release();
  made.law.release();
  return made;
}

function floats(k: Ensemble, values: Float32Array): number {
  const address = k.allocate(4 * values.length);
  k.floats(address, values.length).set(values);
  return address;
}

function streamsIn(k: Pick<Ensemble, "allocate" | "setStreams">, seed: number): number {
  const address = k.allocate(64);
  k.setStreams(
    address,
    [0, 1, 2, 3].map((lane) => ({ k0: seed * 77 + lane, k1: seed ^ 0x5bd1e995, s0: lane << 30, s1: 4_000_000_000 + lane })),
  );
  return address;
}

/** What an operation leaves, for sizes that fast-check chooses. */
type Operation = (
  api: Api,
  seed: number,
  sizes: { points: number; inputs: number; units: number },
) => (Float32Array | Float64Array | Int32Array | Uint8Array)[];

const small = {
  points: fc.integer({ min: 1, max: 21 }),
  inputs: fc.integer({ min: 1, max: 19 }),
  units: fc.integer({ min: 1, max: 35 }),
};

const activations = wasm.kernelActivations;

const operations: Record<string, Operation> = {
  normals(api, seed, { units, points }) {
    const { ensemble: k } = kernelsOf(api);
    return [k.normals({ k0: seed, k1: units, s0: points, s1: 7 }, new Float32Array(units * 13))];
  },
  "draws of both laws"(api, seed, { units, points }) {
    const { ensemble: k, law } = kernelsOf(api);
    const count = units * 5;
    const out = k.allocate(16 * count);
    const results: Float32Array[] = [];
    for (const entries of ["normal", "uniform"] as const) {
      // On both sides of where the counter's second word changes.
      for (const first of [points, 2 ** 34 - points]) {
        k.fillLanes({ streams: streamsIn(k, seed), law: entries, scale: 0.3 }, first, count, out);
        results.push(k.floats(out, 4 * count).slice());
      }
    }
    const wide = law.allocate(32 * count);
    law.fillLanes({ streams: streamsIn(law, seed), law: "normal", scale: 0.3 }, points, count, wide);
    return [...results, law.doubles(wide, 4 * count)];
  },
  streams(api, seed, { units }) {
    const { ensemble: k } = kernelsOf(api);
    const streams = streamsIn(k, seed);
    k.split(streams, 2 ** 33 + units, streams);
    return [k.ints(streams, 16)];
  },
  "dense layers, given and drawn"(api, seed, { points, inputs, units }) {
    const { ensemble: k } = kernelsOf(api);
    const sizes = { points, inputs, units };
    const x = floats(k, numbers(seed, 4 * points * inputs));
    const bias = floats(k, numbers(seed + 1, 4 * units));
    const w = floats(k, numbers(seed + 2, 4 * inputs * units));
    const out = k.allocate(16 * points * units);
    const activation = activations[seed % activations.length];
    k.denseWith(x, sizes, w, out, { activation, bias: seed % 3 ? bias : undefined });
    const given = k.floats(out, 4 * points * units).slice();
    k.dense(x, sizes, { streams: streamsIn(k, seed), scale: 0.7 }, out, { activation, bias: seed % 2 ? bias : undefined });
    return [given, k.floats(out, 4 * points * units)];
  },
  "wide dense layers"(api, seed, { points, inputs, units }) {
    const { ensemble: k } = kernelsOf(api);
    const sizes = { points: points + 3, inputs: 8 * inputs, units: 7 * units };
    const x = floats(k, numbers(seed, 4 * sizes.points * sizes.inputs, false));
    const w = floats(k, numbers(seed + 2, 4 * sizes.inputs * sizes.units, false));
    const out = k.allocate(16 * sizes.points * sizes.units);
    k.denseWith(x, sizes, w, out, { activation: "relu" });
    const given = k.floats(out, 4 * sizes.points * sizes.units).slice();
    const law = seed % 2 ? "normal" : "uniform";
    k.dense(x, sizes, { streams: streamsIn(k, seed), scale: 0.1, law }, out, { activation: "relu" });
    return [given, k.floats(out, 4 * sizes.points * sizes.units)];
  },
  "activations and slopes"(api, seed, { units, points }) {
    const { ensemble: k } = kernelsOf(api);
    const count = units + points;
    const results: Float32Array[] = [];
    for (const activation of activations) {
      const values = floats(k, numbers(seed, 4 * count));
      const tangents = floats(k, numbers(seed + 1, 4 * count));
      k.activationGradient(values, tangents, count, activation);
      k.activate(values, count, activation);
      results.push(k.floats(values, 4 * count), k.floats(tangents, 4 * count));
    }
    return results;
  },
  "whole layers"(api, seed, { points, inputs, units }) {
    const { ensemble: k } = kernelsOf(api);
    const tangents = seed % 2 === 1;
    const rows = tangents ? 2 * points : points;
    const x = floats(k, numbers(seed, 4 * rows * inputs, false));
    const out = k.allocate(16 * rows * units);
    const [exponents, flags, ratios, alive] = [32, 32, 32, 16].map((bytes) => k.allocate(bytes));
    k.ints(exponents, 8).fill(0);
    k.ints(flags, 8).fill(0);
    const through = k.allocate(4 * points);
    k.bytes(through, 4 * points).set(Uint8Array.from({ length: 4 * points }, (_, i) => (i % 5 ? 1 : 0)));
    const shares = k.allocate(8 * points);
    k.doubles(shares, points).set(numbers(seed + 4, points, false));
    const layer = k.defineLayer({
      ...{ x, out, points, inputs, units, roots: streamsIn(k, seed), index: seed, scale: 0.4, biasScale: seed % 3 ? 0.1 : 0 },
      ...{ activation: activations[seed % activations.length], scratch: k.allocate(k.layerScratch(inputs, units)) },
      ...(seed % 4 && { rescale: { exponents, flags, slack: seed % 3 } }),
      ...(tangents && { tangents: { exponents: exponents + 16, flags: flags + 16 } }),
      ...(seed % 5 && { living: { through, ratios, flags: alive, ...(seed % 2 && { shares }) } }),
    });
    k.doubles(ratios, 4).fill(0);
    k.ints(alive, 4).fill(0);
    k.layer(layer);
    return [
      ...[k.floats(out, 4 * rows * units), k.ints(exponents, 8), k.ints(flags, 8)],
      ...[k.bytes(through, 4 * points), k.doubles(ratios, 4), k.ints(alive, 4)],
    ];
  },
  "the way back"(api, seed, { points, inputs, units }) {
    const { ensemble: k } = kernelsOf(api);
    const sizes = { points, inputs, units };
    const x = floats(k, numbers(seed, 4 * points * inputs));
    const w = floats(k, numbers(seed + 1, 4 * inputs * units));
    const dy = floats(k, numbers(seed + 2, 4 * points * units));
    const dw = floats(k, numbers(seed + 3, 4 * inputs * units));
    const db = floats(k, numbers(seed + 4, 4 * units));
    const dx = k.allocate(16 * points * inputs);
    const adds = seed % 2 === 1;
    k.inputGradient(dy, sizes, w, dx);
    k.weightGradient(x, dy, sizes, dw, adds);
    k.biasGradient(dy, points, units, db, adds);
    return [k.floats(dx, 4 * points * inputs), k.floats(dw, 4 * inputs * units), k.floats(db, 4 * units)];
  },
  "convolutions, there and back"(api, seed, { points, inputs, units }) {
    const { ensemble: k } = kernelsOf(api);
    const [positions, taps, windows] = [5, 3, 4];
    const table = k.windowTable(Array.from({ length: windows * taps }, (_, i) => (i % 7 === 0 ? -1 : (i * 3) % positions)));
    const sizes = { points, positions, channels: inputs, windows, taps, table, units };
    const x = floats(k, numbers(seed, 4 * points * positions * inputs));
    const w = floats(k, numbers(seed + 1, 4 * taps * inputs * units));
    const out = k.allocate(16 * points * windows * units);
    const activation = activations[seed % activations.length];
    k.convWith(x, sizes, w, out, { activation });
    const given = k.floats(out, 4 * points * windows * units).slice();
    k.conv(x, sizes, { streams: streamsIn(k, seed), scale: 0.7 }, out, { activation });
    return [given, k.floats(out, 4 * points * windows * units)];
  },
  "norms with tangents"(api, seed, { points, inputs, units }) {
    const { ensemble: k } = kernelsOf(api);
    const sizes = { points, positions: 1 + (inputs % 3), channels: seed % 4 ? units : 5 * units };
    const count = 4 * points * sizes.positions * sizes.channels;
    const x = floats(k, numbers(seed, 2 * count, false));
    const out = k.allocate(8 * count);
    return (["batch", "layer", "rms"] as const).map((norm) => {
      k.norm(x, norm, sizes, out, { tangents: true, frozen: seed % 2 === 0 });
      return k.floats(out, 2 * count).slice();
    });
  },
  "sums over channels"(api, seed, { points, inputs, units }) {
    const { ensemble: k } = kernelsOf(api);
    const samples = points * inputs;
    const x = floats(k, numbers(seed, 4 * samples * units, false));
    const [sums, centred, v, out] = [32 * 6 * units, 16 * samples * units, 16 * units, 16 * units].map((bytes) =>
      k.allocate(bytes),
    );
    k.channelSums(x, samples, units, sums, centred);
    k.floats(v, 4 * units).set(numbers(seed + 1, 4 * units, false));
    k.covarianceProduct(centred, samples, units, v, out);
    return [k.doubles(sums, 24 * units), k.floats(centred, 4 * samples * units), k.floats(out, 4 * units)];
  },
  "layers in law"(api, seed, { points, inputs, units }) {
    const { law: k } = kernelsOf(api);
    const x = k.allocate(32 * points * inputs);
    k.doubles(x, 4 * points * inputs).set(numbers(seed, 4 * points * inputs, false));
    const out = k.allocate(32 * points * units);
    const streams = streamsIn(k, seed);
    const activation = activations[seed % activations.length];
    k.dense(x, { points, inputs, units }, { streams, scale: 0.8 }, out, { activation });
    const independent = k.doubles(out, 4 * points * units).slice();
    k.orthogonal(x, { points, inputs, units }, { streams, gain: 1.1 }, out, { activation });
    return [independent, k.doubles(out, 4 * points * units)];
  },
  "Gram matrices"(api, seed, { points, inputs, units }) {
    return (["float32", "float64"] as const).flatMap((precision) => {
      const k = api.gramKernels(precision);
      const bytes = precision === "float32" ? 4 : 8;
      const view = (address: number, count: number) => (bytes === 4 ? k.floats(address, count) : k.doubles(address, count));
      const [length, vectors] = [points * inputs, units];
      const room = 8 * Math.ceil(vectors / 8);
      const x = k.allocate(bytes * length * vectors);
      view(x, length * vectors).set(numbers(seed, length * vectors));
      const [shifts, scales] = [0, 1].map(() => k.allocate(bytes * room));
      view(shifts, room).fill(0.25);
      view(scales, room).fill(1.5);
      const panels = k.allocate(k.panelBytes(vectors, length));
      k.packColumns({ x, stride: bytes * vectors, length, vectors, shifts, scales, out: panels });
      const other = k.allocate(k.panelBytes(vectors, length));
      k.bytes(other, k.panelBytes(vectors, length)).set(k.bytes(panels, k.panelBytes(vectors, length)));
      const out = k.allocate(8 * room * room);
      const results = (["rows", "panels"] as const).flatMap((layout) => {
        k.doubles(out, room * room).fill(0.5);
        k.multiply({ panels, vectors }, { panels, vectors }, length, out, layout);
        const triangle = k.doubles(out, room * room).slice();
        k.multiply({ panels, vectors }, { panels: other, vectors }, length, out, layout);
        return [triangle, k.doubles(out, room * room).slice()];
      });
      const [lowest, highest, sums, means, squares, totals] = [0, 1, 2, 3, 4, 5].map(() => k.allocate(8 * room));
      for (const address of [lowest, highest]) view(address, vectors).fill(0);
      for (const address of [sums, squares, totals]) k.doubles(address, room).fill(0);
      k.doubles(means, vectors).set(numbers(seed + 1, vectors, false));
      const block = { x, rows: length, columns: vectors, factor: 0.5 };
      k.ranges(block, { lowest, highest, sums });
      k.spreads(block, { shifts: means, means }, { squares, totals });
      const ranges = [lowest, highest].map((address) => view(address, vectors).slice());
      return [...results, ...ranges, ...[sums, squares, totals].map((address) => k.doubles(address, vectors).slice())];
    });
  },
};

const optimizers = ["sgd", "momentum", "nesterov", "rmsprop", "adam"] as const;

/** A few steps of a small network; the sizes decide which of the narrow and wide ways its layers take. */
operations["steps of training"] = (api, seed, { points, inputs, units }) =>
  training(api, seed, points, [inputs % 7 || 1, units % 11 || 2, 2, units, points % 5 || 1], false);

/** The same of layers of whole tiles, each updated as soon as its gradients are known. */
operations["steps of training, layers updated at once"] = (api, seed, { points, inputs, units }) =>
  training(api, seed, 3 * points, [4 + 4 * (inputs % 2), 16 * (1 + (units % 2)), 16, 32, 1 + (points % 11)], true);

function training(
  api: Api,
  seed: number,
  points: number,
  widths: readonly number[],
  updatesAtOnce: boolean,
): ReturnType<Operation> {
  const k = api.trainerKernels();
  const optimizer = updatesAtOnce && seed % 2 ? "adam" : optimizers[seed % optimizers.length];
  const slots = optimizer === "sgd" ? 0 : optimizer === "adam" ? 2 : 1;
  const loss = (["mse", "mae", "huber", "cross-entropy"] as const)[seed % 4];
  const activation = updatesAtOnce && seed % 4 < 2 ? "relu" : activations[(seed >> 2) % activations.length];
  const [batch, steps, groups] = [points, 3, 2];
  const layers = widths.slice(1).map((outputs, l) => ({ inputs: widths[l], units: outputs }));
  const parameters = layers.reduce((sum, layer) => sum + (layer.inputs + 1) * layer.units, 0);
  const widest = 16 * batch * Math.max(...widths);
  const take = (bytes: number) => k.allocate(bytes);
  let first = 0;
  let x = take(widest);
  const start = x;
  let dx: { at: number; adds: boolean } | undefined;
  const described = layers.map((layer, l) => {
    const [y, dy, slopes] = [take(widest), take(widest), take(widest)];
    const last = l === layers.length - 1;
    const operation = {
      ...{ kind: "dense" as const, x, y, dy, ...layer, weights: first, trainsBiases: l !== 1, ...(dx && { dx }) },
      ...(last
        ? { activation: "linear" as const }
        : { activation, ...(activation !== "relu" && activation !== "linear" && { slopes }) }),
    };
    first += (layer.inputs + 1) * layer.units;
    x = y;
    dx = { at: dy, adds: false };
    return operation;
  });
  const { y, dy, units: outputs } = described[described.length - 1];
  const states = take(16 * groups * parameters * (1 + slots));
  const count = 4 * groups * parameters * (1 + slots);
  k.floats(states, count).fill(0);
  for (let g = 0; g < groups; g++)
    k.floats(states + 16 * g * parameters * (1 + slots), 4 * parameters).set(numbers(seed + g, 4 * parameters, false));
  const targets = loss === "cross-entropy" ? 1 : outputs;
  const batchInputs = take(4 * steps * batch * widths[0]);
  k.floats(batchInputs, steps * batch * widths[0]).set(numbers(seed + 9, steps * batch * widths[0], seed % 6 === 0));
  const batchTargets = take(4 * steps * batch * targets);
  k.floats(batchTargets, steps * batch * targets).set(
    loss === "cross-entropy"
      ? Float32Array.from({ length: steps * batch }, (_, i) => i % outputs)
      : numbers(seed + 8, steps * batch * targets, false),
  );
  const losses = take(32 * groups);
  const layout = {
    ...{ operations: described, groups, parameters, states, slots, gradients: take(16 * parameters), updatesAtOnce },
    ...{
      block: updatesAtOnce ? batch : Math.max(1, Math.ceil(batch / 2)),
      x: start,
      inputs: widths[0],
      y,
      dy,
      outputs,
      spare: take(2 * widest),
    },
    scratch: take(Math.max(...layers.map((layer) => k.scratchBytes(layer.inputs, layer.units)))),
    ...{ table: take(16 * steps), shared: true, batch, batchInputs, batchTargets, targets, loss, losses, optimizer },
    ...{
      decays: [0.9, 0.99] as const,
      epsilon: 1e-8,
      l2: seed % 5 < 2 ? 0 : 0.01,
      decaysBiases: seed % 2 === 0,
      ...(seed % 3 === 0 && !updatesAtOnce && { clip: 1 }),
    },
  };
  const defined = k.define(layout);
  const step = { points: batch, rate: 0.01, root: 1.5, keep: seed % 5 < 3 ? 1 : 0.99 };
  k.train(defined, layout, Array(steps).fill(step));
  return [k.floats(states, count), k.doubles(losses, 4 * groups)];
}

// A file without any test fails.
it("native kernels are compared where there are any", () => {
  expect(best.kernelHost().kind).toBe(native.length > 0 ? "native" : "wasm");
});

describe.each(native)("native kernels on %s", (_vectors, api) => {
  it.each(Object.entries(operations))("%s: the bits of WebAssembly", (_name, operation) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.record(small), (seed, sizes) => {
        const expected = operation(wasm, seed, sizes).map(bits);
        expect(operation(api, seed, sizes).map(bits)).toEqual(expected);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it("refuse what lies beyond the memory, as WebAssembly does", () => {
    for (const one of [wasm, api]) {
      const k = one.ensembleKernels();
      const end = k.bytes(0, 0).buffer.byteLength;
      expect(() => k.activate(end - 16, 2, "relu")).toThrow(/out of bounds/);
      expect(() => k.activationGradient(0, end, 1, "tanh")).toThrow(/out of bounds/);
      expect(() => k.denseWith(end, { points: 4, inputs: 4, units: 4 }, 0, 0)).toThrow(/out of bounds/);
      expect(() => k.inputGradient(0, { points: 2 ** 20, inputs: 64, units: 64 }, 0, 0)).toThrow(/out of bounds/);
    }
  });

  it("follow a memory that grows", () => {
    const k = api.ensembleKernels();
    const small = k.allocate(64);
    k.floats(small, 4).set([-1, 2, -3, 4]);
    const large = k.allocate(64 * 2 ** 20);
    k.floats(large, 4).set([-1, 2, -3, 4]);
    k.activate(small, 1, "relu");
    k.activate(large, 1, "relu");
    expect([...k.floats(small, 4), ...k.floats(large, 4)]).toEqual([0, 2, 0, 4, 0, 2, 0, 4]);
  });
});
