import { matrix, normals, split, stream } from "@sonde/core";
import { type Architecture, forward, mlp, randomNetwork } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { localVni, networkLocalVni, smallCloud, weightedVni } from "../src/index.js";

describe("localVni", () => {
  it("is the inverse participation ratio of the squared singular values, of a matrix and its transpose", () => {
    const diagonal = matrix(3, 3, Float64Array.of(3, 0, 0, 0, 2, 0, 0, 0, 1));
    expect(localVni(diagonal)).toBeCloseTo((81 + 16 + 1) / 14 ** 2, 14);
    const a = matrix(5, 40, normals(stream(2), new Float64Array(200)));
    const t = matrix(40, 5);
    a.data.forEach((value, k) => {
      t.data[(k % 40) * 5 + Math.floor(k / 40)] = value;
    });
    expect(localVni(a)).toBeCloseTo(localVni(t), 13);
    expect(localVni([[2]])).toBe(1);
    expect(localVni(matrix(4, 4))).toBeNaN();
  });

  it("of an orthogonal linear network is 1/N, and 1/d for d inputs", () => {
    const random = stream(5);
    for (const [inputs, model] of [
      [16, "16-16x6-1"],
      [3, "3-16x6-1"],
    ] as const) {
      const network = randomNetwork(mlp(model, { activation: "linear", init: "orthogonal" }), random);
      for (const value of networkLocalVni(network, new Float64Array(inputs).fill(0.5))) expect(value).toBeCloseTo(1 / inputs, 12);
    }
  });

  it.each(["relu", "tanh", "gelu"])("is what a small cloud of points has: %s", (activation) => {
    const network = randomNetwork(mlp("12-20x4-1", { activation, bias: "normal:0.1" }), stream(3));
    const x = normals(stream(8), new Float64Array(12));
    const exact = networkLocalVni(network, x);
    const cloud = smallCloud(x, { points: 4000, radius: 1e-7, random: stream(9) });
    forward(network, cloud, {
      observe: ({ layer, activations }) => {
        // The relative error of 4000 points: about 2 sqrt(1 / M).
        expect(weightedVni(activations).value / exact[layer - 1]).toBeGreaterThan(1 - 5 * 2 * Math.sqrt(1 / 4000));
        expect(weightedVni(activations).value / exact[layer - 1]).toBeLessThan(1 + 5 * 2 * Math.sqrt(1 / 4000));
      },
    });
  });

  it("from random directions is unbiased: the average over many draws", () => {
    const network = randomNetwork(mlp("30-30x3-1"), stream(1));
    const x = normals(stream(2), new Float64Array(30));
    const [, , exact] = networkLocalVni(network, x);
    const jacobian = matrix(30, 30);
    const values: number[] = [];
    // J of the last layer, by differences small enough that no unit crosses its kink.
    const shift = 1e-7;
    const moved = matrix(31, 30);
    for (let k = 0; k < moved.data.length; k++) moved.data[k] = x[k % 30] + (Math.floor(k / 30) === k % 30 ? shift : 0);
    forward(network, moved, {
      observe: ({ layer, activations: { data } }) => {
        if (layer === 3) for (let k = 0; k < 900; k++) jacobian.data[k] = (data[k] - data[900 + (k % 30)]) / shift;
      },
    });
    expect(localVni(jacobian)).toBeCloseTo(exact, 5);
    for (let draw = 0; draw < 400; draw++) {
      const directions = normals(split(stream(7), draw), new Float64Array(20 * 30));
      const images = matrix(20, 30);
      for (let d = 0; d < 20; d++)
        for (let i = 0; i < 30; i++)
          for (let u = 0; u < 30; u++) images.data[d * 30 + u] += directions[d * 30 + i] * jacobian.data[i * 30 + u];
      values.push(localVni(images, { random: true }));
    }
    const mean = values.reduce((a, b) => a + b) / values.length;
    const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1));
    // A ratio of unbiased estimators has a bias of a few 1 / directions^2 of itself.
    expect(Math.abs(mean - exact)).toBeLessThan(4.5 * (sd / Math.sqrt(values.length)) + (3 * exact) / 20 ** 2);
  });

  it("of a dead layer is NaN, and what does not fit is said", () => {
    const architecture: Architecture = {
      input: [2],
      layers: [
        { kind: "dense", units: 2 },
        { kind: "activation", activation: "relu" },
        { kind: "dense", units: 1 },
      ],
    };
    const hidden = { weights: matrix(2, 2), bias: Float64Array.of(-1, -1) };
    const dead = { architecture, parameters: [hidden, { weights: matrix(2, 1), bias: Float64Array.of(0) }] };
    expect(networkLocalVni(dead, [1, 2])).toEqual([Number.NaN]);
    expect(() => networkLocalVni(dead, [1])).toThrow("the network takes 2 values, got an input of 1");
    expect(() => smallCloud([1], { points: 3, radius: 1, random: stream(0) })).toThrow("at least 4 points, got 3");
    expect(() => smallCloud([1], { points: 4, radius: 0, random: stream(0) })).toThrow("finite number above 0, got 0");
    expect(() => smallCloud([Number.NaN], { points: 4, radius: 1, random: stream(0) })).toThrow("finite values");
  });
});
