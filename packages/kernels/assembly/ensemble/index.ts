// The float32 kernels of `@sonde/kernels/ensemble`: four networks at a time, network k of a group in lane k.
export { activate } from "./activation";
export { biasGradient, inputGradient, squareSums, takeChannels, weightGradient } from "./backward";
export { channelSums, covarianceProduct } from "./channels";
export { conv, convVectors, convWith } from "./conv";
export { dense, denseWith, panelVectors } from "./dense";
export { contiguousNormals, drawBuffer, fillLanes } from "./draws";
export { addBias, chainLayer, layer, layerBytes } from "./layer";
export { living } from "./living";
export { norm, normGradient, normTangent } from "./norm";
export { averagePool, maxPool } from "./pool";
export { alivePoints, aliveUnits, broadcastLanes, rescale, separateLanes } from "./reduce";
export { add, affine, concat } from "./skip";
export { activateTangent, multiplySlopes } from "./slopes";
export { roots, split } from "./streams";
export { averagePoolGradient, gatherWindows, maxPoolGradient, scatterWindows } from "./windows";

/** Where the memory after the module's own data begins. */
export function heapBase(): usize {
  return __heap_base;
}
