// The Gram kernels of `@sonde/kernels/gram`: products of vectors with each other, summed in blocks.
export { multiply32 } from "./multiply32";
export { multiply64 } from "./multiply64";
export { packColumns32, packColumns64, packRows32, packRows64 } from "./pack";
export { ranges32, ranges64, spreads32, spreads64 } from "./statistics";

/** Where the memory after the module's own data begins. */
export function heapBase(): usize {
  return __heap_base;
}
