import { exp, log } from "@sonde/core/math";
import { histogramPanel } from "../charts/histogram.js";
import { linePanel, type Series } from "../charts/line.js";
import { drawable } from "../drawable.js";
import type { Axis, Figure, FigureText, Mark, Panel, Values } from "../figure.js";
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
  | "meanAbsZ"
  | "mu2"
  | "nu2";

/** The result of `sonde moments`, as far as it is drawn. */
export interface MomentsResult {
  readonly layers: readonly ({ readonly layer: number } & { readonly [Name in MomentName]?: MomentLike })[];
  /** A law fitted to the sensitivity: chi = scale * exp(rate * l), or chi = scale * l^rate. */
  readonly fit?: { readonly law: "exponential" | "power"; readonly rate: number | null; readonly scale: number | null };
}

/** Moments through the layers in the form of the paper: increments of the sensitivity, the sensitivity with its fitted law, effective ranks, and the shape of the pre-activations. */
export function momentsFigure({ layers, fit }: MomentsResult, text: FigureText & { readonly units?: boolean } = {}): Figure {
  const l = layerNumbers(layers);
  const axis: Axis = { label: text.units ? "residual unit" : "hidden layer", whole: true };
  const of = (name: MomentName, tone: number, words: string): Series => ({
    name: words,
    tone,
    x: l,
    ...moment(layers.map((layer) => layer[name])),
  });
  const panel = (
    title: string,
    label: string,
    list: readonly Series[],
    options: Partial<Axis> = {},
    marks: readonly Mark[] = [],
  ): Panel[] => {
    const series = list.filter(({ y }) => some(y));
    return series.length > 0 ? [linePanel({ title, x: axis, y: { label, ...options }, series, marks })] : [];
  };
  const logChi = layers.map((layer) => layer.logChi);
  const law = fit && drawable(fit.rate) && drawable(fit.scale) ? fitted(fit.law, fit.rate, fit.scale, l) : undefined;
  const power = fit?.law === "power";
  const chi = chiSeries(logChi, l);
  return {
    title: text.title ?? "Signal and noise through the layers",
    subtitle: text.subtitle,
    description:
      "Increments of the normalised sensitivity, the sensitivity, effective ranks and moments of the pre-activations; bands from the 16th to the 84th percentile of networks.",
    panels: [
      ...panel("Increments of the sensitivity", "factor in one layer", [
        of("deltaChi", 0, "δχ"),
        of("deltaChiNorm", 1, "δχ of the norm"),
        of("deltaChiActivation", 2, "δχ of the activation"),
      ]),
      ...panel("Normalised sensitivity", "χ, relative to the input", [chi, ...(law ? [law] : [])], {
        scale: power ? "linear" : "log",
      }),
      ...panel(
        "Effective ranks",
        "effective rank",
        [of("effectiveRank", 0, "of the signal"), of("noiseEffectiveRank", 1, "of the noise")],
        { scale: "log" },
      ),
      ...panel("Kurtosis of pre-activations", "fourth moment", [of("kurtosis", 0, "μ₄(z)")], { scale: "log" }, [gaussian(3)]),
      ...panel("Mean size of pre-activations", "first absolute moment", [of("meanAbsZ", 0, "ν₁(|z|)")], {}, [
        gaussian(0.7978845608028654),
      ]),
    ],
  };
}

/** Densities of a logarithm of a moment over networks at several depths, as the paper shows them for networks without normalisation. */
export function logMomentsFigure(
  panels: readonly { readonly label: string; readonly depths: readonly { readonly layer: number; readonly values: Values }[] }[],
  text: FigureText = {},
): Figure {
  return {
    title: text.title ?? "Spread of log moments over networks",
    subtitle: text.subtitle,
    description: `Densities over networks of ${panels.map(({ label }) => label).join(", ")}.`,
    panels: panels.map(({ label, depths }) =>
      histogramPanel({ x: { label }, samples: depths.map(({ layer, values }) => ({ name: `l = ${layer}`, values })) }),
    ),
  };
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

/** chi from the mean of its logarithm, the typical value: the mean of chi itself has a heavy tail. */
function chiSeries(logChi: readonly (MomentLike | undefined)[], x: Values): Series {
  return { name: "exp of the mean of ln χ, 16th to 84th percentile", tone: 0, x, ...moment(logChi, exp) };
}

function fitted(law: "exponential" | "power", rate: number, scale: number, layers: readonly number[]): Series {
  const y = layers.map((l) => scale * exp(rate * (law === "power" ? log(l) : l)));
  const name = law === "power" ? `fitted, l^${rate.toPrecision(3)}` : `fitted, exp(${rate.toPrecision(3)} l)`;
  return { name, tone: "neutral", dash: "dashed", x: layers, y };
}

function gaussian(at: number): Mark {
  return { kind: "rule", axis: "y", at, tone: "neutral", dash: "dotted", name: "Gaussian" };
}
