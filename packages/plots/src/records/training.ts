import { linePanel, type Series } from "../charts/line.js";
import type { Axis, Figure, FigureText, Panel, Tone, Values } from "../figure.js";
import { type EstimateLike, estimates, some } from "./estimate.js";

/** Quantiles over networks. */
interface QuantilesLike {
  readonly p05: number | null;
  readonly p25: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
}

/** The result of `sonde train`, as far as it is drawn. */
export interface TrainingResult {
  /** The share of each outcome, by its name. */
  readonly shares: Readonly<Record<string, EstimateLike>>;
  readonly constants?: { readonly loss: number | null };
  readonly curves: {
    readonly steps: readonly number[];
    readonly loss: readonly QuantilesLike[];
    readonly accuracy?: readonly QuantilesLike[];
    readonly monitors?: Readonly<Record<string, readonly QuantilesLike[]>>;
  };
}

const stepAxis: Axis = { label: "step", scale: "log" };

/** What is watched, in words, and the ends of its axis. */
const monitorAxes: Readonly<Record<string, Omit<Axis, "whole">>> = {
  livingRatio: { label: "living points at the last hidden layer", domain: [0, 1] },
  deadUnits: { label: "dead units in the last hidden layer" },
  vni: { label: "VNI of the last hidden layer", domain: [0, 1] },
  weightedVni: { label: "weighted VNI of the last hidden layer", domain: [0, 1] },
  localVni: { label: "local VNI of the last hidden layer", domain: [0, 1] },
  logSin2: { label: "ln sin² θ at the last hidden layer" },
  degenerate: { label: "degenerate pairs at the last hidden layer", domain: [0, 1] },
};

/** What became of trained networks: the loss and what was watched against the steps, as quantiles over networks, and the share of every outcome with its interval. */
export function trainingFigure({ shares, constants, curves }: TrainingResult, text: FigureText = {}): Figure {
  const { steps, loss, accuracy, monitors = {} } = curves;
  // A logarithmic axis has no place for the step 0.
  const positive = loss.every(({ p05 }) => p05 === null || p05 > 0);
  const rule = constants?.loss;
  const panels: Panel[] = [
    {
      ...linePanel({
        title: "Loss",
        x: stepAxis,
        y: { label: "training loss", scale: positive ? "log" : "linear" },
        series: bands(steps, loss),
        marks:
          typeof rule === "number" && rule > 0
            ? [{ kind: "rule", axis: "y", at: rule, tone: "neutral", dash: "dashed", name: "the best constant" }]
            : [],
      }),
    },
    outcomePanel(shares),
  ];
  if (accuracy)
    panels.push(
      linePanel({
        title: "Accuracy",
        x: stepAxis,
        y: { label: "training accuracy", domain: [0, 1] },
        series: bands(steps, accuracy),
      }),
    );
  for (const [name, values] of Object.entries(monitors))
    if (some(values.map(({ p50 }) => p50)))
      panels.push(linePanel({ x: stepAxis, y: monitorAxes[name] ?? { label: name }, series: bands(steps, values) }));
  return {
    title: text.title ?? "What became of the networks",
    subtitle: text.subtitle,
    description:
      "The training loss against the steps as quantiles over networks, the share of networks with each outcome, and what was watched.",
    panels,
  };
}

function bands(x: Values, values: readonly QuantilesLike[]): Series[] {
  const at = (key: keyof QuantilesLike) => values.map((one) => one[key]);
  return [
    { name: "5 % to 95 % of networks", tone: 2, x, y: at("p50").map(() => null), low: at("p05"), high: at("p95") },
    { name: "median and middle half", tone: 0, x, y: at("p50"), low: at("p25"), high: at("p75") },
  ];
}

/** A bar for every outcome that happened, the first at the top. */
function outcomePanel(shares: TrainingResult["shares"]): Panel {
  const happened = Object.entries(shares).filter(([, { value }]) => value !== null && value > 0);
  const rows = happened.map(([name], k) => ({ name: wordsOf(name), at: happened.length - 1 - k }));
  const values = estimates(happened.map(([, share]) => share));
  const tone: Tone = 0;
  return {
    title: "Outcomes",
    x: { label: "share of networks", domain: [0, 1] },
    y: { label: "", names: rows, domain: [-0.6, happened.length - 0.4] },
    marks: [
      ...rows.map(({ at }, k) => ({
        kind: "bars" as const,
        tone,
        along: "x" as const,
        edges: [at - 0.35, at + 0.35],
        lengths: [values.y[k]],
      })),
      {
        kind: "dots",
        tone: 3,
        errors: "x",
        name: "95 % interval",
        x: values.y,
        y: rows.map(({ at }) => at),
        low: values.low,
        high: values.high,
      },
    ],
  };
}

/** `collapsedMean` as `collapsed mean`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The result of `sonde train --coordinate-check`, as far as it is drawn. */
export interface CoordinateResult {
  readonly widths: readonly number[];
  readonly steps: readonly number[];
  readonly layers: readonly { readonly layer: number | string; readonly values: readonly (readonly QuantilesLike[])[] }[];
}

/** The mean |activation| against the width, one panel for each layer, one curve for each step. */
export function coordinateFigure({ widths, steps, layers }: CoordinateResult, text: FigureText = {}): Figure {
  return {
    title: text.title ?? "Coordinate check",
    subtitle: text.subtitle,
    description:
      "The mean size of activations against the width of the network, before training and after each of the first steps.",
    panels: layers.map(({ layer, values }) =>
      linePanel({
        title: typeof layer === "number" ? `Layer ${layer}` : "Output",
        x: { label: "width", scale: "log" },
        y: { label: "mean |activation|", scale: "log" },
        series: steps.map((step, s) => ({ name: `step ${step}`, tone: s, x: widths, y: values.map((at) => at[s]?.p50 ?? null) })),
      }),
    ),
  };
}
