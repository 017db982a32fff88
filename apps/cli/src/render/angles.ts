import type { AnglesRecord } from "@sonde/metrics-correlation";
import { type Architecture, hiddenLayers } from "@sonde/nets";
import { modelLine } from "./describe-model.js";
import { percent, plusMinus, short } from "./numbers.js";
import type { Painter } from "./paint.js";
import { bar } from "./spark.js";
import { shownLayers, table } from "./table.js";

/** The report of `sonde angles`. */
export function anglesReport(
  paint: Painter,
  model: string,
  architecture: Architecture,
  { layers, pairs, networks }: AnglesRecord,
): string {
  const hidden = hiddenLayers(architecture);
  const shown = shownLayers(layers.length);
  const at = (l: number) => layers[l];
  const [heading, ...rows] = table([
    { heading: "layer", cells: shown.map((l) => String(l + 1)) },
    { heading: "units", cells: shown.map((l) => String(hidden[l].units)) },
    { heading: "angle (rad)", align: "left", cells: shown.map((l) => bar(at(l).angle.value / Math.PI).padEnd(12)) },
    { heading: "", cells: shown.map((l) => plusMinus(at(l).angle)) },
    { heading: "ln sin²", cells: shown.map((l) => plusMinus(at(l).logSin2)) },
    { heading: "sd", cells: shown.map((l) => short(at(l).logSin2.sd)) },
    { heading: "cosine", cells: shown.map((l) => short(at(l).cosine.value)) },
    { heading: "correlation", cells: shown.map((l) => short(at(l).correlation.value)) },
    { heading: "degenerate", cells: shown.map((l) => percent(at(l).degenerate)) },
  ]);
  return [
    "",
    `  ${paint.bold(model)}  ${paint.dim(modelLine(architecture))}`,
    `  ${paint.dim(`${pairs} pair${pairs === 1 ? "" : "s"} of inputs, ${networks} networks; means over pairs that are not degenerate`)}`,
    "",
    paint.dim(heading),
    ...rows,
    "",
    "",
  ].join("\n");
}
