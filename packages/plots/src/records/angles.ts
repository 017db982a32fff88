import { linePanel, type Series } from "../charts/line.js";
import type { Figure, FigureText, Panel } from "../figure.js";
import { type EstimateLike, estimates, some, spreads } from "./estimate.js";
import { layerAxis, layerNumbers } from "./layer-axis.js";

/** The result of `sonde angles`, as far as it is drawn. */
export interface AnglesResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly logSin2: EstimateLike & { readonly sd?: number | null };
    readonly angle?: EstimateLike;
    readonly degenerate?: number | null;
    readonly degenerateEstimate?: EstimateLike;
  }[];
}

/** The result of `sonde predict`, as far as it is drawn. */
export interface PredictResult {
  readonly layers: readonly {
    readonly layer: number;
    readonly infiniteWidth?: { readonly logSin2: number | null; readonly angle?: number | null };
    readonly finiteWidth?: { readonly mean: number | null; readonly sd?: number | null; readonly degenerate?: number | null };
    readonly published?: { readonly mean: number | null; readonly sd?: number | null };
  }[];
}

/**
 * ln sin^2 of the angle between inputs through the layers: measured with the spread of networks, or predicted three ways, or both in one panel; and where
 * pairs become degenerate, their fraction.
 */
export function anglesFigure(
  { measured, predicted }: { readonly measured?: AnglesResult; readonly predicted?: PredictResult },
  text: FigureText = {},
): Figure {
  const series: Series[] = [];
  if (measured)
    series.push({
      name: "simulated, mean ± 1 sd of networks",
      tone: 0,
      x: layerNumbers(measured.layers),
      ...spreads(
        measured.layers.map(({ logSin2 }) => ({ mean: logSin2.value, sd: logSin2.sd })),
        0,
      ),
    });
  if (predicted) {
    const x = layerNumbers(predicted.layers);
    const finite = spreads(
      predicted.layers.map(({ finiteWidth }) => finiteWidth),
      0,
    );
    series.push(
      // Beside a simulated band a second one would hide what differs.
      {
        name: measured ? "predicted, finite width" : "finite width, mean ± 1 sd",
        tone: 1,
        dash: measured ? "dashed" : "solid",
        x,
        ...(measured ? { y: finite.y } : finite),
      },
      {
        name: "published, finite width",
        tone: 3,
        dash: "dashed",
        x,
        y: predicted.layers.map(({ published }) => published?.mean ?? null),
      },
      {
        name: "infinite width",
        tone: 2,
        dash: "dotted",
        x,
        y: predicted.layers.map(({ infiniteWidth }) => infiniteWidth?.logSin2 ?? null),
      },
    );
  }
  const main = linePanel({
    x: layerAxis,
    y: { label: "ln sin² θ, where θ is the angle between two inputs" },
    series: series.filter(({ y }) => some(y)),
  });
  const second = measured && !predicted ? anglePanel(measured) : undefined;
  return {
    title: text.title ?? "Angle between inputs",
    subtitle: text.subtitle,
    description: `ln sin² of the angle between two inputs against the hidden layer: ${series.map(({ name }) => name).join("; ")}.`,
    panels: [main, ...(second ? [second] : []), ...degeneratePanel({ measured, predicted })],
  };
}

function anglePanel({ layers }: AnglesResult): Panel | undefined {
  const angle = estimates(layers.map((layer) => layer.angle));
  if (!some(angle.y)) return undefined;
  return linePanel({
    x: layerAxis,
    y: { label: "θ (rad)", scale: "log" },
    series: [{ name: "mean angle, 95 % interval", tone: 0, x: layerNumbers(layers), ...angle }],
  });
}

/** The fraction of pairs that are gone, where any is. */
function degeneratePanel({
  measured,
  predicted,
}: {
  readonly measured?: AnglesResult;
  readonly predicted?: PredictResult;
}): Panel[] {
  const series: Series[] = [];
  if (measured) {
    const known = measured.layers.map(
      ({ degenerate, degenerateEstimate }) => degenerateEstimate ?? { value: degenerate ?? null },
    );
    series.push({ name: "simulated, 95 % interval", tone: 0, x: layerNumbers(measured.layers), ...estimates(known) });
  }
  if (predicted)
    series.push({
      name: "predicted, finite width",
      tone: 1,
      dash: "dashed",
      x: layerNumbers(predicted.layers),
      y: predicted.layers.map(({ finiteWidth }) => finiteWidth?.degenerate ?? null),
    });
  const seen = series.filter(({ y }) => y.some((value) => (value ?? 0) > 1e-3));
  if (seen.length === 0) return [];
  // Few are seen on an axis of their own.
  const many = seen.some(({ y }) => y.some((value) => (value ?? 0) > 0.2));
  const y = { label: "degenerate pairs (fraction)", ...(many && { domain: [0, 1] as const }) };
  return [linePanel({ x: layerAxis, y, series: seen })];
}
