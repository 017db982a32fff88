export { type Bias, parseBias } from "./bias.js";
export type { Distribution } from "./distribution.js";
export { independent } from "./independent.js";
export { type InitialiserSpec, initialiser, initialiserNames } from "./initialiser.js";
export { fanIn, fanOut } from "./layer-shape.js";
export type { Initialiser, InitialiserContext, LayerParameters, LayerShape } from "./types.js";
export { glorot, he, lecun, type VarianceRule } from "./variance-rules.js";
