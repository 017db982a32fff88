import { describe, expect, it } from "vitest";
import { type GramPrecision, gramKernels, MemoryLimitError, panelVectors } from "../src/index.js";

const precisions = ["float32", "float64"] as const;

/** Some numbers without pattern in [-1, 1). */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(state / 2 ** 31 - 1);
  });
}

/** Products of the shifted and scaled columns (or rows) `a` to `b` of a [rows, cols] matrix, by the kernels in blocks of rows (or columns), and plainly. */
function products(
  precision: GramPrecision,
  byRows: boolean,
  { vectors, length, block }: { vectors: number; length: number; block: number },
) {
  const kernels = gramKernels(precision);
  const bytes = precision === "float32" ? 4 : 8;
  const reals = precision === "float32" ? kernels.floats : kernels.doubles;
  const [rows, cols] = byRows ? [vectors, length] : [length, vectors];
  const values = numbers(rows * cols, 7);
  const [shifts, scales] = [numbers(cols, 3), numbers(cols, 5)];
  const whole = panelVectors[precision] * Math.ceil(vectors / panelVectors[precision]);
  const place = (entries: number[]) => {
    const at = kernels.allocate(bytes * (entries.length + 8));
    reals(at, entries.length).set(entries);
    return at;
  };
  const [x, s, f] = [place(values), place(shifts), place(scales)];
  const panels = kernels.allocate(kernels.panelBytes(vectors, block));
  const copy = kernels.allocate(kernels.panelBytes(vectors, block));
  const [triangle, full] = [kernels.allocate(8 * whole * whole), kernels.allocate(8 * whole * whole)];
  for (const out of [triangle, full]) kernels.doubles(out, whole * whole).fill(0);
  for (let first = 0; first < length; first += block) {
    const some = Math.min(block, length - first);
    const step = byRows ? bytes * first : 0;
    const options = { stride: bytes * cols, length: some, vectors, out: panels };
    if (byRows) kernels.packRows({ ...options, x: x + step, shifts: s + step, scales: f + step });
    else kernels.packColumns({ ...options, x: x + bytes * cols * first, shifts: s, scales: f });
    kernels.bytes(copy, kernels.panelBytes(vectors, some)).set(kernels.bytes(panels, kernels.panelBytes(vectors, some)));
    kernels.multiply({ panels, vectors }, { panels, vectors }, some, triangle);
    kernels.multiply({ panels, vectors }, { panels: copy, vectors }, some, full);
  }
  const entry = (v: number, k: number) => {
    const [r, c] = byRows ? [v, k] : [k, v];
    return (values[r * cols + c] - shifts[c]) * scales[c];
  };
  const wanted = (i: number, j: number) =>
    i < vectors && j < vectors ? Array.from({ length }, (_, k) => entry(i, k) * entry(j, k)).reduce((a, b) => a + b, 0) : 0;
  return { whole, wanted, triangle: kernels.doubles(triangle, whole * whole), full: kernels.doubles(full, whole * whole) };
}

describe.each(precisions)("the Gram kernels in %s", (precision) => {
  const tolerance = precision === "float32" ? 1e-5 : 1e-13;
  it.each([
    { vectors: 1, length: 1, block: 1 },
    { vectors: 5, length: 7, block: 3 },
    { vectors: 16, length: 40, block: 16 },
    { vectors: 21, length: 33, block: 33 },
  ])("multiply $vectors vectors of length $length in blocks of $block", (sizes) => {
    for (const byRows of [false, true]) {
      const { whole, wanted, triangle, full } = products(precision, byRows, sizes);
      const per = panelVectors[precision];
      for (let i = 0; i < whole; i++)
        for (let j = 0; j < whole; j++) {
          const exact = wanted(i, j);
          expect(Math.abs(full[i * whole + j] - exact)).toBeLessThan(tolerance * (1 + Math.abs(exact)) * sizes.length);
          if (Math.floor(j / per) >= Math.floor(i / per)) expect(triangle[i * whole + j]).toBe(full[i * whole + j]);
          else expect(triangle[i * whole + j]).toBe(0);
        }
    }
  });
});

it.each(precisions)("products in %s lie in panels where they are asked to", (precision) => {
  const kernels = gramKernels(precision);
  const per = panelVectors[precision];
  const [a, b, length] = [per + 1, 3 * per - 2, 5];
  const [height, width] = [2 * per, 3 * per];
  const reals = precision === "float32" ? kernels.floats : kernels.doubles;
  const panels = [a, b].map((vectors, k) => {
    const at = kernels.allocate(kernels.panelBytes(vectors, length));
    const count = per * Math.ceil(vectors / per) * length;
    reals(at, count).set(numbers(count, k));
    return { panels: at, vectors };
  });
  const [rows, columns] = [0, 1].map(() => kernels.allocate(8 * height * width));
  for (const out of [rows, columns]) kernels.doubles(out, height * width).fill(0);
  kernels.multiply(panels[0], panels[1], length, rows);
  kernels.multiply(panels[0], panels[1], length, columns, "panels");
  const [row, panel] = [kernels.doubles(rows, height * width), kernels.doubles(columns, height * width)];
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) expect(panel[(Math.floor(j / per) * height + i) * per + (j % per)]).toBe(row[i * width + j]);
});

it.each(precisions)("ranges and spreads of columns in %s are those of plain loops", (precision) => {
  const kernels = gramKernels(precision);
  const bytes = precision === "float32" ? 4 : 8;
  const reals = precision === "float32" ? kernels.floats : kernels.doubles;
  const [rows, columns, factor] = [7, 19, 0.25];
  const place = (values: ArrayLike<number>, width = 8) => {
    const at = kernels.allocate(width * values.length);
    (width === 8 ? kernels.doubles : kernels.floats)(at, values.length).set(values);
    return at;
  };
  const values = numbers(rows * columns, 3);
  const [shifts, means, zeros] = [numbers(columns, 4), numbers(columns, 5), Array(columns).fill(0)];
  const x = place(values, bytes);
  const [lowest, highest] = [0, 1].map(() => place(values.slice(0, columns), bytes));
  const [sums, squares, totals] = [zeros, zeros, [0, 0, 0]].map((start) => place(start));
  const about = { shifts: place(shifts), means: place(means) };
  // In two blocks.
  for (const [first, some] of [
    [0, 4],
    [4, 3],
  ]) {
    const block = { x: x + bytes * columns * first, rows: some, columns, factor };
    kernels.ranges(block, { lowest, highest, sums });
    kernels.spreads(block, about, { squares, totals });
  }
  const all = [0, 0, 0];
  for (let p = 0; p < rows; p++) {
    const row = values.slice(p * columns, (p + 1) * columns);
    const d = row.map((value, u) => value * factor - shifts[u]);
    const own = d.reduce((sum, v) => sum + v * v, 0);
    all[0] += own;
    all[1] += own * own;
    all[2] += d.reduce((sum, v, u) => sum + v * means[u], 0) ** 2;
  }
  for (let u = 0; u < columns; u++) {
    const column = values.filter((_, k) => k % columns === u);
    expect(reals(lowest, columns)[u]).toBe(Math.min(...column));
    expect(reals(highest, columns)[u]).toBe(Math.max(...column));
    expect(kernels.doubles(sums, columns)[u]).toBe(column.reduce((sum, v) => sum + v * factor, 0));
    expect(kernels.doubles(squares, columns)[u]).toBe(column.reduce((sum, v) => sum + (v * factor - shifts[u]) ** 2, 0));
  }
  all.forEach((total, k) => {
    expect(Math.abs(kernels.doubles(totals, 3)[k] - total)).toBeLessThan(1e-14 * total * columns);
  });
});

it("the Gram kernels do not grow beyond their limit", () => {
  expect(() => gramKernels("float32", { memoryLimit: 2 ** 20 }).allocate(2 ** 21)).toThrow(MemoryLimitError);
});
