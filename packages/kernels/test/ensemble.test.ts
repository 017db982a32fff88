import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DenseOptions,
  ensembleKernels,
  type KernelActivation,
  kernelActivations,
  MemoryLimitError,
  mathModule,
  rescaleFlags,
} from "../src/index.js";
import { exactDraws, streams } from "./oracle.js";

const kernels = ensembleKernels();
const { fround } = Math;

/** A block of values in the kernels' memory. */
function put(values: ArrayLike<number>): number {
  const address = kernels.allocate(4 * values.length);
  kernels.floats(address, values.length).set(values);
  return address;
}

function streamsAt(order = [0, 1, 2, 3]): number {
  const address = kernels.allocate(64);
  kernels.setStreams(
    address,
    order.map((i) => streams[i]),
  );
  return address;
}

/** Inputs [points][inputs][4] of size about 1. */
function someInputs(count: number): Float32Array {
  return kernels.normals({ k0: 5, k1: 5, s0: 5, s1: 5 }, new Float32Array(4 * count));
}

/** Runs `dense` on the four streams; the result is copied out. */
function dense(
  sizes: { points: number; inputs: number; units: number },
  x: ArrayLike<number>,
  {
    law = "normal",
    scale = 1,
    order = [0, 1, 2, 3],
    bias,
    ...options
  }: DenseOptions & { law?: "normal" | "uniform"; scale?: number; order?: number[] } & { bias?: number } = {},
): Float32Array {
  kernels.release();
  const names = streamsAt(order);
  const input = put(x);
  let biases = 0;
  if (bias) {
    biases = kernels.allocate(16 * sizes.units);
    kernels.fillLanes({ streams: names, scale: bias }, 1000, sizes.units, biases);
  }
  const out = kernels.allocate(16 * sizes.points * sizes.units);
  kernels.dense(input, sizes, { streams: names, law, scale }, out, { ...options, bias: biases });
  return kernels.floats(out, 4 * sizes.points * sizes.units).slice();
}

const shapes = [
  { points: 1, inputs: 1, units: 1 },
  { points: 4, inputs: 3, units: 2 },
  { points: 5, inputs: 8, units: 8 },
  { points: 7, inputs: 17, units: 9 },
  { points: 64, inputs: 33, units: 31 },
  { points: 21, inputs: 70, units: 64 },
  { points: 18, inputs: 40, units: 256 },
  { points: 3, inputs: 300, units: 65 },
  { points: 6, inputs: 5, units: 5001 },
];

describe("dense layers", () => {
  it.each(shapes)("$points points, $inputs -> $units: within 1e-4 of float64 loops over the float64 normals", (sizes) => {
    const { points, inputs, units } = sizes;
    const x = someInputs(points * inputs);
    const scale = 1 / Math.sqrt(inputs);
    const got = dense(sizes, x, { scale, bias: 0.3 });
    let worst = 0;
    streams.forEach((stream, lane) => {
      const weights = exactDraws("normal", stream, 0, inputs * units);
      const biases = exactDraws("normal", stream, 1000, units);
      for (let p = 0; p < points; p++)
        for (let j = 0; j < units; j++) {
          let sum = 0.3 * biases[j];
          let size = Math.abs(sum);
          for (let i = 0; i < inputs; i++) {
            const term = x[4 * (p * inputs + i) + lane] * weights[i * units + j] * scale;
            sum += term;
            size += Math.abs(term);
          }
          worst = Math.max(worst, Math.abs(got[4 * (p * units + j) + lane] - sum) / size);
        }
    });
    expect(worst).toBeLessThan(1e-4);
  });

  it.each(shapes)("$points points, $inputs -> $units: the same bits as float32 loops in the order of the rows", (sizes) => {
    const { points, inputs, units } = sizes;
    const x = someInputs(points * inputs);
    const got = dense(sizes, x, { activation: "relu" });
    kernels.release();
    const weights = kernels.allocate(16 * inputs * units);
    kernels.fillLanes({ streams: streamsAt(), scale: 1 }, 0, inputs * units, weights);
    const w = kernels.floats(weights, 4 * inputs * units);
    const expected = new Float32Array(got.length);
    for (let p = 0; p < points; p++)
      for (let j = 0; j < units; j++)
        for (let lane = 0; lane < 4; lane++) {
          let sum = 0;
          for (let i = 0; i < inputs; i++)
            sum = fround(sum + fround(x[4 * (p * inputs + i) + lane] * w[4 * (i * units + j) + lane]));
          expected[4 * (p * units + j) + lane] = Math.max(sum, 0);
        }
    expect(got).toEqual(expected);
  });

  it.each(shapes)("$points points, $inputs -> $units: given weights give the same bits as weights made on the fly", (sizes) => {
    for (const law of ["normal", "uniform"] as const) {
      const x = someInputs(sizes.points * sizes.inputs);
      const expected = dense(sizes, x, { law, scale: 0.7, activation: "tanh" });
      kernels.release();
      const input = put(x);
      const weights = kernels.allocate(16 * sizes.inputs * sizes.units);
      kernels.fillLanes({ streams: streamsAt(), law, scale: 0.7 }, 0, sizes.inputs * sizes.units, weights);
      const out = kernels.allocate(16 * sizes.points * sizes.units);
      kernels.denseWith(input, sizes, weights, out, { activation: "tanh" });
      expect(kernels.floats(out, expected.length)).toEqual(expected);
    }
  });

  it.each(kernelActivations)("%s fused is %s applied afterwards", (activation) => {
    const sizes = { points: 6, inputs: 10, units: 7 };
    const x = someInputs(60);
    const fused = dense(sizes, x, { activation, parameter: 0.3, bias: 0.5 });
    const address = put(dense(sizes, x, { bias: 0.5 }));
    kernels.activate(address, 42, activation, 0.3);
    expect(fused).toEqual(kernels.floats(address, 168));
  });

  it("a network's result does not depend on the others in its group", () => {
    const sizes = { points: 3, inputs: 6, units: 5 };
    const x = someInputs(18);
    for (let i = 0; i < x.length; i++) x[i] = x[i - (i % 4)];
    const one = dense(sizes, x, { order: [0, 1, 2, 3] });
    const other = dense(sizes, x, { order: [3, 3, 0, 1] });
    for (let v = 0; v < 15; v++) {
      expect(other[4 * v + 2]).toBe(one[4 * v]);
      expect(other[4 * v + 1]).toBe(one[4 * v + 3]);
      expect(other[4 * v + 3]).toBe(one[4 * v + 1]);
    }
  });

  it("ReLU keeps a NaN and turns minus infinity into 0", () => {
    kernels.release();
    const address = put([Number.NaN, -Infinity, Infinity, -1]);
    kernels.activate(address, 1, "relu");
    expect([...kernels.floats(address, 4)]).toEqual([Number.NaN, 0, Infinity, 0]);
  });
});

describe("activations", () => {
  const { erf, erfc, exp, expm1, log1p, sin, tanh } = mathModule();
  const sigmoid = (x: number) => (x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)));
  const exact: Record<KernelActivation, (x: number) => number> = {
    linear: (x) => x,
    relu: (x) => Math.max(x, 0),
    "leaky-relu": (x) => (x < 0 ? fround(0.01) * x : x),
    abs: Math.abs,
    tanh,
    sigmoid,
    softplus: (x) => Math.max(x, 0) + log1p(exp(-Math.abs(x))),
    silu: (x) => x * sigmoid(x),
    elu: (x) => (x < 0 ? expm1(x) : x),
    selu: (x) => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * expm1(x) : x),
    erf,
    gelu: (x) => (x / 2) * erfc(-x * Math.SQRT1_2),
    sin,
  };

  it.each(kernelActivations)("%s is within 1e-6 relative from 1e-30 to 80, of both signs", (name) => {
    kernels.release();
    const x: number[] = [];
    for (let e = -30; e < 1; e += 0.01) x.push(10 ** e, -(10 ** e));
    for (let v = 0; v < 80; v += 0.005) x.push(v, -v);
    while (x.length % 4) x.push(0);
    const address = put(x);
    const inputs = kernels.floats(address, x.length).slice();
    kernels.activate(address, x.length / 4, name);
    const excess = Array.from(kernels.floats(address, x.length), (got, i) => {
      const value = exact[name](inputs[i]);
      // In the left tail of GELU the rounding of x^2 / 2 in the exponent of exp(-x^2 / 2) counts; sines lose what their zeros cancel.
      const relative = name === "gelu" && inputs[i] < -1 ? 1e-6 * (1 + 0.2 * inputs[i] ** 2) : 1e-6;
      return Math.abs(got - value) / (relative * Math.abs(value) + 2 ** -126);
    });
    expect(Math.max(...excess)).toBeLessThanOrEqual(1);
  });

  it("the parameter of sin is its frequency", () => {
    kernels.release();
    const x = [0.1, -2, 3, 40];
    const address = put(x);
    const inputs = kernels.floats(address, 4).slice();
    kernels.activate(address, 1, "sin", 30);
    expect([...kernels.floats(address, 4)]).toEqual([...inputs].map((v) => fround(sin(30 * v))));
  });
});

describe("scale and shift", () => {
  it("are a multiplication and an addition of float32", () => {
    kernels.release();
    const address = put([1, -2, 0.1, 1e30, 5, 6, 7, 8]);
    const x = kernels.floats(address, 8).slice();
    kernels.affine(address, 1, 0.3, -1);
    const y = kernels.floats(address, 8);
    for (let k = 0; k < 4; k++) expect(y[k]).toBe(fround(fround(x[k] * fround(0.3)) - 1));
    expect([...y.subarray(4)]).toEqual([5, 6, 7, 8]);
  });
});

describe("rescaling", () => {
  const lanesOf = (values: readonly number[], lane: number) => values.filter((_, i) => i % 4 === lane);

  it("brings each lane's largest magnitude into [1, 2), exactly, and keeps the exponent", () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(float, float, float, float), { minLength: 1, maxLength: 9 }), (vectors) => {
        kernels.release();
        const values = vectors.flat();
        const address = put(values);
        const exponents = kernels.allocate(16);
        const flags = kernels.allocate(16);
        kernels.ints(exponents, 4).set([10, 20, 30, 40]);
        kernels.rescale(address, vectors.length, exponents, flags);
        const got = [...kernels.floats(address, values.length)];
        for (let lane = 0; lane < 4; lane++) {
          const largest = Math.max(...lanesOf(got, lane).map(Math.abs));
          const exponent = kernels.ints(exponents, 4)[lane] - 10 * (lane + 1);
          if (lanesOf(values, lane).every((v) => v === 0)) {
            expect([kernels.ints(flags, 4)[lane], exponent, largest]).toEqual([rescaleFlags.zero, 0, 0]);
            continue;
          }
          expect(kernels.ints(flags, 4)[lane]).toBe(rescaleFlags.scaled);
          expect(largest >= 1 && largest < 2).toBe(true);
          lanesOf(values, lane).forEach((v, i) => {
            // Only what becomes subnormal loses digits: at most one unit in each of the two steps.
            const exact = v * 2 ** -exponent;
            const allowed = Math.abs(exact) >= 2 ** -126 || v === 0 ? 0 : 2 ** -149;
            expect(Math.abs(lanesOf(got, lane)[i] - exact)).toBeLessThanOrEqual(allowed);
          });
        }
      }),
    );
  });

  it("leaves lanes within the slack as they are", () => {
    kernels.release();
    const address = put([2 ** 20, 2 ** 21, 2 ** -20, 2 ** -21]);
    const [exponents, flags] = [kernels.allocate(16), kernels.allocate(16)];
    kernels.ints(exponents, 4).fill(0);
    kernels.rescale(address, 1, exponents, flags, 20);
    expect([...kernels.floats(address, 4)]).toEqual([2 ** 20, 1, 2 ** -20, 1]);
    expect([...kernels.ints(exponents, 4)]).toEqual([0, 21, 0, -21]);
    expect([...kernels.ints(flags, 4)]).toEqual([0, 0, 0, 0]);
  });

  it("leaves a lane with an infinity or a NaN as it is, and scales the others", () => {
    kernels.release();
    const address = put([Infinity, Number.NaN, 8, 0, 1, 5, -3, 0]);
    const exponents = kernels.allocate(16);
    const flags = kernels.allocate(16);
    kernels.ints(exponents, 4).fill(0);
    kernels.rescale(address, 2, exponents, flags);
    expect([...kernels.floats(address, 8)]).toEqual([Infinity, Number.NaN, 1, 0, 1, 5, -0.375, 0]);
    expect([...kernels.ints(exponents, 4)]).toEqual([0, 0, 3, 0]);
    expect([...kernels.ints(flags, 4)]).toEqual([2, 2, 0, 1]);
  });
});

describe("alive masks", () => {
  it("say which points and which units are not zero, and how many", () => {
    const value = fc.constantFrom(0, 0, 0, -0, 1e-45, -3, Number.NaN);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(value),
        (points, units, source) => {
          kernels.release();
          const values = Array.from({ length: 4 * points * units }, () => source.next().value);
          const address = put(values);
          const masks = kernels.allocate(4 * Math.max(points, units));
          const counts = kernels.allocate(16);
          const alive = (p: number, u: number, lane: number) => values[4 * (p * units + u) + lane] !== 0;
          const range = (n: number) => Array.from({ length: n }, (_, i) => i);
          kernels.alivePoints(address, points, units, masks, counts);
          const ofPoints = range(4 * points).map((i) => +range(units).some((u) => alive(i >> 2, u, i & 3)));
          expect([...kernels.bytes(masks, 4 * points)]).toEqual(ofPoints);
          expect([...kernels.ints(counts, 4)]).toEqual(
            range(4).map((k) => range(points).filter((p) => ofPoints[4 * p + k]).length),
          );
          kernels.aliveUnits(address, points, units, masks, counts);
          const ofUnits = range(4 * units).map((i) => +range(points).some((p) => alive(p, i >> 2, i & 3)));
          expect([...kernels.bytes(masks, 4 * units)]).toEqual(ofUnits);
          expect([...kernels.ints(counts, 4)]).toEqual(
            range(4).map((k) => range(units).filter((u) => ofUnits[4 * u + k]).length),
          );
        },
      ),
    );
  });
});

describe("memory", () => {
  it("broadcasting copies each value into four lanes", () => {
    kernels.release();
    const out = kernels.allocate(48);
    kernels.broadcast(put([1, 2, 3]), 3, out);
    expect([...kernels.floats(out, 12)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  it("addresses are multiples of 64, blocks do not overlap, and memory grows", () => {
    const own = ensembleKernels();
    const a = own.allocate(5);
    const b = own.allocate(2 ** 22);
    const mark = own.mark();
    const c = own.allocate(1);
    expect([a % 64, b - a, c - b]).toEqual([0, 64, 2 ** 22]);
    own.bytes(b, 2 ** 22).fill(7);
    own.release(mark);
    expect(own.allocate(1)).toBe(c);
    own.release();
    expect(own.allocate(1)).toBe(a);
  });

  it("beyond the limit one sentence says what was needed, what is allowed and what to do", () => {
    const own = ensembleKernels({ memoryLimit: 2 ** 21 });
    expect(() => own.allocate(2 ** 22)).toThrow(MemoryLimitError);
    expect(() => own.allocate(2 ** 22)).toThrow(/would need 5 MiB of memory and may use 2 MiB: take fewer points or fewer units/);
    expect(() => own.allocate(Number.NaN)).toThrow(MemoryLimitError);
    const x = own.allocate(2 ** 21 - own.mark());
    expect(() => own.dense(x, { points: 1, inputs: 64, units: 64 }, { streams: x, scale: 1 }, x)).toThrow(MemoryLimitError);
  });

  it("takes exactly four streams", () => {
    expect(() => kernels.setStreams(kernels.allocate(64), streams.slice(1))).toThrow(/four streams at a time, got 3/);
  });
});

it("separate takes the lanes apart, whatever the count", () => {
  const kernels = ensembleKernels();
  for (const count of [1, 3, 4, 7, 64, 129]) {
    kernels.release();
    const [values, out] = [kernels.allocate(16 * count), kernels.allocate(16 * count)];
    kernels.floats(values, 4 * count).set(Float32Array.from({ length: 4 * count }, (_, k) => k));
    kernels.separate(values, count, out);
    for (let lane = 0; lane < 4; lane++)
      expect([...kernels.floats(out + 4 * count * lane, count)]).toEqual(Array.from({ length: count }, (_, k) => 4 * k + lane));
  }
});
