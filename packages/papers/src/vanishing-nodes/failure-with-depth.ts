import { type Estimate, proportion } from "@sonde/core";
import { joinFigures, lineFigure } from "@sonde/plots";
import type { Claim } from "../claim.js";
import { above, type Comparison } from "../comparison.js";
import { type CornerPart, type CornerResult, type CornerSettings, learnCorners, learnedOf } from "./corners.js";
import { type Variant, variantNames, variants } from "./variants.js";

export const failureWithDepth: Claim<CornerSettings, CornerResult> = {
  id: "vanishing-nodes/failure-with-depth",
  number: "5.7",
  sentence: "The likelihood of failed training grows with depth.",
  figureOf: "the map of failed training over depth and width",
  runs: "networks on exclusive or over depths and widths, tanh and ReLU, Gaussian and orthogonal weights, each cell by Adam at the rate with which most of four others learn; failed are those that do not learn in 500 steps",
  correction:
    "It grows at small widths; at width 16 and more networks with weights that keep signals may learn at every depth up to 64, at a rate of their own.",
  seconds: { quick: 4, standard: 120, full: 3000 },
  parts({ scale }) {
    const depths = { quick: [1, 32], standard: [1, 32], full: [1, 2, 4, 8, 16, 32, 64, 128] }[scale];
    const widths = { quick: [4], standard: [4, 16], full: [2, 4, 8, 16, 32, 64] }[scale];
    const networks = { quick: 24, standard: 30, full: 200 }[scale];
    return variantNames.flatMap((variant, v) =>
      widths.flatMap((width, w) =>
        depths.map((depth, d) => ({
          name: `${variant}, width ${width}, L = ${depth}`,
          settings: {
            model: `2-${width}x${depth}-1`,
            options: variants[variant],
            optimizer: "adam" as const,
            steps: 500,
            networks,
            seed: 3100 + 100 * v + 10 * w + d,
          },
        })),
      ),
    );
  },
  measure: learnCorners,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const [variant, width, cells] of groups(parts)) {
      const [first, last] = [cells[0], cells[cells.length - 1]];
      comparisons.push(
        above(`failed share, ${variant}, width ${width}, L = ${last.depth}, above that at L = 1`, last.failed, first.failed, {
          origin: "claim",
          bears: width <= 4 && variant !== "tanh, orthogonal" ? "claim" : "value",
        }),
      );
    }
    return comparisons;
  },
  figure: (parts, { title = "Failed training against depth", subtitle }) =>
    joinFigures(
      variantNames.map((variant) => {
        const own = groups(parts).filter(([name]) => name === variant);
        return lineFigure({
          title: variant,
          x: { label: "hidden layers L", scale: "log" },
          y: { label: "failed share, 95 % interval", domain: [0, 1] },
          series: own.map(([, width, cells]) => ({
            name: `width ${width}`,
            x: cells.map(({ depth }) => depth),
            y: cells.map(({ failed }) => failed.value),
          })),
          marks: own.map(([, , cells], tone) => ({
            kind: "dots" as const,
            tone,
            x: cells.map(({ depth }) => depth),
            y: cells.map(({ failed }) => failed.value),
            low: cells.map(({ failed }) => failed.low),
            high: cells.map(({ failed }) => failed.high),
          })),
        });
      }),
      { title, subtitle },
    ),
};

/** Variant, width and the failed share by depth. */
function groups(parts: readonly CornerPart[]): [Variant, number, { depth: number; failed: Estimate }[]][] {
  const found = new Map<string, [Variant, number, { depth: number; failed: Estimate }[]]>();
  for (const { name, settings, result } of parts) {
    const variant = variantNames.find((one) => name.startsWith(one)) as Variant;
    const [, width, depth] = (/2-(\d+)x(\d+)-1/.exec(settings.model) ?? []).map(Number);
    const group = found.get(`${variant} ${width}`) ?? [variant, width, []];
    const { count, networks } = learnedOf(result.networks);
    group[2].push({ depth, failed: proportion(networks - count, networks) });
    found.set(`${variant} ${width}`, group);
  }
  return [...found.values()];
}
