import { heatmapPanel } from "../charts/heatmap.js";
import type { Axis, Figure, FigureText, Values } from "../figure.js";
import { scientific } from "../ticks.js";

/** A value over two axes of a sweep, as far as it is drawn. */
export interface SweepMap {
  readonly x: { readonly label: string; readonly values: readonly number[] };
  readonly y: { readonly label: string; readonly values: readonly number[] };
  /** What the colours show, in words; of what begins with `P(` colours and contours are those of a probability. */
  readonly value: string;
  /** Default: of a probability 0.01, 0.1 and 0.5, else four evenly between the ends. */
  readonly levels?: readonly number[];
  /** A map each, [rows, columns], row-major; null where nothing is known. */
  readonly panels: readonly { readonly title?: string; readonly values: Values }[];
}

/** Below this probability colours do not differ. */
const least = 1e-6;

/**
 * Maps of a sweep with contours, in colours that mean the same in all of them.
 *
 * @example
 * sweepMapFigure({ x: { label: "width", values: [1, 2] }, y: { label: "depth", values: [1, 2] }, value: "P(born dead)", panels: [{ values: [0, 1, 1, null] }] }).panels.length // 1
 */
export function sweepMapFigure({ x, y, value, levels, panels }: SweepMap, text: FigureText = {}): Figure {
  const probability = value.startsWith("P(");
  const numbers = panels.flatMap(({ values }) => values.filter((one): one is number => one !== null && Number.isFinite(one)));
  const [low, high] = [numbers.reduce((a, b) => Math.min(a, b), Infinity), numbers.reduce((a, b) => Math.max(a, b), -Infinity)];
  const contours =
    levels ?? (probability ? [0.01, 0.1, 0.5] : low < high ? [1, 2, 3, 4].map((k) => low + ((high - low) * k) / 5) : []);
  const colour = probability
    ? { label: value, scale: "log" as const, domain: [least, 1] as const }
    : { label: value, ...(low < high && { domain: [low, high] as const }) };
  return {
    title: text.title ?? `${value} over ${x.label} and ${y.label}`,
    subtitle: text.subtitle,
    description: `${value} in colours over ${x.label} and ${y.label}, with contours at ${contours.map((level) => scientific(level)).join(", ")}.`,
    panels: panels.map(({ title, values }) =>
      heatmapPanel({
        title,
        x: { ...axisOf(x), values: x.values },
        y: { ...axisOf(y), values: y.values },
        colour,
        values: values.map((one) => (probability && one !== null ? Math.max(one, least) : one)),
        contours: contours.map((level, k) => ({ level, name: scientific(level), tone: [1, 3, 0, 4][k % 4] })),
      }),
    ),
  };
}

/** Logarithmic where the values span more than a factor of twenty. */
function axisOf({ label, values }: SweepMap["x"]): Axis {
  const [first, last] = [values[0], values[values.length - 1]];
  return {
    label,
    scale: first > 0 && last > 20 * first ? "log" : "linear",
    whole: values.every(Number.isInteger),
  };
}
