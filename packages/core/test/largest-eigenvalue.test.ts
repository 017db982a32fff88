import { expect, it } from "vitest";
import { largestEigenvalue, matrixFromRows, symmetricEigenvalues, topOfTridiagonal } from "../src/index.js";

it("the largest eigenvalue comes with a residual that bounds its error, equal and clustered eigenvalues included", () => {
  const spectra = [
    [1, 1, 1, 1],
    [1, 1 - 1e-9, 0.5, 0.1],
    [5, 0, 0, 0],
    [0, 0, 0, 0],
    Array.from({ length: 60 }, (_, k) => 60 - k),
  ];
  for (const spectrum of spectra) {
    const { value, residual } = largestEigenvalue(spectrum.length, (v, out) => {
      v.forEach((x, i) => {
        out[i] = spectrum[i] * x;
      });
    });
    expect(Math.abs(value - Math.max(...spectrum))).toBeLessThanOrEqual(residual + 1e-13);
    expect(residual).toBeLessThanOrEqual(1e-8 * Math.max(...spectrum) + 1e-300);
  }
});

it("the top of a tridiagonal matrix is that of all eigenvalues, with the last entry of its eigenvector", () => {
  const [diagonal, below] = [
    [3, 2, 5, 1],
    [1, 0.5, 2],
  ];
  const rows = diagonal.map((_, i) => diagonal.map((d, j) => (i === j ? d : Math.abs(i - j) === 1 ? below[Math.min(i, j)] : 0)));
  const { value, last } = topOfTridiagonal(diagonal, below);
  expect(value).toBeCloseTo(symmetricEigenvalues(matrixFromRows(rows))[0], 13);
  // The eigenvector from the last entry upwards.
  const v = [0, 0, 0, 1];
  v[2] = ((value - 1) * v[3]) / 2;
  v[1] = ((value - 5) * v[2] - 2 * v[3]) / 0.5;
  v[0] = ((value - 2) * v[1] - 0.5 * v[2]) / 1;
  expect(Math.abs(last)).toBeCloseTo(1 / Math.hypot(...v), 12);
});
