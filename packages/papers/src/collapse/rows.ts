import type { Estimate } from "@sonde/core";
import type { Figure, FigureText } from "@sonde/plots";
import type { Measured, Part, Scale } from "../claim.js";
import { grouped, inShards, share } from "../pooled.js";
import type { CollapseResult, CollapseSettings } from "./trained.js";

export type CollapsePart = Measured<CollapseSettings, CollapseResult>;

/** Seeds differ, so that rows of different targets are of different networks. */
export const targets = {
  "|x|, MSE": { model: "1-2x9-1", target: "abs", loss: "mse", seed: 1 },
  "x sin 5x, MSE": { model: "1-2x9-1", target: "x-sin-5x", loss: "mse", seed: 2 },
  "x sin 5x, MAE": { model: "1-2x9-1", target: "x-sin-5x", loss: "mae", seed: 3 },
  "step + 0.2 sin 5x, MSE": { model: "1-2x9-1", target: "step-sin", loss: "mse", seed: 4 },
  "2-d, MSE": { model: "2-4x19-2", target: "abs-2d", loss: "mse", seed: 5 },
} as const;

/** Networks and steps of a row at each scale; what is not of the plane takes a fifth of its time. */
const effort: Readonly<Record<Scale, { networks: number; plane: number; steps: number }>> = {
  quick: { networks: 40, plane: 12, steps: 2500 },
  standard: { networks: 200, plane: 60, steps: 2500 },
  full: { networks: 1000, plane: 1000, steps: 5000 },
};

/** The parts of rows `TARGET: INITIALISATION`. */
export function collapseParts(
  scale: Scale,
  rows: readonly {
    readonly target: keyof typeof targets;
    readonly name: string;
    readonly choices: Pick<CollapseSettings, "init" | "bias" | "norm">;
    /** Of the scale's networks. Default: 1. */
    readonly share?: number;
  }[],
): Part<CollapseSettings>[] {
  const { networks, plane, steps } = effort[scale];
  return rows.flatMap(({ target, name, choices, share: part = 1 }) => {
    const count = Math.round(part * (target === "2-d, MSE" ? plane : networks));
    return inShards(`${target}: ${name}`, { ...targets[target], ...choices, networks: count, steps }, 250);
  });
}

/** The share of a row's networks that a count names. */
export function shareOf(
  parts: readonly CollapsePart[],
  row: string,
  count: (result: CollapseResult) => number = ({ collapsed }) => collapsed,
): Estimate {
  const found = grouped(parts).get(row) ?? [];
  return share(found.map(({ result }) => ({ count: count(result), networks: result.networks })));
}

/** Rows of `TARGET: NAME` with their collapsed share and its interval, the share that is born dead beside it, and what was published. */
export function rowsFigure(
  parts: readonly CollapsePart[],
  published: Readonly<Record<string, number>>,
  { title = "Collapse after training", subtitle }: FigureText,
): Figure {
  const names = [...grouped(parts).keys()];
  const at = names.map((_, k) => names.length - 1 - k);
  const shares = names.map((name) => shareOf(parts, name));
  const dead = names.map((name) => shareOf(parts, name, ({ bornDead }) => bornDead).value);
  const told = names.flatMap((name, k) => (name in published ? [{ x: published[name], y: at[k] }] : []));
  return {
    title,
    subtitle,
    description:
      "The share of networks that are constant after training with 95 % intervals, the share that was born dead, and published shares.",
    panels: [
      {
        x: { label: "share of networks", domain: [0, 1] },
        y: { label: "", names: names.map((name, k) => ({ at: at[k], name })), domain: [-0.6, names.length - 0.4] },
        height: 40 + 34 * names.length,
        marks: [
          { kind: "dots", tone: 2, name: "born dead", x: dead, y: at },
          {
            kind: "dots",
            tone: 0,
            errors: "x",
            name: "collapsed, 95 % interval",
            x: shares.map(({ value }) => value),
            y: at,
            low: shares.map(({ low }) => low),
            high: shares.map(({ high }) => high),
          },
          ...(told.length > 0
            ? [
                {
                  kind: "dots",
                  tone: "neutral",
                  name: "published",
                  x: told.map(({ x }) => x),
                  y: told.map(({ y }) => y),
                } as const,
              ]
            : []),
        ],
      },
    ],
  };
}
