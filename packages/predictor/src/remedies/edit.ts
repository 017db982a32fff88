export { type Chain, chainOf, mapLayers, reinitialised, someLayer } from "@sonde/nets";
