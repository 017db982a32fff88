import { exp, log } from "@sonde/core/math";
import { type DotMark, type Figure, type FigureText, joinFigures, lineFigure } from "@sonde/plots";
import type { Part } from "../claim.js";
import { type Comparison, equal, type Value } from "../comparison.js";
import { grouped, inShards } from "../pooled.js";
import { exponent, lastLayer, type MomentsPart, type MomentsSettings, type Quantity, quantityAt } from "./measured.js";

/** A row of a table: networks of one kind, and what was published of them. */
export interface Row extends Omit<MomentsSettings, "seed" | "data"> {
  readonly name: string;
  /** Networks of one part. Default: 100. */
  readonly shard?: number;
}

/** Published means at the last layer over so many networks, with the spread of networks where it was published. */
export type Published = Readonly<
  Partial<Record<Quantity | "growth" | "log10Chi" | "tau", readonly [value: number, spread?: number]>>
>;

const publishedNetworks = 1000;

export function momentsParts(rows: readonly Row[], data: string, seed: number): Part<MomentsSettings>[] {
  return rows.flatMap(({ name, shard = 100, ...row }, k) => inShards(name, { ...row, data, seed: seed + k }, shard));
}

/** The parts of a row. */
export function rowOf(parts: readonly MomentsPart[], name: string): readonly MomentsPart[] {
  return grouped(parts).get(name) ?? [];
}

/** Chi in decimal logarithms, or growth a layer, or the quantity itself. */
export function meanAt(parts: readonly MomentsPart[], name: keyof Published, layer = lastLayer(parts)): Value {
  if (name === "tau") return exponent(parts, "tau");
  if (name === "growth") {
    const gamma = exponent(parts, "gamma");
    return { ...gamma, value: exp(gamma.value), standardError: exp(gamma.value) * (gamma.standardError ?? 0) };
  }
  if (name === "log10Chi") {
    const { value, standardError = 0, networks } = quantityAt(parts, "logChi", layer);
    return { value: value / Math.LN10, standardError: standardError / Math.LN10, networks };
  }
  return quantityAt(parts, name, layer);
}

/** A row's numbers beside the published ones at its last layer. They were measured on other data, so those that depend on data decide nothing. */
export function publishedComparisons(
  parts: readonly MomentsPart[],
  row: string,
  published: Published,
  bears: (name: keyof Published) => Comparison["bears"],
): Comparison[] {
  const own = rowOf(parts, row);
  if (own.length === 0) return [];
  return (Object.entries(published) as [keyof Published, readonly [number, number?]][]).map(([name, [value, spread]]) =>
    equal(
      `${label(name)}, ${row}, l = ${lastLayer(own)}`,
      meanAt(own, name),
      {
        value,
        ...(spread !== undefined && { standardError: spread / Math.sqrt(publishedNetworks), networks: publishedNetworks }),
      },
      // Published to four digits or so.
      { origin: "published", bears: bears(name), tolerance: 5e-4 * Math.abs(value) },
    ),
  );
}

function label(name: keyof Published): string {
  const labels: Readonly<Partial<Record<keyof Published, string>>> = {
    deltaChi: "increment of chi",
    deltaChiNorm: "increment by the norm",
    deltaChiActivation: "increment by the activation",
    log10Chi: "log10 chi",
    effectiveRank: "r_eff(x)",
    noiseEffectiveRank: "r_eff(dx)",
    kurtosis: "mu4(z)",
    meanAbsZ: "nu1(|z|)",
    growth: "growth of chi a layer",
    tau: "exponent tau",
  };
  return labels[name] ?? name;
}

/** Quantities against depth with the 16th to 84th percentile of networks, and published points. */
export function momentsFigure(
  parts: readonly MomentsPart[],
  shown: readonly {
    readonly quantity: Quantity;
    readonly label: string;
    readonly scale?: "log";
    readonly xLog?: boolean;
    readonly of?: (value: number) => number;
  }[],
  published: Readonly<
    Record<
      string,
      {
        readonly tone: number;
        readonly points: readonly { readonly quantity: Quantity; readonly x: number; readonly y: number }[];
      }
    >
  >,
  { title = "Moments", subtitle }: FigureText,
): Figure {
  const rows = [...grouped(parts).entries()];
  return joinFigures(
    shown.map(({ quantity, label: y, scale, xLog, of = (value) => value }) => {
      const marks = Object.values(published).flatMap(({ tone, points }): DotMark[] => {
        const own = points.filter((point) => point.quantity === quantity);
        return own.length === 0
          ? []
          : [{ kind: "dots", tone, name: "published", x: own.map(({ x }) => x), y: own.map((point) => point.y) }];
      });
      return lineFigure({
        title: y,
        x: { label: "layer l", ...(xLog && { scale: "log" as const }) },
        y: { label: y, ...(scale && { scale }) },
        series: rows.flatMap(([name, [{ result }]], tone) => {
          const layers = result.layers.filter((layer) => layer[quantity]?.value !== null && layer[quantity] !== undefined);
          if (layers.length === 0) return [];
          const of2 = (value: number | null | undefined) => (value === null || value === undefined ? null : of(value));
          return [
            {
              name,
              tone,
              x: layers.map(({ layer }) => layer),
              y: layers.map((layer) => of2(layer[quantity]?.value)),
              low: layers.map((layer) => of2(layer[quantity]?.p16)),
              high: layers.map((layer) => of2(layer[quantity]?.p84)),
            },
          ];
        }),
        marks: dedupe(marks),
      });
    }),
    { title, subtitle },
  );
}

/** Only the first of several marks has a name. */
function dedupe(marks: readonly DotMark[]): DotMark[] {
  return marks.map((mark, k) => (k === 0 ? mark : { ...mark, name: undefined }));
}

/** ln chi as log10 chi. */
export const toLog10 = (value: number): number => value / log(10);
