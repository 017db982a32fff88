import { addProduct, type Reals } from "@sonde/core";

/** The product of row-major matrices `[n, k] [k, m] -> [n, m]`. With `transposed` b is given as `[m, k]`. */
export function product(
  a: Reals,
  b: Reals,
  sizes: readonly [n: number, k: number, m: number],
  options: { readonly transposed?: boolean } = {},
): Float64Array {
  const out = new Float64Array(sizes[0] * sizes[2]);
  addProduct(a, b, out, sizes, options);
  return out;
}

/** A matrix `[rows, cols]` on its side. */
export function turned(a: Reals, rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  const block = 32;
  for (let i = 0; i < rows; i += block)
    for (let j = 0; j < cols; j += block)
      for (let r = i; r < Math.min(rows, i + block); r++)
        for (let c = j; c < Math.min(cols, j + block); c++) out[c * rows + r] = a[r * cols + c];
  return out;
}
