import { type GramKernels, gramKernels } from "@sonde/kernels/gram";
import type { Reals } from "../matrix.js";

/** Rows, columns and entries of a sum that are worked on at a time. */
const block = 256;

let instance: GramKernels | undefined;

/**
 * out `[n, m]` += a `[n, k]` b `[k, m]`, row-major, in WebAssembly: each entry adds its products in the order of k, so the bits are those of the plain loop. With `transposed` b is given as `[m, k]`.
 */
export function addProduct(
  a: Reals,
  b: Reals,
  out: Float64Array,
  [n, k, m]: readonly [number, number, number],
  { transposed = false }: { readonly transposed?: boolean } = {},
): void {
  instance ??= gramKernels("float64");
  const { allocate, doubles, mark, release, packRows, packColumns, multiply, panelBytes } = instance;
  const start = mark();
  try {
    const [none, one] = [allocate(8 * block), allocate(8 * block)];
    const raw = allocate(8 * block * block);
    const [left, right] = [allocate(panelBytes(block, block)), allocate(panelBytes(block, block))];
    const sums = allocate(8 * block * block);
    doubles(none, block).fill(0);
    doubles(one, block).fill(1);
    /** Copies a block of a matrix to `raw`. */
    const fetch = (from: Reals, cols: number, row: number, rows: number, column: number, columns: number): void => {
      const to = doubles(raw, rows * columns);
      for (let i = 0; i < rows; i++) {
        const at = (row + i) * cols + column;
        to.set(from.subarray(at, at + columns), i * columns);
      }
    };
    for (let j = 0; j < m; j += block) {
      const columns = Math.min(block, m - j);
      const width = 4 * Math.ceil(columns / 4);
      for (let i = 0; i < n; i += block) {
        const rows = Math.min(block, n - i);
        const view = doubles(sums, block * width);
        for (let r = 0; r < rows; r++) view.set(out.subarray((i + r) * m + j, (i + r) * m + j + columns), r * width);
        for (let l = 0; l < k; l += block) {
          const length = Math.min(block, k - l);
          const factors = { x: raw, length, shifts: none, scales: one };
          fetch(a, k, i, rows, l, length);
          packRows({ ...factors, stride: 8 * length, vectors: rows, out: left });
          if (transposed) {
            fetch(b, k, j, columns, l, length);
            packRows({ ...factors, stride: 8 * length, vectors: columns, out: right });
          } else {
            fetch(b, m, l, length, j, columns);
            packColumns({ ...factors, stride: 8 * columns, vectors: columns, out: right });
          }
          multiply({ panels: left, vectors: rows }, { panels: right, vectors: columns }, length, sums);
        }
        for (let r = 0; r < rows; r++) out.set(view.subarray(r * width, r * width + columns), (i + r) * m + j);
      }
    }
  } finally {
    release(start);
  }
}
