import { heatmapPanel } from "../charts/heatmap.js";
import type { Figure, FigureText, Panel, Values } from "../figure.js";

/** The result of `sonde kernel`, as far as it is drawn: [points, points], row-major. */
export interface KernelResult {
  readonly points: number;
  readonly nngp: Values;
  readonly ntk?: Values;
}

/** The kernels between data points in colours, the first point at the upper left. */
export function kernelFigure({ points, nngp, ntk }: KernelResult, text: FigureText = {}): Figure {
  const places = Array.from({ length: points }, (_, k) => k + 1);
  const panel = (label: string, kernel: Values): Panel => ({
    ...heatmapPanel({
      x: { label: "point", whole: true, values: places },
      // Rows count downwards, as in a matrix.
      y: { label: "point", values: places, names: rowNames(points) },
      colour: { label },
      values: places.flatMap((_, row) =>
        Array.from({ length: points }, (_, column) => kernel[(points - 1 - row) * points + column]),
      ),
    }),
    height: 330,
  });
  return {
    title: text.title ?? "Kernels at infinite width",
    subtitle: text.subtitle,
    description: `Kernels between ${points} data points.`,
    panels: [panel("NNGP", nngp), ...(ntk ? [panel("NTK", ntk)] : [])],
  };
}

/** Every few rows, counted from above. */
function rowNames(points: number): { at: number; name: string }[] {
  const step = Math.max(1, Math.ceil(points / 8));
  const rows = Array.from({ length: Math.ceil(points / step) }, (_, k) => 1 + k * step);
  return rows.map((row) => ({ at: points + 1 - row, name: String(row) })).reverse();
}
