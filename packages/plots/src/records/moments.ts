import { exp, log } from "@sonde/core/math";
import { histogramPanel } from "../charts/histogram.js";
import { linePanel, type Series } from "../charts/line.js";
import { drawable } from "../drawable.js";
import type { Axis, Figure, FigureText, Panel, Values } from "../figure.js";
import { some } from "./estimate.js";
import { layerNumbers } from "./layer-axis.js";

/** A moment over networks; `p16` and `p84` are percentiles. */
export interface MomentLike {
  readonly mean: number | null;
  readonly p16?: number | null;
  readonly p84?: number | null;
}

type MomentName =
  | "deltaChi"
  | "deltaChiNorm"
  | "deltaChiActivation"
  | "logChi"
  | "effectiveRank"
  | "noiseEffectiveRank"
  | "kurtosis"
  | "meanAbsZ";

/** The result of `sonde moments`, as far as it is drawn. */
export interface MomentsResult {
  readonly layers: readonly ({
    readonly layer: number;
    /** What theory says of the same moments. */
    readonly theory?: { readonly [Name in MomentName]?: number | null };
  } & { readonly [Name in MomentName]?: MomentLike })[];
  /** The sensitivity's exponent where it grows as exp(gamma l), and as l^tau. */
  readonly gamma?: MomentLike;
  readonly tau?: MomentLike;
  /** The sensitivity explodes: gamma is its exponent, otherwise tau. */
  readonly pathologies?: readonly { readonly pathology: string; readonly present: boolean }[];
  /** Single networks at some depths. */
  readonly samples?: readonly { readonly layer: number; readonly logNu2: Values; readonly logNoise: Values }[];
}

/** Networks from which on their spread is drawn as histograms. */
const enough = 50;

/**
 * Moments through the layers in the form of the paper: increments of the sensitivity, the sensitivity with its fitted law (on a logarithmic axis where it
 * explodes, otherwise on a linear one), effective ranks, the shape of the pre-activations, and histograms of log moments over networks. Bands reach from the
 * 16th to the 84th percentile of networks; theory is dashed.
 */
export function momentsFigure(result: MomentsResult, text: FigureText & { readonly units?: boolean } = {}): Figure {
  const { layers } = result;
  const x = layerNumbers(layers);
  const axis: Axis = { label: text.units ? "residual unit" : "hidden layer", whole: true };
  const curve = (name: MomentName, tone: number, words: string): Series[] => [
    { name: words, tone, x, ...moment(layers.map((layer) => layer[name])) },
    { name: "theory", tone, dash: "dashed", x, y: layers.map(({ theory }) => theory?.[name] ?? null) },
  ];
  const panel = (title: string, y: Axis, series: readonly Series[]): Panel[] => {
    const drawn = series.filter((one) => some(one.y));
    return drawn.length > 0 ? [linePanel({ title, x: axis, y, series: drawn })] : [];
  };
  return {
    title: text.title ?? "Signal and noise through the layers",
    subtitle: text.subtitle,
    description:
      "Increments of the normalised sensitivity, the sensitivity with its fitted law, effective ranks and moments of the pre-activations by layer; bands from the 16th to the 84th percentile of networks.",
    panels: [
      ...panel("Increments of the sensitivity", { label: "factor in one layer" }, [
        ...curve("deltaChi", 0, "δχ"),
        ...curve("deltaChiNorm", 1, "of the norm"),
        ...curve("deltaChiActivation", 2, "of the activation"),
      ]),
      ...panel(
        "Normalised sensitivity",
        { label: "χ, relative to the input", scale: explodes(result) ? "log" : "linear" },
        sensitivity(result, x),
      ),
      ...panel("Effective ranks", { label: "effective rank", scale: "log" }, [
        ...curve("effectiveRank", 0, "of the signal"),
        ...curve("noiseEffectiveRank", 1, "of the noise"),
      ]),
      ...panel(
        "Fourth moment of pre-activations",
        { label: "μ₄(z), 3 for a Gaussian", scale: "log" },
        curve("kurtosis", 0, "μ₄(z)"),
      ),
      ...panel("Mean size of pre-activations", { label: "ν₁(|z|), 0.798 for a Gaussian" }, curve("meanAbsZ", 0, "ν₁(|z|)")),
      ...histograms(result),
    ],
  };
}

/** Histograms over networks of the logarithms of nu_2 and of the noise's power, each at several depths. */
export function logMomentsFigure(result: Pick<MomentsResult, "samples">, text: FigureText = {}): Figure {
  return {
    title: text.title ?? "Spread of log moments over networks",
    subtitle: text.subtitle,
    description: "Densities over networks of the logarithms of the signal's and the noise's power at several depths.",
    panels: histograms(result, 1),
  };
}

function histograms({ samples = [] }: Pick<MomentsResult, "samples">, least = enough): Panel[] {
  const panel = (label: string, of: (sample: (typeof samples)[number]) => Values): Panel[] =>
    samples.some((sample) => of(sample).filter(drawable).length >= least)
      ? [
          histogramPanel({
            title: label,
            x: { label },
            samples: samples.map((sample) => ({ name: `l = ${sample.layer}`, values: of(sample) })),
          }),
        ]
      : [];
  return [...panel("ln ν₂ of the signal", ({ logNu2 }) => logNu2), ...panel("ln μ₂ of the noise", ({ logNoise }) => logNoise)];
}

/** A mean and its percentiles. */
function moment(
  list: readonly (MomentLike | undefined)[],
  on: (value: number) => number = (value) => value,
): Pick<Series, "y" | "low" | "high"> {
  const pick = (key: keyof MomentLike) => list.map((one) => (drawable(one?.[key]) ? on(one[key] as number) : null));
  const [low, high] = [pick("p16"), pick("p84")];
  return { y: pick("mean"), ...(some(low) && some(high) && { low, high }) };
}

function explodes({ pathologies = [] }: MomentsResult): boolean {
  return pathologies.some(({ pathology, present }) => present && pathology === "exploding-sensitivity");
}

/** chi from the mean of its logarithm, since its own mean has a heavy tail, what theory says, and the fitted law through the means of the last half of the layers. */
function sensitivity(result: MomentsResult, x: readonly number[]): Series[] {
  const logChi = result.layers.map((layer) => layer.logChi);
  const theory = result.layers.map(({ theory }) => (drawable(theory?.logChi) ? exp(theory.logChi) : null));
  const exponential = explodes(result);
  const rate = (exponential ? result.gamma : result.tau)?.mean;
  const at = exponential ? (l: number) => l : log;
  const half = Math.floor(x.length / 2);
  const means = logChi.slice(half).map((one) => one?.mean ?? null);
  const fitted = means.flatMap((mean, k) => (drawable(mean) && drawable(rate) ? [mean - rate * at(x[half + k])] : []));
  const offset = fitted.reduce((sum, value) => sum + value / fitted.length, 0);
  return [
    { name: "exp of the mean of ln χ", tone: 0, x, ...moment(logChi, exp) },
    { name: "theory", tone: 0, dash: "dashed", x, y: theory },
    ...(drawable(rate) && fitted.length > 1
      ? [
          {
            name: exponential ? `fitted, ≈ c exp(${rate.toPrecision(3)} l)` : `fitted, ≈ c l^${rate.toPrecision(3)}`,
            tone: "neutral" as const,
            dash: "dotted" as const,
            x,
            y: x.map((l) => exp(offset + rate * at(l))),
          },
        ]
      : []),
  ];
}
