import { linePanel } from "../charts/line.js";
import type { Figure, FigureText } from "../figure.js";
import { type AnglesResult, anglesFigure } from "./angles.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

/** A share of one network, as far as it is drawn. */
interface Share {
  readonly value: number | null;
}

/** The result of `sonde check` on recorded activations, as far as it is drawn. */
export interface RecordedCheckResult {
  readonly layers: readonly ({
    readonly layer: number;
    readonly livingRatio: Share;
    readonly deadUnits: Share;
    readonly constantUnits: Share;
  } & Partial<Pick<AnglesResult["layers"][number], "logSin2">>)[];
}

/** Of one recorded network, layer by layer: the share of points that live, of units that are dead and constant, and the angle between points where there is one. */
export function recordedCheckFigure({ layers }: RecordedCheckResult, text: FigureText = {}): Figure {
  const x = layerNumbers(layers);
  const measured = layers.flatMap(({ logSin2, ...layer }) => (logSin2 ? [{ ...layer, logSin2 }] : []));
  const shares = linePanel({
    x: layerAxis,
    y: { label: "share", domain: [0, 1] },
    series: [
      { name: "living points", x, y: layers.map(({ livingRatio }) => livingRatio.value) },
      { name: "dead units", x, y: layers.map(({ deadUnits }) => deadUnits.value) },
      { name: "constant units", x, y: layers.map(({ constantUnits }) => constantUnits.value), dash: "dashed" },
    ],
  });
  return {
    title: text.title ?? "Check-up of a recording, layer by layer",
    subtitle: text.subtitle,
    description: "The share of points alive, of dead and of constant units, and the angle between points, in each hidden layer.",
    panels: [shares, ...(measured.length > 0 ? anglesFigure({ measured: { layers: measured } }).panels : [])],
  };
}
