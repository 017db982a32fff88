import type { Axis } from "../figure.js";

/** The layers of a record along x. */
export const layerAxis: Axis = { label: "hidden layer", whole: true };

/** Their numbers. */
export function layerNumbers(layers: readonly { readonly layer: number }[]): number[] {
  return layers.map(({ layer }) => layer);
}
