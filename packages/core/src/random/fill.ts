import { type MathModule, mathModule } from "@sonde/kernels/math";
import { DomainError } from "../errors.js";
import type { Stream } from "../random.js";

/** Values that the kernel makes in one call, and the module's buffer holds. */
const CHUNK = 4096;

/** Fills `out` with draws from `first` on by a kernel that makes whole blocks of `perBlock` draws in the module's buffer. */
export function fillDraws(
  kernel: MathModule["normals"],
  perBlock: number,
  { k0, k1, s0, s1 }: Stream,
  out: Float64Array,
  first: number,
): Float64Array {
  if (!Number.isSafeInteger(first) || first < 0)
    throw new DomainError(`the first draw is a whole number from 0 to 2^53 - 1, got ${first}`);
  const { drawBuffer, memory } = mathModule();
  const buffer = new Float64Array(memory.buffer, drawBuffer(), CHUNK);
  let skip = first % perBlock;
  let block = (first - skip) / perBlock;
  for (let done = 0; done < out.length; ) {
    const count = Math.min(CHUNK - skip, out.length - done);
    const blocks = Math.ceil((skip + count) / perBlock);
    kernel(k0, k1, s0, s1, block, blocks);
    out.set(buffer.subarray(skip, skip + count), done);
    done += count;
    block += blocks;
    skip = 0;
  }
  return out;
}
