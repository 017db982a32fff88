// The float64 kernels of `@sonde/kernels/law`: four networks at a time, network k of a group in lane k.
export { roots, split } from "../ensemble/streams";
export { activate, activateTangent } from "./activation";
export { basisRows, coordinates } from "./coordinates";
export { drawBytes, drawDense, drawOrthogonal, orthogonalBytes } from "./draw";
export { fillLanes } from "./draws";
export { broadcastLanes, separateLanes } from "./lanes";
export { chainLayer, layer, layerBytes, layerScratch } from "./layer";
export { living } from "./living";
export { addBias } from "./multiply";
export { norm, normTangent } from "./norm";
export { rescale } from "./rescale";
export { add, affine, concat } from "./skip";

/** Where the memory after the module's own data begins. */
export function heapBase(): usize {
  return __heap_base;
}
