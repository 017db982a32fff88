import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { describe, expect, it } from "vitest";
import { activationArray, matrix, pointRows } from "../src/index.js";

const data = Float64Array.from({ length: 24 }, (_, i) => i);

describe("pointRows", () => {
  it("flattens positions and channels of every point, without copying", () => {
    const rows = pointRows({ shape: [2, 3, 4], data });
    expect([rows.rows, rows.cols]).toEqual([2, 12]);
    expect(rows.data).toBe(data);
  });

  it("takes matrices, rows and tensors too", () => {
    expect(pointRows(matrix(4, 6, data))).toEqual({ rows: 4, cols: 6, data });
    expect(pointRows([[1, 2]]).data).toEqual(Float64Array.of(1, 2));
    expect(pointRows(tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])).data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(pointRows(tf.tensor([1, 0], [2, 1], "bool")).data).toEqual(Float64Array.of(1, 0));
  });
});

describe("activationArray", () => {
  it("refuses what are no activations, and says what would be", () => {
    expect(() => activationArray({ shape: [24], data })).toThrow("[points, units] or [points, ...positions, channels], got [24]");
    expect(() => activationArray([[1, Number.NaN]])).toThrow("finite numbers, got NaN at index 1");
    expect(() => activationArray({ shape: [2, 3], data })).toThrow("of shape [2, 3] are 6 values, got 24");
    expect(() => activationArray(null as never)).toThrow("expected activations as a matrix");
    expect(() => activationArray({ shape: [1, 1], data: [1] } as never)).toThrow("Float64Array or Float32Array");
    expect(() => activationArray(tf.complex([[1]], [[2]]) as never)).toThrow("got complex64");
  });
});
