export type { Initialiser, InitialiserContext, LayerParameters, LayerShape } from "./types.js";
