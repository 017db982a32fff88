import { readFileSync } from "node:fs";
import {
  type Matrix,
  matrix,
  matrixFromRows,
  multiply,
  normals,
  split,
  stream,
  symmetricEigenvalues,
  uniform,
} from "@sonde/core";
import { type Architecture, type Layer, mlp } from "@sonde/nets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { angleRecursion, infiniteWidthKernel, type KernelOptions, kernelCondition } from "../src/index.js";

const fixture = JSON.parse(readFileSync(new URL("./fixtures/kernels.json", import.meta.url), "utf8"));
const images: Matrix<Float64Array> = matrixFromRows(fixture.images);

const act = (activation = "relu"): Layer => ({ kind: "activation", activation });
const conv = (options: object): Layer => ({ kind: "conv", channels: 8, kernel: [3, 3], ...options });
const dense = (options: object = {}): Layer => ({ kind: "dense", units: 8, ...options });
const pool: Layer = { kind: "pool", pool: "average", window: 2 };
const flatten: Layer = { kind: "flatten" };

const pooled: Architecture = {
  input: [4, 4, 2],
  layers: [
    conv({ bias: "normal:0.1" }),
    act(),
    pool,
    conv({ padding: "periodic", weightVariance: 1.5 }),
    act("erf"),
    { kind: "pool", pool: "average", window: "global" },
    dense(),
  ],
};
const networks: Readonly<Record<string, Architecture>> = {
  pooled,
  flattened: {
    input: [4, 4, 2],
    layers: [
      conv({ padding: "periodic" }),
      act(),
      conv({ padding: "valid", kernel: [2, 2], bias: "normal:0.2" }),
      act(),
      flatten,
      dense(),
      act("erf"),
      dense({ weightVariance: 1, bias: "normal:0.5" }),
    ],
  },
  residual: {
    input: [32],
    layers: [
      dense(),
      { kind: "residual", body: [act(), dense({ bias: "normal:0.1" })] },
      { kind: "residual", body: [act(), dense({ bias: "normal:0.1" })] },
      act(),
      dense(),
    ],
  },
};

/** Networks with every kind of layer, whose kernels must have the properties of kernels. */
const all: readonly Architecture[] = [
  {
    input: [32],
    layers: [
      dense(),
      { kind: "residual", body: [act(), dense()], shortcut: [{ kind: "norm", norm: "layer", gamma: -2 }, dense()], scale: 0.3 },
      { kind: "concat", branches: [[act("erf"), dense()], [], [act(), dense({ bias: "normal:0.1" })]] },
      act("prelu"),
      dense(),
    ],
  },
  ...Object.values(networks),
  mlp("32-8x3-1", { activation: "tanh", norm: "layer", bias: "normal:0.1" }),
  mlp("32-8x2-1", { activation: "gelu", skip: "dense" }),
  mlp("32-8x4-1", { skip: "residual", norm: "rms", activation: "elu" }),
];

function gaussian(rows: number, cols = 32, seed = 1): Matrix<Float64Array> {
  const x = matrix(rows, cols);
  normals(stream(seed), x.data);
  return x;
}

function largest(a: Matrix, b: Matrix): number {
  let most = 0;
  for (let k = 0; k < a.data.length; k++) most = Math.max(most, Math.abs(a.data[k] - b.data[k]));
  return most;
}

/** Both kernels of a record. */
async function kernels(architecture: Architecture, x: Matrix, options?: KernelOptions): Promise<readonly Matrix<Float64Array>[]> {
  const { nngp, ntk } = await infiniteWidthKernel(architecture, x, options);
  return ntk ? [nngp, ntk] : [nngp];
}

describe("kernels of infinite width", () => {
  it.each(Object.entries(networks))("%s agree with NumPy, entry by entry, to 1e-12", async (name, architecture) => {
    const { nngp, ntk } = await infiniteWidthKernel(architecture, images);
    fixture[name].nngp.forEach((value: number, k: number) => {
      expect(Math.abs(nngp.data[k] / value - 1)).toBeLessThan(1e-12);
    });
    fixture[name].ntk.forEach((value: number, k: number) => {
      expect(Math.abs((ntk as Matrix).data[k] / value - 1)).toBeLessThan(1e-12);
    });
  });

  it("with dropout agree with NumPy, entry by entry, to 1e-12", async () => {
    const { nngp, ntk } = await infiniteWidthKernel(pooled, images, { dropout: 0.3 });
    for (const [name, kernel] of Object.entries({ nngp, ntk }))
      fixture.dropped[name].forEach((value: number, k: number) => {
        expect(Math.abs((kernel as Matrix).data[k] / value - 1)).toBeLessThan(1e-12);
      });
    await expect(infiniteWidthKernel(pooled, images, { dropout: 1 })).rejects.toThrow(
      "dropout is a probability from 0 on and below 1, got 1",
    );
  });

  it("with dropout are the second moments of sampled networks with masks", async () => {
    const [width, networks, dropout] = [128, 2000, 0.4];
    const x = gaussian(2, 3);
    const { nngp } = await infiniteWidthKernel(mlp("3-8x2-1", { weightVariance: 2 }), x, { dropout });
    const [weightsOf, masksOf] = [stream(6), stream(7)];
    let [drawn, masked] = [0, 0];
    const means = new Float64Array(3);
    const squares = new Float64Array(3);
    for (let n = 0; n < networks; n++) {
      let h: Matrix<Float64Array> = x;
      for (const units of [width, width, 1]) {
        const weights = matrix(h.cols, units);
        normals(weightsOf, weights.data, drawn);
        drawn += weights.data.length;
        h = multiply(h, weights);
        const scale = Math.sqrt(2 / weights.rows);
        for (let k = 0; k < h.data.length; k++) {
          h.data[k] *= scale;
          if (units === 1) continue;
          h.data[k] = uniform(masksOf, masked++) < dropout ? 0 : Math.max(0, h.data[k]) / (1 - dropout);
        }
      }
      const [a, b] = h.data;
      [a * a, a * b, b * b].forEach((product, k) => {
        means[k] += product / networks;
        squares[k] += (product * product) / networks;
      });
    }
    [nngp.data[0], nngp.data[1], nngp.data[3]].forEach((expected, k) => {
      const error = Math.sqrt((squares[k] - means[k] * means[k]) / networks);
      expect(Math.abs(means[k] - expected)).toBeLessThan(4.5 * error);
    });
  });

  it("add up what the branches of a residual block make, times the squares of their factors", async () => {
    const x = gaussian(4);
    const body = [dense({ weightVariance: 1.3 }), act(), dense()];
    const shortcut = [dense({ bias: "normal:0.5" })];
    const of = (...layers: Layer[]) => kernels({ input: [32], layers }, x);
    const [a, b, sum] = [await of(...shortcut), await of(...body), await of({ kind: "residual", body, shortcut, scale: -0.4 })];
    sum.forEach((kernel, k) => {
      for (let i = 0; i < 16; i++) expect(kernel.data[i]).toBeCloseTo(a[k].data[i] + 0.16 * b[k].data[i], 12);
    });
    const off = await of({ kind: "residual", body, shortcut, scale: 0 });
    expect(largest(off[0], a[0])).toBe(0);
  });

  it("average over the branches of a concat block by their channels", async () => {
    const x = gaussian(4);
    const branches = [[dense({ weightVariance: 0.7 }), act()], [{ kind: "dense" as const, units: 24 }], []];
    const units = branches.map(([first]) => (first as { units?: number } | undefined)?.units ?? 32);
    const total = units.reduce((a, b) => a + b);
    const [joined] = await kernels({ input: [32], layers: [{ kind: "concat", branches }, dense({ weightVariance: 1 })] }, x);
    const own = await Promise.all(branches.map((layers) => kernels({ input: [32], layers }, x)));
    for (let i = 0; i < 16; i++)
      expect(joined.data[i]).toBeCloseTo(
        own.reduce((sum, [kernel], k) => sum + (units[k] / total) * kernel.data[i], 0),
        12,
      );
  });

  it("take the scale of a norm", async () => {
    const x = gaussian(4);
    const withGamma = (gamma?: number) =>
      kernels({ input: [32], layers: [dense(), { kind: "norm", norm: "layer", ...(gamma && { gamma }) }, dense()] }, x);
    const [plain, scaled] = [await withGamma(), await withGamma(-3)];
    for (let i = 0; i < 16; i++) expect(scaled[0].data[i]).toBeCloseTo(9 * plain[0].data[i], 12);
  });

  it("follow the angle recursion", async () => {
    const { nngp } = await infiniteWidthKernel(
      mlp("2-8x30-1"),
      matrixFromRows([
        [1, 0],
        [0.6, 0.8],
      ]),
    );
    const { angle } = angleRecursion(Math.acos(0.6), 30)[29];
    expect(Math.abs(nngp.data[1] / nngp.data[0] - Math.cos(angle))).toBeLessThan(1e-14);
  });

  it("have the diagonal in closed form for ReLU without bias: |x|^2 / d, and depth + 1 times it for the tangent kernel", async () => {
    const x = gaussian(5);
    const { nngp, ntk } = await infiniteWidthKernel(mlp("32-8x7-1", { weightVariance: 2 }), x);
    for (let i = 0; i < 5; i++) {
      const square = x.data.slice(32 * i, 32 * i + 32).reduce((sum, value) => sum + value * value, 0) / 32;
      expect(Math.abs(nngp.data[6 * i] / (2 * square) - 1)).toBeLessThan(1e-14);
      expect(Math.abs((ntk as Matrix).data[6 * i] / (16 * square) - 1)).toBeLessThan(1e-14);
    }
  });

  it("are symmetric to the last bit and positive semi-definite to rounding", async () => {
    for (const architecture of all)
      for (const kernel of await kernels(architecture, gaussian(12))) {
        for (let i = 0; i < 12; i++) for (let j = 0; j < i; j++) expect(kernel.data[12 * i + j]).toBe(kernel.data[12 * j + i]);
        const values = symmetricEigenvalues(kernel);
        expect(values[11]).toBeGreaterThan(-1e-13 * values[0]);
      }
  });

  it("stay positive semi-definite with repeated and opposite points", async () => {
    const x = gaussian(6);
    x.data.copyWithin(32, 0, 32);
    for (let k = 0; k < 32; k++) x.data[64 + k] = -x.data[k];
    for (const architecture of all)
      for (const kernel of await kernels(architecture, x)) {
        const values = symmetricEigenvalues(kernel);
        // Correlations near 1 are known to 1e-16, and angles to its root.
        expect(values[5]).toBeGreaterThan(-1e-7 * values[0]);
      }
  });

  it("do not depend on the order of points, nor on how they are cut into blocks", async () => {
    const x = gaussian(9);
    const order = [4, 2, 8, 0, 1, 7, 5, 3, 6];
    const shuffled = matrixFromRows(order.map((i) => x.data.slice(32 * i, 32 * i + 32)));
    for (const architecture of all) {
      const expected = await kernels(architecture, x);
      const moved = await kernels(architecture, shuffled);
      const pieces = await kernels(architecture, x, { memory: 1 });
      const others = await kernels(architecture, x, { others: matrix(9, 32, x.data.slice()), memory: 5000 });
      expected.forEach((kernel, k) => {
        const tolerance = 1e-14 * Math.max(...kernel.data);
        for (let i = 0; i < 9; i++)
          for (let j = 0; j < 9; j++)
            expect(Math.abs(moved[k].data[9 * i + j] - kernel.data[9 * order[i] + order[j]])).toBeLessThan(tolerance);
        expect(largest(pieces[k], kernel)).toBe(0);
        expect(largest(others[k], kernel)).toBeLessThan(tolerance);
      });
    }
  });

  it("do not change when points are rotated, in dense networks", async () => {
    const net = mlp("2-8x3-1", { activation: "erf", bias: "normal:0.3" });
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        async (turn, z) => {
          const [c, s] = [Math.cos(turn), Math.sin(turn)];
          const straight = await kernels(
            net,
            matrixFromRows([
              [1, z],
              [0.5, -1],
            ]),
          );
          const turned = await kernels(
            net,
            matrixFromRows([
              [c - s * z, s + c * z],
              [0.5 * c + s, 0.5 * s - c],
            ]),
          );
          straight.forEach((kernel, k) => {
            expect(largest(kernel, turned[k])).toBeLessThan(1e-13 * Math.max(...kernel.data));
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it("scale like the square of the inputs in ReLU networks without bias", async () => {
    const x = gaussian(4);
    const scaled = matrix(
      4,
      32,
      x.data.map((value) => 8 * value),
    );
    for (const [k, kernel] of (await kernels(mlp("32-8x5-1"), x)).entries())
      expect(
        largest(
          matrix(
            4,
            4,
            kernel.data.map((value) => 64 * value),
          ),
          (await kernels(mlp("32-8x5-1"), scaled))[k],
        ),
      ).toBeLessThan(1e-11);
  });

  it("do not change when images are shifted, with circular convolutions and global pooling", async () => {
    const net: Architecture = {
      input: [4, 4, 2],
      layers: [
        conv({ padding: "periodic" }),
        act(),
        conv({ padding: "periodic" }),
        act(),
        { kind: "pool", pool: "average", window: "global" },
        dense(),
      ],
    };
    const shifted = matrix(3, 32);
    for (let i = 0; i < 3; i++)
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++)
          for (let c = 0; c < 2; c++)
            shifted.data[i * 32 + (((y + 1) % 4) * 4 + ((x + 2) % 4)) * 2 + c] = images.data[i * 32 + (y * 4 + x) * 2 + c];
    const [straight, moved] = [await kernels(net, images), await kernels(net, shifted)];
    straight.forEach((kernel, k) => {
      expect(largest(kernel, moved[k])).toBeLessThan(1e-14 * Math.max(...kernel.data));
    });
  });

  it("show hidden layers where asked to, and leave the tangent kernel out where told to", async () => {
    const net = mlp("32-8x3-1", { weightVariance: 2 });
    const { layers, ntk } = await infiniteWidthKernel(net, gaussian(3), { layers: true, ntk: false });
    expect(ntk).toBeUndefined();
    expect(layers?.map(({ layer }) => layer)).toEqual([1, 2, 3]);
    const { nngp } = await infiniteWidthKernel(net, gaussian(3));
    expect(largest(nngp, matrix(3, 3, layers?.[2].nngp.data.map((k) => 2 * k) ?? new Float64Array(9)))).toBeLessThan(1e-15);
  });

  it("state their error, and take quadrature for activations without closed form", async () => {
    const { error } = await infiniteWidthKernel(mlp("32-8x2-1", { activation: "hard-swish" }), gaussian(3));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(1.1e-12);
  });

  it("tell how far they are, and end when asked to", async () => {
    const seen: number[] = [];
    await infiniteWidthKernel(mlp("32-8x2-1"), gaussian(10), { memory: 2000, progress: (done, of) => seen.push(done / of) });
    expect(seen.length).toBeGreaterThan(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(seen.at(-1)).toBe(1);
    const stopped = infiniteWidthKernel(mlp("32-8x2-1"), gaussian(10), { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped).rejects.toThrow("enough");
  });

  it("are asked for with fewer points where they take longer than an hour at least", async () => {
    const deep = mlp("2-8x20000-1", { activation: "gelu-tanh" });
    const two = (points: number) => matrix(points, 2, normals(stream(3), new Float64Array(2 * points)));
    const stopped = { signal: AbortSignal.timeout(1) };
    await expect(infiniteWidthKernel(deep, two(900), stopped)).rejects.toThrow(
      "the kernel of 900 points takes at least 2 hours with this model: take at most 844 points, or fewer layers",
    );
    await expect(infiniteWidthKernel(deep, two(840), stopped)).rejects.toThrow("timeout");
  });

  it.each([
    ["wide inputs", mlp("100000-8-1"), 100_000, 120],
    ["costly activations", mlp("32-8x500-1", { activation: "hard-swish" }), 32, 64],
    ["many layers", mlp("32-8x50000-1"), 32, 300],
  ])("end within a second when asked to: %s", async (_name, net, inputs, points) => {
    const x = matrix(points, inputs, normals(stream(3), new Float64Array(points * inputs)));
    const controller = new AbortController();
    let asked = 0;
    setTimeout(() => {
      asked = performance.now();
      controller.abort(new Error("enough"));
    }, 100);
    await expect(infiniteWidthKernel(net, x, { signal: controller.signal })).rejects.toThrow("enough");
    // A tenth of a second on an idle machine.
    expect(performance.now() - asked).toBeLessThan(1000);
  });

  it.each([
    [
      [dense(), { kind: "norm", norm: "batch" }, act()],
      "layers[1] has no infinite-width form: batch norm's statistics tie all points",
    ],
    [
      [act()],
      "layers[0] has no infinite-width form: the activation sees values that are not normal: put a layer with weights before it",
    ],
    [
      [dense(), { kind: "residual", body: [act()], shortcut: [{ kind: "norm", norm: "rms" }] }],
      "layers[1] has no infinite-width form: the residual body has no weights",
    ],
    [[dense(), { kind: "norm", norm: "rms", beta: 1 }], "layers[1] has no infinite-width form: the norm adds beta"],
    [[dense(), { kind: "softmax" }], "layers[1] has no infinite-width form: softmax ties all channels together"],
    [[dense({ init: "zeros" })], "layers[0] has no infinite-width form: all its weights are 0"],
    [[dense({ weightVariance: 0 })], "layers[0] has no infinite-width form: all its weights are 0"],
    [[dense({ init: "constant:1" })], "its units are copies of one another: choose he-normal"],
    [[dense(), act(), act("tanh")], "layers[2] has no infinite-width form: the activation sees values that are not normal"],
    [[dense(), { kind: "residual", body: [act()] }], "layers[1] has no infinite-width form: the residual body has no weights"],
    [[dense({ init: "rai" })], "layers[0] has no infinite-width form: rai gives every unit one large positive weight"],
    [[dense({ init: "lsuv" })], "layers[0] has no infinite-width form: lsuv scales the weights by the data"],
    [[dense({ init: "sign-flip-layer:he-normal" })], "sign flips choose the signs of weights by the data"],
  ] as const)("say which layer has no such form, and why (%#)", async (layers, message) => {
    const net = { input: [32], layers: layers as readonly Layer[] };
    await expect(infiniteWidthKernel(net, gaussian(2))).rejects.toThrow(message);
  });

  it("say the same of layers over positions", async () => {
    const max: Architecture = { input: [4, 4, 2], layers: [conv({}), { kind: "pool", pool: "max", window: 2 }] };
    await expect(infiniteWidthKernel(max, images)).rejects.toThrow(
      "the largest of several dependent normal variables has no kernel",
    );
    const normed: Architecture = { input: [4, 4, 2], layers: [conv({}), flatten, { kind: "norm", norm: "layer" }, act()] };
    await expect(infiniteWidthKernel(normed, images)).rejects.toThrow(
      "layers[3] has no infinite-width form: the activation sees flattened",
    );
    const late: Architecture = { input: [4, 4, 2], layers: [conv({}), flatten, act()] };
    await expect(infiniteWidthKernel(late, images)).rejects.toThrow(
      "put it before the flatten layer, which changes nothing else",
    );
  });

  it("refuse points that do not fit or are not finite", async () => {
    await expect(infiniteWidthKernel(mlp("3-8-1"), gaussian(2))).rejects.toThrow(
      "a point needs 3 values for the input [3], got 32",
    );
    await expect(infiniteWidthKernel(mlp("32-8-1"), matrix(0, 32))).rejects.toThrow(
      "a kernel needs at least one point, got none",
    );
    await expect(infiniteWidthKernel(mlp("1-8-1"), matrixFromRows([[1], [Number.NaN]]))).rejects.toThrow("point 2 holds NaN");
    await expect(infiniteWidthKernel(mlp("32-8-1"), gaussian(2), { memory: 0 })).rejects.toThrow(
      "a number of bytes above 0, got 0",
    );
  });
});

describe("blank points", () => {
  it("change nothing for others, in blocks that add means and under pooling", async () => {
    const layers: readonly Layer[] = [
      conv({}),
      act(),
      { kind: "residual", body: [conv({}), act()] },
      conv({}),
      act(),
      { kind: "pool", pool: "average", window: "global" },
      dense(),
    ];
    const net: Architecture = { input: [4, 4, 2], layers };
    const blank = matrix(4, 32);
    blank.data.set(images.data, 32);
    const [alone, beside] = [await kernels(net, images), await kernels(net, blank)];
    alone.forEach((kernel, k) => {
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 3; j++)
          expect(Math.abs(beside[k].data[4 * (i + 1) + j + 1] - kernel.data[3 * i + j])).toBeLessThan(
            1e-14 * Math.max(...kernel.data),
          );
      expect(beside[k].data[0]).toBe(0);
    });
  });
});

describe("kernelCondition", () => {
  it("finds the eigenvalues of a kernel most of which are rounding", async () => {
    const points = matrix(512, 2, normals(split(split(stream(0), 1), 0), new Float64Array(1024)));
    const { nngp } = await infiniteWidthKernel(mlp("2-5x5-1", { activation: "gaussian" }), points, { ntk: false });
    const trace = Array.from({ length: 512 }, (_, i) => nngp.data[i * 513]).reduce((sum, value) => sum + value, 0);
    const condition = kernelCondition(nngp);
    expect(condition?.largest).toBeGreaterThan(0.9 * trace);
    expect(condition?.condition).toBe(Number.POSITIVE_INFINITY);
  });

  it("holds at any scale, and is none where a kernel is not finite", () => {
    for (const scale of [1e-300, 1e300]) {
      const found = kernelCondition(matrixFromRows([[2, 1].map((k) => k * scale), [1, 2].map((k) => k * scale)]));
      expect((found?.largest ?? 0) / scale).toBeCloseTo(3, 12);
      expect((found?.smallest ?? 0) / scale).toBeCloseTo(1, 12);
      expect(found?.condition).toBeCloseTo(3, 12);
    }
    expect(kernelCondition(matrix(2, 2))).toEqual({ largest: 0, smallest: 0, condition: Number.POSITIVE_INFINITY });
    expect(kernelCondition(matrixFromRows([[Number.POSITIVE_INFINITY]]))).toBeUndefined();
  });
});
