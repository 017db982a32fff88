import type { Address, MemoryViews } from "./memory.js";

/** The 128 bits that name a random stream of `@sonde/core`. */
export interface StreamName {
  readonly k0: number;
  readonly k1: number;
  readonly s0: number;
  readonly s1: number;
}

/** Four streams side by side: uint32 k0[4], k1[4], s0[4], s1[4], 64 bytes. */
export interface StreamKernels {
  /** Writes four stream names. */
  readonly setStreams: (address: Address, streams: readonly StreamName[]) => void;
  /** out = the children first, first + 1, first + 2, first + 3 of one stream (core's `split`), one a lane; `first` from 0 to 2^52 - 4. */
  readonly roots: (base: StreamName, first: number, out: Address) => void;
  /** out = the child `index` (0 to 2^52 - 1) of each of the four streams (core's `split`); `out` may be `streams`. */
  readonly split: (streams: Address, index: number, out: Address) => void;
}

export interface StreamModule {
  roots(k0: number, k1: number, s0: number, s1: number, first: number, out: number): void;
  split(streams: number, index: number, out: number): void;
}

export function streamKernels(module: StreamModule, { ints }: MemoryViews): StreamKernels {
  return {
    setStreams(address, streams) {
      if (streams.length !== 4) throw new RangeError(`the kernels work on four streams at a time, got ${streams.length}`);
      const words = ints(address, 16);
      streams.forEach(({ k0, k1, s0, s1 }, lane) => {
        [k0, k1, s0, s1].forEach((word, i) => {
          words[4 * i + lane] = word;
        });
      });
    },
    roots: ({ k0, k1, s0, s1 }, first, out) => module.roots(k0, k1, s0, s1, first, out),
    split: module.split,
  };
}
