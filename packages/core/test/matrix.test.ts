import { describe, expect, it } from "vitest";
import { magnitude, matrix, matrixFromRows, multiply, quote, row, ShapeError, transpose } from "../src/index.js";

const rows = [
  [1, 2, 3],
  [4, 5, 6],
];

describe("a matrix", () => {
  it("is zero without data and keeps the data it is given", () => {
    expect([...matrix(2, 2).data]).toEqual([0, 0, 0, 0]);
    const data = new Float32Array(6);
    expect(matrix(2, 3, data).data).toBe(data);
    expect(matrix(0, 5).data.length).toBe(0);
  });

  it("has rows that are views", () => {
    const m = matrixFromRows(rows);
    row(m, 1)[0] = 40;
    expect(m.data[3]).toBe(40);
  });

  it("transposed twice is itself", () => {
    const m = matrixFromRows(rows);
    expect([...transpose(m).data]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(transpose(transpose(m))).toEqual(m);
  });

  it("is multiplied like one", () => {
    const m = matrixFromRows(rows);
    const product = [
      [14, 32],
      [32, 77],
    ];
    expect(multiply(m, transpose(m))).toEqual(matrixFromRows(product));
  });

  it("says which sizes do not fit", () => {
    expect(() => matrix(-1, 2)).toThrow(new ShapeError("a matrix needs whole, non-negative sizes, got -1 x 2"));
    expect(() => matrix(2, 2, new Float64Array(3))).toThrow(new ShapeError("a 2 x 2 matrix needs 4 values, got 3"));
    expect(() => matrixFromRows([[1], [1, 2]])).toThrow(
      new ShapeError("every row needs 1 values like the first, but row 2 has 2"),
    );
    expect(() => multiply(matrix(1, 2), matrix(3, 1))).toThrow(
      new ShapeError("cannot multiply 1 x 2 by 3 x 1: the inner sizes differ"),
    );
  });
});

describe("quote", () => {
  it("keeps messages printable and short", () => {
    expect(quote("a\u001b[31m\n")).toBe('"a\ufffd[31m\ufffd"');
    expect(quote("x".repeat(1000))).toBe(`"${"x".repeat(79)}…"`);
  });
});

describe("the magnitude of values", () => {
  it.each([
    [[0.25], -2],
    [[0, -5, 3], 2],
    [[2 ** -1070], -1070],
    [[0, 0], Number.NEGATIVE_INFINITY],
    [[1, Number.NaN], Number.NaN],
    [[1, Number.POSITIVE_INFINITY], Number.NaN],
  ])("of %j is %d", (values, expected) => {
    expect(magnitude(values)).toBe(expected);
  });
});
