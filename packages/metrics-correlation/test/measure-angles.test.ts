import { readFileSync } from "node:fs";
import { matrix, matrixFromRows, normals, quantiles, row, stream } from "@sonde/core";
import { estimateOver, type Metric, mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { angleBetween, measureAngles, measuredPairs, twoInputs } from "../src/index.js";

interface Case {
  theta0: string;
  width: number;
  hiddenLayers: number;
  networks: number;
  degenerate: number;
  mean: number;
  meanStandardError: number;
  sd: number;
  sdStandardError: number;
}
// Simulations made for this project by an independent script; the file says what each number is.
const reference: { networks: Case[]; explicitWeights: Case[] } = JSON.parse(
  readFileSync(new URL("../../../test/verify/reference/angles.json", import.meta.url), "utf8"),
);
const angles: Record<string, number> = { "pi/2": Math.PI / 2, "pi/4": Math.PI / 4, "0.1": 0.1 };
const small = reference.networks.filter(({ width, hiddenLayers }) => width * hiddenLayers <= 1000);

describe("measureAngles", () => {
  it.each(small)("agrees with the reference: $theta0, width $width, $hiddenLayers layers", async (wanted) => {
    const networks = 1500;
    const model = mlp([2, ...new Array<number>(wanted.hiddenLayers).fill(wanted.width), 1]);
    const { layers } = await measureAngles(model, { theta0: angles[wanted.theta0], networks, seed: 4 });
    const last = layers[layers.length - 1];
    expect(Math.abs(last.logSin2.value - wanted.mean)).toBeLessThan(
      4.5 * Math.hypot(last.logSin2.standardError, wanted.meanStandardError),
    );
    // The error of a spread scales with the root of the number of networks.
    const spreadError = wanted.sdStandardError * Math.sqrt(wanted.networks / networks);
    expect(Math.abs(last.logSin2.sd - wanted.sd)).toBeLessThan(4.5 * Math.hypot(spreadError, wanted.sdStandardError));
    const share = wanted.degenerate / wanted.networks;
    expect(Math.abs(last.degenerate - share)).toBeLessThan(4.5 * Math.sqrt(Math.max(share, 1 / networks) / networks));
  });

  it("explicit weights and the draw in law agree", async () => {
    const options = { theta0: 1, networks: 4000, seed: 6 };
    const [a, b] = [
      await measureAngles(mlp("2-12x6-1"), { ...options, method: "law" }),
      await measureAngles(mlp("2-12x6-1"), { ...options, method: "weights" }),
    ];
    expect([a.method, b.method]).toEqual(["law", "weights"]);
    a.layers.forEach((layer, l) => {
      for (const key of ["logSin2", "angle", "cosine", "correlation", "degenerateEstimate"] as const) {
        const [x, y] = [layer[key], b.layers[l][key]];
        const error = Math.hypot(x.standardError, y.standardError);
        expect(Math.abs(x.value - y.value)).toBeLessThanOrEqual(4.5 * error);
      }
    });
  });

  it("one input: the pair is -1 and 1, and a dead ray is degenerate", async () => {
    const { layers, pairs } = await measureAngles(mlp("1-2x3-1"), { networks: 4000 });
    expect(pairs).toBe(1);
    // After layer 1 the images of -1 and 1 are orthogonal unless all units look the same way: 2 * 2^-2.
    expect(Math.abs(layers[0].degenerate - 0.5)).toBeLessThan(4.5 * 0.5 * Math.sqrt(1 / 4000));
    expect(layers[0].angle.value).toBeCloseTo(Math.PI / 2, 12);
    expect(layers[2].degenerate).toBeGreaterThan(layers[1].degenerate);
  });

  it("a data set: averages over pairs, networks as independent samples", async () => {
    const data = matrixFromRows([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const { layers, pairs, networks } = await measureAngles(mlp("3-16x2-1"), { data, networks: 2000 });
    expect([pairs, networks, layers[0].angle.networks]).toEqual([3, 2000, 2000]);
    const { layers: single } = await measureAngles(mlp("3-16x2-1"), { theta0: Math.PI / 2, networks: 2000, seed: 1 });
    // Orthogonal inputs all have the same law.
    const error = Math.hypot(layers[1].logSin2.standardError, single[1].logSin2.standardError);
    expect(Math.abs(layers[1].logSin2.value - single[1].logSin2.value)).toBeLessThan(4.5 * error);
    expect(Math.abs(layers[1].logSin2.sd / single[1].logSin2.sd - 1)).toBeLessThan(0.2);
  });

  it("leaves out pairs that no angle tells apart at the input: zero points, points on one ray", async () => {
    const data = matrixFromRows([
      [0, 0],
      [1, 2],
      [2, 4],
      [-1, -2],
      [1, 0],
    ]);
    expect(measuredPairs(data)).toEqual({
      pairs: [
        [1, 3],
        [2, 3],
        [1, 4],
        [2, 4],
        [3, 4],
      ],
      leftOut: 5,
    });
    const { pairs } = await measureAngles(mlp("2-4x2-1"), { data, networks: 10 });
    expect(pairs).toBe(5);
    for (const other of [
      [0, 0],
      [3, 6],
    ])
      await expect(measureAngles(mlp("2-4-1"), { data: matrixFromRows([[1, 2], other]) })).rejects.toThrow(
        "no angle tells it apart",
      );
  });

  it("opposite points are no degenerate pair, and have no ln sin^2 while they stay opposite", async () => {
    const data = matrixFromRows([
      [1, 1],
      [-1, -1],
    ]);
    const odd = await measureAngles(mlp("2-8x2-1", { activation: "tanh" }), { data, networks: 10 });
    expect(odd.layers[1]).toMatchObject({ degenerate: 0, logSin2: { networks: 0, value: Number.NaN } });
    const folded = await measureAngles(mlp("2-8x2-1"), { data, networks: 10 });
    expect(folded.layers[0].degenerate).toBe(0);
    expect(folded.layers[0].angle.value).toBeCloseTo(Math.PI / 2, 12);
  });

  it("a layer of one unit lies on a line, which is no degeneracy: only zeros are, from there on", async () => {
    const data = matrixFromRows([
      [1, 0],
      [0, 1],
    ]);
    const { layers } = await measureAngles(mlp("2-8-1-8-1", { activation: "linear" }), { data, networks: 50 });
    expect(layers.map(({ degenerate }) => degenerate)).toEqual([0, 0, 0]);
    const relu = await measureAngles(mlp("2-8-1-8-1"), { data, networks: 400 });
    // One of the two points is zero in three networks of four, roughly.
    expect(relu.layers[1].degenerate).toBeGreaterThan(0.6);
    expect(relu.layers[1].degenerate).toBeLessThan(0.9);
    // Eight units die at a point once in 256.
    expect(relu.layers[2].degenerate - relu.layers[1].degenerate).toBeLessThan(0.05);
  });

  it("gives quantiles over networks and pairs, right to their bins, with intervals that cover", async () => {
    const [seen, layers, networks] = [[] as number[], 5, 3000];
    const watch: Metric<unknown, { last: number }, number[]> = {
      name: "watch",
      trace: () => ({ last: Number.NaN }),
      observe: (trace, { activations }) => {
        const values = activations();
        trace.last = angleBetween(row(values, 0), row(values, 1))?.logSin2 ?? Number.NaN;
      },
      empty: () => [],
      fold: (state, { last }) => void state.push(last),
      merge: (state, next) => void state.push(...next),
    };
    const model = mlp([2, ...new Array<number>(layers).fill(20), 1]);
    const plan = { networks, seed: 9, method: "law" } as const;
    const { states } = await estimateOver(
      model,
      twoInputs(model),
      [{ metric: watch, options: {}, precision: "float64", watched: () => undefined }],
      plan,
    );
    seen.push(...(states[0] as number[]));
    const ps = [0, 0.01, 0.3, 0.5, 0.95, 1];
    const record = await measureAngles(model, { ...plan, quantiles: ps });
    const exact = quantiles(seen, ps);
    record.layers[layers - 1].quantiles.forEach(({ probability, value, low, high, networks: count }, k) => {
      expect([probability, count]).toEqual([ps[k], networks]);
      expect(Math.abs(value / exact[k] - 1)).toBeLessThan(0.0101);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    });
    const other = await measureAngles(model, { ...plan, seed: 10, quantiles: ps });
    other.layers[layers - 1].quantiles.slice(1, -1).forEach(({ value, standardError }, k) => {
      const first = record.layers[layers - 1].quantiles[k + 1];
      expect(Math.abs(value - first.value)).toBeLessThan(
        4.5 * Math.hypot(standardError, first.standardError) + 0.01 * Math.abs(value),
      );
    });
    expect((await measureAngles(model, { networks: 10, quantiles: [] })).layers[0].quantiles).toEqual([]);
  });

  it("chooses arithmetic that resolves the angles there will be", async () => {
    const executor = async (widths: string, options: object) =>
      (await measureAngles(mlp(widths), { networks: 4, ...options })).executor;
    expect(await executor("2-64x20-1", {})).toBe("law");
    expect(await executor("2-8x200-1", {})).toBe("law-pair");
    expect(await executor("2-64x20-1", { theta0: 1e-13 })).toBe("law-pair");
    expect(await executor("2-8x200-1", { method: "weights" })).toBe("reference");
    const data = matrix(40, 4, normals(stream(1), new Float64Array(160)));
    expect(await executor("4-256x3-1", { data, method: "weights" })).toBe("kernels");
    expect(await executor("4-16x60-1", { data })).toBe("law");
  });

  it("starts from angles as small as inputs can say", async () => {
    for (const theta0 of [1e-9, 1e-12, 1e-100]) {
      const { layers } = await measureAngles(mlp("2-512-1"), { theta0, networks: 200, seed: 2 });
      // One layer of n units leaves a small angle but for a factor, which moves ln sin^2 by -2 / n on average.
      const { value, standardError } = layers[0].logSin2;
      expect(Math.abs(value - 2 * Math.log(theta0) + 2 / 512)).toBeLessThan(4.5 * standardError + 1e-5);
      expect(layers[0].degenerate).toBe(0);
    }
  });

  it("refuses what makes no sense", async () => {
    await expect(measureAngles(mlp("2-4-1"), { theta0: 4 })).rejects.toThrow("an angle between inputs lies in (0, pi], got 4");
    await expect(measureAngles(mlp("1-4-1"), { theta0: 1 })).rejects.toThrow("two values of a single input are at the angle pi");
    await expect(measureAngles(mlp("2-4-1"), { data: matrixFromRows([[1, 2]]) })).rejects.toThrow("at least two points, got 1");
    await expect(measureAngles(mlp("2-4-1"), { quantiles: [0.5, 1.5] })).rejects.toThrow("from 0 to 1, got 1.5");
    await expect(measureAngles(mlp("2-4-1"), { relativeError: -1 })).rejects.toThrow("a number above 0, got -1");
  });
});

describe("twoInputs", () => {
  it("is e1 and cos(theta0) e1 + sin(theta0) e2", () => {
    expect(twoInputs(mlp("3-4-1"), Math.PI).data).toEqual(Float64Array.of(1, 0, 0, -1, 0, 0));
    expect(twoInputs(mlp("1-4-1")).data).toEqual(Float64Array.of(-1, 1));
  });
});
