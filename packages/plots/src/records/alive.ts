import type { Axis, Figure, FigureText, Mark, Panel, Values } from "../figure.js";
import { type EstimateLike, estimates } from "./estimate.js";

/** P(alive) along one quantity, between the bounds; one curve for each width. */
export interface AliveCurve {
  readonly name: string;
  readonly x: Values;
  readonly alive: readonly EstimateLike[];
  readonly lower: Values;
  readonly upper: Values;
}

/** The simulation of Rister and Rubin, as far as it is drawn. */
export interface AliveResult {
  /** Against the number of hidden layers. */
  readonly byDepth: readonly AliveCurve[];
  /** Against the size of the input set. */
  readonly bySize?: readonly AliveCurve[];
}

/** The probability that a network is alive against depth and against a shrinking set of inputs: dots with 95 % intervals between the bounds, drawn as bands. */
export function aliveFigure({ byDepth, bySize = [] }: AliveResult, text: FigureText & { readonly size?: Axis } = {}): Figure {
  const panel = (title: string, x: Axis, curves: readonly AliveCurve[]): Panel[] => {
    if (curves.length === 0) return [];
    const named = curves.map((curve, tone) => ({ ...curve, tone, name: `${curve.name}, between its bounds` }));
    const bands = named.map(
      ({ name, tone, x, lower, upper }): Mark => ({ kind: "band", name, tone, x, low: lower, high: upper }),
    );
    const dots = named.map(({ name, tone, x, alive }): Mark => ({ kind: "dots", name, tone, x, ...estimates(alive) }));
    return [{ title, x, y: { label: "P(alive)", domain: [0, 1] }, marks: [...bands, ...dots] }];
  };
  return {
    title: text.title ?? "Alive between the bounds",
    subtitle: text.subtitle,
    description:
      "The probability that a network is alive against depth and against the size of the input set, with the bounds as bands.",
    panels: [
      ...panel("Against depth", { label: "hidden layers", whole: true }, byDepth),
      ...panel("Against a shrinking set of inputs", text.size ?? { label: "size of the input set", scale: "log" }, bySize),
    ],
  };
}
