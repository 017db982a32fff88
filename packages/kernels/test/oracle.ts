import type { StreamName } from "../src/index.js";
import { mathModule } from "../src/index.js";

/** Four streams with nothing in common. */
export const streams: readonly StreamName[] = [
  { k0: 1, k1: 2, s0: 3, s1: 4 },
  { k0: 0xffffffff, k1: 0, s0: 0x80000000, s1: 7 },
  { k0: 0, k1: 0, s0: 0, s1: 0 },
  { k0: 0x9e3779b9, k1: 0xbb67ae85, s0: 0xdeadbeef, s1: 0xffffffff },
];

/** Draws first, first + 1, ... of a stream in float64, from the kernel behind core's `normal` and `uniform` (which core tests on its own). */
export function exactDraws(
  law: "normal" | "uniform",
  { k0, k1, s0, s1 }: StreamName,
  first: number,
  count: number,
): Float64Array {
  const { normals, uniforms, drawBuffer, memory } = mathModule();
  const [kernel, perBlock] = law === "normal" ? [normals, 4] : [uniforms, 2];
  const out = new Float64Array(count);
  for (let i = 0; i < count; ) {
    const skip = (first + i) % perBlock;
    kernel(k0, k1, s0, s1, (first + i - skip) / perBlock, 1);
    const block = new Float64Array(memory.buffer, drawBuffer(), perBlock).subarray(skip, skip + count - i);
    out.set(block, i);
    i += block.length;
  }
  return out;
}
