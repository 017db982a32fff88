// The float32 kernels of `@sonde/kernels/ensemble`: four networks at a time, network k of a group in lane k.
export { activate } from "./activation";
export { dense, denseWith, panelVectors } from "./dense";
export { contiguousNormals, drawBuffer, fillLanes } from "./draws";
export { alivePoints, aliveUnits, broadcastLanes, rescale, separateLanes } from "./reduce";

/** Where the memory after the module's own data begins. */
export function heapBase(): usize {
  return __heap_base;
}
