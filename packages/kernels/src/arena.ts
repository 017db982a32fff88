import type { WasmMemory } from "./instantiate.js";

const PAGE = 65536;

/** A line of the caches, and the longest vector: what begins within one would lie across two with every load. */
const LINE = 64;

/** The kernels' memory is used up. */
export class MemoryLimitError extends RangeError {
  override readonly name = "MemoryLimitError";
}

/** Allocation by moving a mark: memory is handed out upwards and given back by moving the mark down again. */
export interface Arena {
  /**
   * The address of `bytes` new bytes, a multiple of 64; their contents are arbitrary. May grow the memory, which detaches every view made before. Throws
   * `MemoryLimitError` beyond the limit.
   */
  readonly allocate: (bytes: number) => number;
  /** Where the next allocation begins; pass it to `release`. */
  readonly mark: () => number;
  /** Gives back everything allocated since `mark` (by default: everything). */
  readonly release: (mark?: number) => void;
}

/** An arena over a module's memory from address `base` on, which lets it grow up to `limit` bytes. */
export function arena(memory: WasmMemory, base: number, limit: number): Arena {
  const start = Math.ceil(base / LINE) * LINE;
  let top = start;
  return {
    allocate(bytes) {
      const address = top;
      const end = address + Math.ceil(bytes / LINE) * LINE;
      if (!(bytes >= 0 && end <= limit))
        throw new MemoryLimitError(
          `the kernels would need ${Math.ceil(end / 2 ** 20)} MiB of memory and may use ${Math.floor(limit / 2 ** 20)} MiB: take fewer points or fewer units at a time`,
        );
      if (end > memory.buffer.byteLength) grow(memory, end, limit);
      top = end;
      return address;
    },
    mark: () => top,
    release(mark = start) {
      top = mark;
    },
  };
}

/** Grows by at least half, so that many small steps do not copy the memory again and again. */
function grow(memory: WasmMemory, needed: number, limit: number): void {
  const now = memory.buffer.byteLength;
  const target = Math.min(limit, Math.max(needed, now * 1.5));
  try {
    memory.grow(Math.ceil((target - now) / PAGE));
  } catch {
    throw new MemoryLimitError(
      `the machine did not give the kernels ${Math.ceil(target / 2 ** 20)} MiB of memory: take fewer points or fewer units at a time`,
    );
  }
}
