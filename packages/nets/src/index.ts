export type { Architecture, Layer, LayerInit, Padding } from "./architecture.js";
