export type { Similarity } from "./bias.js";
export { type GramWorkers, serveGram } from "./gram/parallel.js";
export { layerActivations, type PositionOptions, type Positions } from "./layer-activations.js";
export { measureUnits, measureUnitsParallel, type UnitOptions, type UnitRecord } from "./measure-units.js";
export { constantUnits, effectiveNodes, lengthShare, type VniValue, vni, weightedVni } from "./vni.js";
