import type { WasmMemory } from "../instantiate.js";

/** Where a block of values lies in the kernels' memory: a byte address, a multiple of 16. */
export type Address = number;

/** Views of the kernels' memory; valid until the next `allocate`. `length` counts elements. */
export interface MemoryViews {
  readonly floats: (address: Address, length: number) => Float32Array;
  readonly doubles: (address: Address, length: number) => Float64Array;
  readonly ints: (address: Address, length: number) => Int32Array;
  readonly bytes: (address: Address, length: number) => Uint8Array;
}

export function memoryViews(memory: WasmMemory): MemoryViews {
  return {
    floats: (address, length) => new Float32Array(memory.buffer, address, length),
    doubles: (address, length) => new Float64Array(memory.buffer, address, length),
    ints: (address, length) => new Int32Array(memory.buffer, address, length),
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
  };
}
