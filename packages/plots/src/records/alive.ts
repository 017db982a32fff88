import type { Axis, Figure, FigureText, Mark, Panel } from "../figure.js";
import { type EstimateLike, estimates } from "./estimate.js";

/** P(alive) between its proven bounds. */
interface AliveRow {
  readonly alive: EstimateLike;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The simulation of Rister and Rubin, one curve for each architecture. */
export interface AliveResult {
  /** Against the number of hidden layers. */
  readonly byDepth: readonly {
    readonly name: string;
    readonly rows: readonly (AliveRow & { readonly hiddenLayers: number })[];
  }[];
  /** Against the radius of the set of inputs. */
  readonly byInputSet?: readonly { readonly name: string; readonly rows: readonly (AliveRow & { readonly radius: number })[] }[];
}

/**
 * The probability that a network is alive against depth and against a shrinking set of inputs: dots with 95 % intervals between the bounds, drawn as bands. A
 * set of radius 0 has no place on the logarithmic axis.
 */
export function aliveFigure({ byDepth, byInputSet = [] }: AliveResult, text: FigureText = {}): Figure {
  return {
    title: text.title ?? "Alive, between the bounds",
    subtitle: text.subtitle,
    description:
      "The probability that a network is alive against depth and against the size of the set of inputs, with its proven bounds as bands.",
    panels: [
      ...panel("Against depth", { label: "hidden layers", whole: true }, byDepth, ({ hiddenLayers }) => hiddenLayers),
      ...panel(
        "Against a shrinking set of inputs",
        { label: "half the side of the set", scale: "log" },
        byInputSet,
        ({ radius }) => radius,
      ),
    ],
  };
}

function panel<Row extends AliveRow>(
  title: string,
  axis: Axis,
  curves: readonly { readonly name: string; readonly rows: readonly Row[] }[],
  place: (row: Row) => number,
): Panel[] {
  const named = curves.map(({ name, rows }, tone) => ({ name: `${name}, between its bounds`, tone, x: rows.map(place), rows }));
  const bands = named.map(
    ({ rows, ...rest }): Mark => ({
      kind: "band",
      ...rest,
      low: rows.map(({ lower }) => lower),
      high: rows.map(({ upper }) => upper),
    }),
  );
  const dots = named.map(({ rows, ...rest }): Mark => ({ kind: "dots", ...rest, ...estimates(rows.map(({ alive }) => alive)) }));
  return curves.length > 0 ? [{ title, x: axis, y: { label: "P(alive)", domain: [0, 1] }, marks: [...bands, ...dots] }] : [];
}
