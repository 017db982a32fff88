import { type Arena, arena } from "./arena.js";
import { type Address, type MemoryViews, memoryViews } from "./ensemble/memory.js";
import { wasm } from "./generated/gram-wasm.js";
import { compile, instantiate, type WasmMemory } from "./instantiate.js";
import { withNative } from "./native.js";

/** How many vectors a panel holds: 32 bytes of numbers. */
export const panelVectors = { float32: 8, float64: 4 } as const;

export type GramPrecision = keyof typeof panelVectors;

/** Where vectors lie in rows of `stride` bytes, how they are shifted and scaled, and where their panels go. */
export interface PackOptions {
  readonly x: Address;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** Numbers of a vector. */
  readonly length: number;
  readonly vectors: number;
  /** Subtracted from, and multiplied with, every vector's numbers (`packColumns`: one for each vector, with room for whole panels; `packRows`: one for each entry). */
  readonly shifts: Address;
  readonly scales: Address;
  /** Room for `panelBytes(vectors, length)`. */
  readonly out: Address;
}

/**
 * How products lie: `rows`, [vectors of a][vectors of b]; or `panels`, [panels of b][vectors of a][vectors of a panel], which is faster where there are many: what is written next lies next to what
 * was written before.
 */
export type ProductLayout = "rows" | "panels";

/** Rows of a matrix that are looked at column by column. */
export interface ColumnBlock {
  /** Numbers of the precision, [rows][columns]. */
  readonly x: Address;
  readonly rows: number;
  readonly columns: number;
  /** What all of them are multiplied with. */
  readonly factor: number;
}

/** Products of vectors with each other, in one precision, and what is asked about columns before; sums are float64. */
export interface GramKernels extends Arena, MemoryViews {
  readonly precision: GramPrecision;
  /** Bytes of the panels of so many vectors. */
  readonly panelBytes: (vectors: number, length: number) => number;
  /** Panels of the columns of a block of rows. */
  readonly packColumns: (options: PackOptions) => void;
  /** Panels of the rows. */
  readonly packRows: (options: PackOptions) => void;
  /**
   * out += A B^T in float64, for whole panels of a and of b. In float64 every entry adds its products in order, the bits of the plainest loop; in float32 each call sums its products over `length` in
   * float32 first, so it wants short calls (256). Where both are the same panels, only the panels on and above the diagonal are computed. Default layout: `rows`.
   */
  readonly multiply: (
    a: { readonly panels: Address; readonly vectors: number },
    b: { readonly panels: Address; readonly vectors: number },
    length: number,
    out: Address,
    layout?: ProductLayout,
  ) => void;
  /** Widens the columns' ranges, `lowest` and `highest` [columns] in the precision, by a block (without its factor), and adds its rows, with the factor, to `sums` f64 [columns]. */
  readonly ranges: (
    block: ColumnBlock,
    to: { readonly lowest: Address; readonly highest: Address; readonly sums: Address },
  ) => void;
  /**
   * With d = factor x - shifts: adds d^2 to `squares`; and to `totals` f64 [3], of every row, q = sum d^2 over the columns, q^2, and (sum d means)^2. `shifts`, `means` and `squares` are f64 [columns].
   */
  readonly spreads: (
    block: ColumnBlock,
    about: { readonly shifts: Address; readonly means: Address },
    to: { readonly squares: Address; readonly totals: Address },
  ) => void;
}

interface GramModule {
  readonly memory: WasmMemory;
  heapBase(): number;
  packColumns32: Pack;
  packRows32: Pack;
  packColumns64: Pack;
  packRows64: Pack;
  multiply32: Multiply;
  multiply64: Multiply;
  ranges32: Ranges;
  ranges64: Ranges;
  spreads32: Spreads;
  spreads64: Spreads;
}

type Pack = (x: number, stride: number, length: number, vectors: number, shifts: number, scales: number, out: number) => void;
type Multiply = (
  a: number,
  panelsA: number,
  b: number,
  panelsB: number,
  length: number,
  out: number,
  row: number,
  panel: number,
  triangle: number,
) => void;
type Ranges = (x: number, rows: number, columns: number, factor: number, lowest: number, highest: number, sums: number) => void;
type Spreads = (
  x: number,
  rows: number,
  columns: number,
  factor: number,
  shifts: number,
  means: number,
  squares: number,
  totals: number,
) => void;

let compiled: object | undefined;

/**
 * A new instance of the Gram kernels, with its own memory. What allocates throws `MemoryLimitError` beyond `memoryLimit` bytes (default and most 1 GiB).
 *
 * @example
 * const kernels = gramKernels("float64");
 * const [x, ones, zeros, panels, out] = [2, 4, 4, 8, 16].map((count) => kernels.allocate(8 * count));
 * kernels.doubles(x, 2).set([3, 4]);
 * kernels.doubles(ones, 4).fill(1);
 * kernels.doubles(zeros, 4).fill(0);
 * kernels.packColumns({ x, stride: 16, length: 1, vectors: 2, shifts: zeros, scales: ones, out: panels });
 * kernels.doubles(out, 16).fill(0);
 * kernels.multiply({ panels, vectors: 2 }, { panels, vectors: 2 }, 1, out);
 * kernels.doubles(out, 2).join() // "9,12"
 */
export function gramKernels(
  precision: GramPrecision,
  { memoryLimit = 2 ** 30 }: { readonly memoryLimit?: number } = {},
): GramKernels {
  compiled ??= compile(wasm);
  const module = withNative("gram", instantiate<GramModule>(compiled));
  const per = panelVectors[precision];
  const [packColumns, packRows, multiply, ranges, spreads] =
    precision === "float32"
      ? [module.packColumns32, module.packRows32, module.multiply32, module.ranges32, module.spreads32]
      : [module.packColumns64, module.packRows64, module.multiply64, module.ranges64, module.spreads64];
  const pack =
    (kernel: Pack) =>
    ({ x, stride, length, vectors, shifts, scales, out }: PackOptions): void =>
      kernel(x, stride, length, vectors, shifts, scales, out);
  return {
    ...arena(module.memory, module.heapBase(), Math.min(memoryLimit, 2 ** 30)),
    ...memoryViews(module.memory),
    precision,
    panelBytes: (vectors, length) => 32 * Math.ceil(vectors / per) * length,
    packColumns: pack(packColumns),
    packRows: pack(packRows),
    multiply(a, b, length, out, layout = "rows") {
      const [panelsA, panelsB] = [Math.ceil(a.vectors / per), Math.ceil(b.vectors / per)];
      // Bytes from a vector of a to the next, and from a panel of b to the next.
      const [row, panel] = layout === "rows" ? [8 * per * panelsB, 8 * per] : [8 * per, 8 * per * per * panelsA];
      multiply(a.panels, panelsA, b.panels, panelsB, length, out, row, panel, a.panels === b.panels ? 1 : 0);
    },
    ranges: ({ x, rows, columns, factor }, { lowest, highest, sums }) => ranges(x, rows, columns, factor, lowest, highest, sums),
    spreads: ({ x, rows, columns, factor }, { shifts, means }, { squares, totals }) =>
      spreads(x, rows, columns, factor, shifts, means, squares, totals),
  };
}
