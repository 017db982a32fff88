import { DomainError } from "@sonde/core";
import { cbrt } from "@sonde/core/math";
import { drawable, extent } from "../drawable.js";
import type { Axis, BarMark, Figure, FigureText, Mark, Panel, Tone, Values } from "../figure.js";

/** A sample, or bins that are counted already, and the densities to compare it with. */
export interface HistogramChart extends FigureText {
  readonly title: string;
  readonly x: Axis;
  /** Each drawn as the density of its values over common bins. */
  readonly samples: readonly { readonly name?: string; readonly values: Values; readonly tone?: Tone }[];
  /** Number of bins, 1 to 1000. Default: by Scott's rule for the first sample, 8 to 80. */
  readonly bins?: number;
  /** Densities over x, such as of a predicted law. */
  readonly curves?: readonly { readonly name?: string; readonly x: Values; readonly y: Values; readonly tone?: Tone }[];
  readonly description?: string;
}

/**
 * Densities of samples as columns of area 1, with curves to compare. Values that are missing do not count.
 *
 * Throws `DomainError` for a number of bins outside its range.
 *
 * @example
 * histogramFigure({ title: "Sample", x: { label: "value" }, samples: [{ values: [0, 1, 1, 2] }], bins: 2 }).panels[0].marks[0]
 * // { kind: "bars", name: undefined, tone: 0, edges: [0, 1, 2], lengths: [0.25, 0.75] }
 */
export function histogramFigure({ title, subtitle, description, ...chart }: HistogramChart): Figure {
  return {
    title,
    subtitle,
    description: description ?? `Density of ${chart.x.label}.`,
    panels: [histogramPanel(chart)],
  };
}

/** The one panel of a histogram. */
export function histogramPanel({
  title,
  x,
  samples,
  bins,
  curves = [],
}: Omit<HistogramChart, "title"> & { readonly title?: string }): Panel {
  if (bins !== undefined && !(bins >= 1 && bins <= 1000)) throw new DomainError(`a histogram has 1 to 1000 bins, got ${bins}`);
  const range = extent(samples.map(({ values }) => values));
  const edges = range ? commonEdges(range, bins ?? scottBins(samples[0].values, range)) : [];
  return {
    title,
    x,
    y: { label: "density" },
    marks: [
      ...samples.map(
        ({ name, values, tone }, k): BarMark => ({
          kind: "bars",
          name,
          tone: tone ?? k,
          edges,
          lengths: densities(values, edges),
        }),
      ),
      ...curves.map(({ name, x, y, tone }, k): Mark => ({ kind: "line", name, tone: tone ?? samples.length + k, x, y })),
    ],
  };
}

function commonEdges([low, high]: readonly [number, number], bins: number): number[] {
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  return Array.from({ length: bins + 1 }, (_, k) => from + ((to - from) * k) / bins);
}

/** Bins of width 3.49 sd / n^(1/3) (D. Scott, 1979). */
function scottBins(values: Values, [low, high]: readonly [number, number]): number {
  const sample = values.filter(drawable);
  const mean = sample.reduce((sum, value) => sum + value / sample.length, 0);
  const sd = Math.sqrt(sample.reduce((sum, value) => sum + ((value - mean) * (value - mean)) / sample.length, 0));
  const width = (3.49 * sd) / cbrt(sample.length);
  return width > 0 ? Math.max(8, Math.min(80, Math.ceil((high - low) / width))) : 8;
}

function densities(values: Values, edges: readonly number[]): number[] {
  const bins = edges.length - 1;
  if (bins < 1) return [];
  const width = (edges[bins] - edges[0]) / bins;
  const counts = new Array<number>(bins).fill(0);
  let total = 0;
  for (const value of values) {
    if (!drawable(value)) continue;
    counts[Math.min(bins - 1, Math.max(0, Math.floor((value - edges[0]) / width)))]++;
    total++;
  }
  return counts.map((count) => (total > 0 ? count / total / width : 0));
}
