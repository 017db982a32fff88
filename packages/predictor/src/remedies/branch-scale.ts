import { type Architecture, type Layer, mapBranches, someLayer } from "@sonde/nets";
import type { Remedy } from "./remedy.js";

/** Factors at the end of residual branches. */
export const branchScales: readonly Remedy[] = [
  {
    name: "small-branches",
    family: "scale",
    cost: "a factor in every residual unit",
    leaves: "each branch adds its share, so that the signal grows by a factor e in all instead of doubling in every unit",
    change: (architecture) => {
      const units = residualUnits(architecture.layers);
      if (units < 2) return undefined;
      const scale = Number((1 / Math.sqrt(units)).toPrecision(4));
      return scaled(architecture, scale, `residual branches times ${scale}, one over the root of the number of units`);
    },
  },
  {
    name: "zero-branches",
    family: "scale",
    cost: "a trained factor in every residual unit",
    leaves: "the network begins without its branches, which get a gradient only once their factors have moved",
    change: (architecture) =>
      residualUnits(architecture.layers) > 0
        ? scaled(architecture, 0, "residual branches times 0 at the start, by a factor that is trained")
        : undefined,
  },
];

/** Residual units, inside others too. */
function residualUnits(layers: readonly Layer[]): number {
  let units = 0;
  someLayer(layers, ({ kind }) => {
    if (kind === "residual") units++;
    return false;
  });
  return units;
}

function scaled(architecture: Architecture, scale: number, change: string) {
  const layers = withScale(architecture.layers, scale);
  return { change, architecture: { ...architecture, layers } };
}

/** The layers with one factor on every residual branch. */
function withScale(layers: readonly Layer[], scale: number): Layer[] {
  return layers.map((layer) => {
    const inside = mapBranches(layer, (branch) => withScale(branch, scale));
    return inside.kind === "residual" ? { ...inside, scale } : inside;
  });
}
