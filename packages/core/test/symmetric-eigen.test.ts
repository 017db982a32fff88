import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  matrix,
  matrixFromRows,
  multiply,
  normals,
  stream,
  symmetricEigen,
  symmetricEigenvalues,
  transpose,
} from "../src/index.js";

/** A symmetric random matrix. */
function symmetric(n: number, seed: number) {
  const a = matrix(n, n, normals(stream(seed), new Float64Array(n * n)));
  return matrix(
    n,
    n,
    a.data.map((value, k) => value + a.data[(k % n) * n + Math.floor(k / n)]),
  );
}

const sum = (values: ArrayLike<number>, power = 1) => Array.from(values).reduce((total, value) => total + value ** power, 0);

describe("symmetricEigenvalues", () => {
  it("of the second difference matrix are 2 - 2 cos(k pi / (n + 1))", () => {
    const n = 60;
    const rows = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => [2, -1][Math.abs(i - j)] ?? 0));
    symmetricEigenvalues(matrixFromRows(rows)).forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)), 12);
    });
  });

  it("of Hilbert's matrix of order 4 agree with mpmath", () => {
    const rows = Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (_, j) => 1 / (i + j + 1)));
    // mpmath.eigsy(mpmath.hilbert(4), eigvals_only=True) at 30 digits.
    const wanted = [1.5002142800592428, 0.16914122022145003, 0.006738273605760748, 0.0000967023040225868];
    symmetricEigenvalues(matrixFromRows(rows)).forEach((value, k) => {
      expect(Math.abs(value - wanted[k])).toBeLessThan(1e-14);
    });
  });

  it("add up to the trace, and their squares to the squared entries, at any size and scale", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: -120, max: 120 }),
        (n, seed, e) => {
          const m = symmetric(n, seed);
          const scaled = matrix(
            n,
            n,
            m.data.map((value) => value * 10 ** e),
          );
          const values = symmetricEigenvalues(scaled);
          const size =
            Math.sqrt(
              sum(
                scaled.data.map((value) => value / 10 ** e),
                2,
              ),
            ) *
            10 ** e;
          const trace = sum(Array.from({ length: n }, (_, i) => scaled.data[i * n + i]));
          expect(Math.abs(sum(values) - trace)).toBeLessThanOrEqual(1e-13 * n * size);
          expect(
            Math.sqrt(
              sum(
                values.map((value) => value / size),
                2,
              ),
            ),
          ).toBeCloseTo(1, 11);
          for (let k = 1; k < n; k++) expect(values[k]).toBeLessThanOrEqual(values[k - 1]);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it("of A A^T are those of A^T A and zeros", () => {
    const a = matrix(5, 30, normals(stream(3), new Float64Array(150)));
    const [small, large] = [multiply(a, transpose(a)), multiply(transpose(a), a)].map(symmetricEigenvalues);
    large.forEach((value, k) => {
      expect(value).toBeCloseTo(k < 5 ? small[k] : 0, 11);
    });
  });

  it("keeps multiple eigenvalues, zeros and empty matrices", () => {
    expect([...symmetricEigenvalues(matrix(3, 3))]).toEqual([0, 0, 0]);
    expect([...symmetricEigenvalues(matrix(0, 0))]).toEqual([]);
    const ones = matrix(4, 4, new Float64Array(16).fill(1));
    symmetricEigenvalues(ones).forEach((value, k) => {
      expect(value).toBeCloseTo(k === 0 ? 4 : 0, 14);
    });
  });

  it("says what is wrong", () => {
    expect(() => symmetricEigenvalues(matrix(2, 3))).toThrow("eigenvalues need a square matrix, got 2 x 3");
    expect(() => symmetricEigenvalues(matrixFromRows([[Number.NaN]]))).toThrow("eigenvalues need finite entries");
  });
});

describe("symmetricEigen", () => {
  it.each([1, 2, 3, 17, 60])(
    "of size %d rebuilds the matrix, with orthonormal vectors and the eigenvalues by themselves",
    (n) => {
      const m = symmetric(n, n);
      const { values, vectors } = symmetricEigen(m);
      expect(values).toEqual(symmetricEigenvalues(m));
      const scaled = matrix(
        n,
        n,
        vectors.data.map((v, k) => v * values[Math.floor(k / n)]),
      );
      const rebuilt = multiply(transpose(vectors), scaled).data;
      const tolerance = 20 * n * Number.EPSILON * Math.max(...values.map(Math.abs));
      for (const [k, value] of rebuilt.entries()) expect(Math.abs(value - m.data[k])).toBeLessThan(tolerance);
      const products = multiply(vectors, transpose(vectors)).data;
      for (const [k, value] of products.entries())
        expect(Math.abs(value - (k % (n + 1) === 0 ? 1 : 0))).toBeLessThan(20 * n * Number.EPSILON);
    },
  );

  it("keeps multiple eigenvalues and empty matrices", () => {
    const ones = matrix(4, 4, new Float64Array(16).fill(1));
    const { values, vectors } = symmetricEigen(ones);
    expect(values[0]).toBeCloseTo(4, 14);
    for (let k = 0; k < 4; k++) expect(Math.abs(vectors.data[k])).toBeCloseTo(0.5, 14);
    expect(symmetricEigen(matrix(0, 0)).values).toHaveLength(0);
  });
});
