import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, multiply, multiplyByTransposed, normals, split, stream, transpose } from "../src/index.js";

function random(rows: number, cols: number, seed: number): Matrix<Float64Array> {
  return matrix(rows, cols, normals(split(stream(9), seed), new Float64Array(rows * cols)));
}

/** Each entry adds its products one after the other. */
function plain(a: Matrix, b: Matrix): Matrix<Float64Array> {
  const result = matrix(a.rows, b.cols);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.cols; j++)
      for (let k = 0; k < a.cols; k++) result.data[i * b.cols + j] += a.data[i * a.cols + k] * b.data[k * b.cols + j];
  return result;
}

describe("multiply", () => {
  it("gives the bits of the plain loop for every size, in WebAssembly or not", () => {
    const length = fc.integer({ min: 0, max: 70 });
    fc.assert(
      fc.property(length, length, length, fc.boolean(), (n, k, m, narrow) => {
        const [left, b] = [random(n, k, 1), random(k, m, 2)];
        const a: Matrix = narrow ? matrix(n, k, Float32Array.from(left.data)) : left;
        expect(multiply(a, b).data).toEqual(plain(a, b).data);
        expect(multiplyByTransposed(a, transpose(b)).data).toEqual(plain(a, b).data);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it.each([
    [257, 300, 5],
    [4, 513, 260],
    [600, 40, 257],
  ])("over several blocks too: %i x %i by %i", (n, k, m) => {
    const [a, b] = [random(n, k, 3), random(k, m, 4)];
    expect(multiply(a, b).data).toEqual(plain(a, b).data);
    expect(multiplyByTransposed(a, transpose(b)).data).toEqual(plain(a, b).data);
  });

  it("takes matrices whose inner sizes agree", () => {
    expect(() => multiply(random(2, 3, 1), random(2, 3, 2))).toThrow("cannot multiply 2 x 3 by 2 x 3: the inner sizes differ");
    expect(() => multiplyByTransposed(random(2, 3, 1), random(3, 2, 2))).toThrow(
      "cannot multiply 2 x 3 by a transposed 3 x 2: the inner sizes differ",
    );
  });

  it("keeps infinities and NaN where they belong", () => {
    const [a, b] = [random(40, 40, 5), random(40, 40, 6)];
    a.data[40 * 7 + 3] = Number.POSITIVE_INFINITY;
    const { data } = multiply(a, b);
    data.forEach((value, k) => {
      expect(Number.isFinite(value)).toBe(Math.floor(k / 40) !== 7);
    });
  });
});
