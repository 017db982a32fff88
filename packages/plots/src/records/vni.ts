import { type HeatmapChart, heatmapFigure } from "../charts/heatmap.js";
import { lineFigure, linePanel, type Series } from "../charts/line.js";
import type { Figure, FigureText, Tone } from "../figure.js";
import { type EstimateLike, estimates, some } from "./estimate.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

/** The result of `sonde vni`, as far as it is drawn. */
export interface VniResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly vni: EstimateLike;
    readonly weighted?: EstimateLike;
    readonly local?: EstimateLike;
    readonly formula?: number | null;
    readonly lengthShare?: EstimateLike;
  }[];
}

const correlated = "1 / effective nodes";

/** The vanishing node indicator through the layers: over the data, weighted, local, and the formula that the local one follows. */
export function vniFigure({ layers }: VniResult, text: FigureText = {}): Figure {
  const x = layerNumbers(layers);
  const measured = (name: string, tone: Tone, list: readonly (EstimateLike | undefined)[]): Series => ({
    name,
    tone,
    x,
    ...estimates(list),
  });
  const series: Series[] = [
    measured(
      "VNI, 95 % interval",
      0,
      layers.map(({ vni }) => vni),
    ),
    measured(
      "weighted",
      1,
      layers.map(({ weighted }) => weighted),
    ),
    measured(
      "local",
      2,
      layers.map(({ local }) => local),
    ),
    // Above 1 the formula is void.
    { name: "formula of the local one", tone: "neutral", dash: "dashed", x, y: layers.map(({ formula }) => within(formula)) },
  ];
  const share = estimates(layers.map(({ lengthShare }) => lengthShare));
  return {
    title: text.title ?? "Vanishing nodes",
    subtitle: text.subtitle,
    description: "The vanishing node indicator against the hidden layer: over the data, weighted, local, and by the formula.",
    panels: [
      linePanel({ x: layerAxis, y: { label: `VNI (${correlated})`, scale: "log" }, series: series.filter(({ y }) => some(y)) }),
      ...(some(share.y)
        ? [
            linePanel({
              x: layerAxis,
              y: { label: "share of the variance that is length", domain: [0, 1] },
              series: [{ name: "length share, 95 % interval", tone: 3, x, ...share }],
            }),
          ]
        : []),
    ],
  };
}

/** The local indicator (or, with `which`, another) against depth for several widths, each beside its formula, drawn dashed. */
export function vniWidthsFigure(
  runs: readonly { readonly width: number; readonly result: VniResult }[],
  { which = "local", ...text }: FigureText & { readonly which?: "vni" | "weighted" | "local" } = {},
): Figure {
  const series = runs.flatMap(({ width, result: { layers } }, tone): Series[] => {
    const x = layerNumbers(layers);
    return [
      { name: `width ${width}`, tone, x, ...estimates(layers.map((layer) => layer[which])) },
      { name: "formula", tone, dash: "dashed", x, y: layers.map(({ formula }) => within(formula)) },
    ];
  });
  return lineFigure({
    title: text.title ?? "Vanishing nodes by width",
    subtitle: text.subtitle,
    x: layerAxis,
    y: { label: `${which === "vni" ? "" : `${which} `}VNI (${correlated})`, scale: "log" },
    series,
  });
}

/** An indicator over depth and width, in colours: `values` is [depths, widths], row-major. */
export function vniMapFigure(
  map: { readonly widths: readonly number[]; readonly depths: readonly number[]; readonly values: HeatmapChart["values"] },
  text: FigureText & { readonly label?: string } = {},
): Figure {
  return heatmapFigure({
    title: text.title ?? "Vanishing nodes over depth and width",
    subtitle: text.subtitle,
    x: { label: "width", scale: "log", values: map.widths, names: map.widths.map(named) },
    y: { label: "hidden layers", scale: "log", values: map.depths, names: map.depths.map(named) },
    colour: { label: text.label ?? "VNI", scale: "log" },
    values: map.values,
  });
}

/** Eigenvalues of covariances from the greatest on, one curve each, as shares of their sum. */
export function spectrumFigure(
  spectra: readonly { readonly name?: string; readonly eigenvalues: readonly (number | null)[] }[],
  text: FigureText = {},
): Figure {
  return lineFigure({
    title: text.title ?? "Spectrum of the covariance",
    subtitle: text.subtitle,
    x: {
      label: "eigenvalue, the greatest first",
      whole: true,
      scale: spectra.some(({ eigenvalues }) => eigenvalues.length > 50) ? "log" : "linear",
    },
    y: { label: "share of the variance", scale: "log" },
    series: spectra.map(({ name, eigenvalues }) => {
      const sum = eigenvalues.reduce<number>((total, value) => total + Math.max(0, value ?? 0), 0);
      return {
        name,
        x: eigenvalues.map((_, k) => k + 1),
        // Rounding of a singular covariance is no share.
        y: eigenvalues.map((value) => (value !== null && value > 1e-15 * sum ? value / sum : null)),
      };
    }),
  });
}

function named(at: number): { at: number; name: string } {
  return { at, name: String(at) };
}

function within(formula: number | null | undefined): number | null {
  return formula !== null && formula !== undefined && formula <= 1 ? formula : null;
}
