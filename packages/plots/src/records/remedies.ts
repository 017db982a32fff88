import type { Axis, Figure, FigureText, Panel } from "../figure.js";
import { type EstimateLike, estimates, some } from "./estimate.js";

/** What a change leads to. */
interface Vitals {
  readonly verdict?: string;
  readonly bornDead: EstimateLike;
  readonly livingRatio?: EstimateLike;
  readonly degenerate?: EstimateLike;
  readonly logSin2?: EstimateLike;
}

/** The result of `sonde advise`, as far as it is drawn. */
export interface RemediesResult {
  /** Of the architecture as it is. */
  readonly vitals: Vitals;
  readonly compared: readonly { readonly change: string; readonly after: Vitals }[];
}

/** The architecture as it is and with every remedy, as bars with 95 % intervals: born dead, living points, degenerate pairs, and the angle between inputs. */
export function remediesFigure({ vitals, compared }: RemediesResult, text: FigureText = {}): Figure {
  const rows = [{ change: "as it is", after: vitals }, ...compared];
  const bars = (label: string, of: (after: Vitals) => EstimateLike | undefined, domain?: Axis["domain"]): Panel[] => {
    const { y: lengths, low, high } = estimates(rows.map(({ after }) => of(after)));
    if (!some(lengths)) return [];
    // The first row stands at the top.
    const places = rows.map((_, k) => rows.length - k);
    const names = rows.map(({ change }, k) => ({ at: places[k], name: brief(change) })).reverse();
    return [
      {
        title: label,
        x: { label: "", domain },
        y: { label: "", names, domain: [0.5, rows.length + 0.5] },
        height: 21 * rows.length + 46,
        marks: [
          {
            kind: "bars",
            along: "x",
            tone: "neutral",
            edges: [rows.length - 0.5, rows.length + 0.5],
            lengths: lengths.slice(0, 1),
          },
          {
            kind: "bars",
            along: "x",
            tone: 0,
            edges: Array.from({ length: rows.length }, (_, k) => k + 0.5),
            lengths: lengths.slice(1).reverse(),
          },
          { kind: "dots", tone: 0, errors: "x", x: lengths, y: places, low, high },
        ],
      },
    ];
  };
  return {
    title: text.title ?? "Remedies compared",
    subtitle: text.subtitle,
    description: `What ${compared.length} changes do to the numbers of the network, with 95 % intervals.`,
    columns: 1,
    panels: [
      ...bars("P(born dead)", ({ bornDead }) => bornDead, [0, 1]),
      ...bars("Share of points alive at the last layer", ({ livingRatio }) => livingRatio, [0, 1]),
      ...bars("Degenerate pairs at the last layer (fraction)", ({ degenerate }) => degenerate, [0, 1]),
      ...bars("Mean ln sin² of the angle between inputs at the last layer", ({ logSin2 }) => logSin2),
    ],
  };
}

/** A change without the options in parentheses that lead to it. */
function brief(change: string): string {
  return change.replace(/\s*\(--[^)]*\)/g, "");
}
