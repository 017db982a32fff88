import { lineFigure } from "../charts/line.js";
import type { Figure, FigureText } from "../figure.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

/** The result of `sonde death` on recorded activations, as far as it is drawn. */
export interface RecordedDeathResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly livingRatio: number | null;
    readonly deadUnits: { readonly deadShare: number | null; readonly zeroEntries: number | null };
    readonly dormantUnits: { readonly dormantShare: number | null };
  }[];
}

/** Of one network that is there already, layer by layer: the share of points that live, of units that are dead and dormant, and of entries that are zero. */
export function recordedDeathFigure({ layers }: RecordedDeathResult, text: FigureText = {}): Figure {
  const x = layerNumbers(layers);
  const shares = (of: (layer: RecordedDeathResult["layers"][number]) => number | null) => layers.map(of);
  return lineFigure({
    title: text.title ?? "Dead and dormant, as recorded",
    subtitle: text.subtitle,
    description: "The share of points alive, of dead and of dormant units, and of zero entries, in each hidden layer.",
    x: layerAxis,
    y: { label: "share", domain: [0, 1] },
    series: [
      { name: "living points", x, y: shares(({ livingRatio }) => livingRatio) },
      { name: "dead units", x, y: shares(({ deadUnits }) => deadUnits.deadShare) },
      { name: "dormant units", x, y: shares(({ dormantUnits }) => dormantUnits.dormantShare), dash: "dashed" },
      { name: "zero entries", x, y: shares(({ deadUnits }) => deadUnits.zeroEntries), dash: "dotted" },
    ],
  });
}
