import type { DeathLayer } from "@sonde/metrics-death";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import { percent } from "./numbers.js";
import { bar } from "./spark.js";
import type { Column } from "./table.js";

/** The number and the units of the layers shown. */
export function layerColumns(architecture: Architecture, shown: readonly number[]): Column[] {
  const hidden = hiddenLayers(architecture);
  return [
    { heading: "layer", cells: shown.map((l) => String(l + 1)) },
    { heading: "units", cells: shown.map((l) => String(hidden[l].units)) },
  ];
}

/** The share of living points and of networks that died, by layer. */
export function deathColumns(layers: readonly DeathLayer[], shown: readonly number[]): Column[] {
  const living = shown.map((l) => layers[l].livingRatio.value);
  return [
    {
      heading: "living points",
      align: "left",
      cells: living.map((ratio) => `${bar(ratio, 12).padEnd(12)} ${percent(ratio).padStart(7)}`),
    },
    { heading: "died here", cells: shown.map((l) => percent(layers[l].deadHere.value)) },
  ];
}
