// The Gram kernels of `@sonde/kernels/gram`: products of vectors with each other, summed in blocks.
export { multiply32 } from "./multiply32";
export { multiply64 } from "./multiply64";
export { packColumns32, packRows32 } from "./pack32";
export { packColumns64, packRows64 } from "./pack64";

/** Where the memory after the module's own data begins. */
export function heapBase(): usize {
  return __heap_base;
}
