import { type ShapedLayer, size } from "@sonde/nets";
import type { Range } from "./input-field.js";

/** Rows and columns of a kernel. */
export interface KernelBlock {
  readonly rows: Range;
  readonly cols: Range;
}

/** Pairs of points in a block. */
export function area({ rows, cols }: KernelBlock): number {
  return (rows.last - rows.first) * (cols.last - cols.first);
}

export interface BlockPlan {
  readonly across: boolean;
  readonly ntk: boolean;
  readonly memory: number;
  readonly symmetric: boolean;
  readonly shape: readonly number[];
}

/** Blocks that cover the kernel, or its half on and above the diagonal, each of a bounded size. */
export function kernelBlocks(
  layers: readonly ShapedLayer[],
  rows: number,
  cols: number,
  { across, ntk, memory, symmetric, shape }: BlockPlan,
): KernelBlock[] {
  // Kernels, and copies of them that linear layers and blocks of layers make.
  const positions = mostPositions(layers, shape);
  const perPair = (across ? positions * positions : positions) * 8 * (ntk ? 2 : 1) * (3 + depthOf(layers));
  const pairs = Math.max(1, Math.floor(memory / perPair));
  const width = Math.min(cols, pairs);
  const height = Math.max(1, Math.min(rows, Math.floor(pairs / width), symmetric ? 64 : rows));
  const blocks: KernelBlock[] = [];
  for (let i = 0; i < rows; i += height)
    for (let j = symmetric ? i : 0; j < cols; j += width)
      blocks.push({ rows: { first: i, last: Math.min(rows, i + height) }, cols: { first: j, last: Math.min(cols, j + width) } });
  return blocks;
}

/** The most positions that any layer sees. */
function mostPositions(layers: readonly ShapedLayer[], shape: readonly number[]): number {
  return layers.reduce(
    (most, { output, branches }) => Math.max(most, mostPositions(branches.flat(), output)),
    size(shape.slice(0, -1)),
  );
}

/** How deep blocks of layers lie in one another. */
function depthOf(layers: readonly ShapedLayer[]): number {
  return layers.reduce((deepest, { branches }) => Math.max(deepest, branches.length > 0 ? 1 + depthOf(branches.flat()) : 0), 0);
}
