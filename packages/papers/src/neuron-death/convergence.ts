import { type AliveAtDepth, singlePointBound } from "@sonde/metrics-death";
import { lineFigure } from "@sonde/plots";
import type { Claim } from "../claim.js";
import { below, equal } from "../comparison.js";
import { aliveAtDepths, type DepthSettings, depthParts } from "./by-depth.js";

/** P(alive) over the single-point bound at 20 layers, by an independent count. */
const replicated: Readonly<Record<number, number>> = { 2: 1.6, 3: 1.4, 4: 1.27 };

export const convergence: Claim<DepthSettings, readonly AliveAtDepth[]> = {
  id: "neuron-death/convergence",
  number: "2.6",
  sentence: "In simulation the probability converges rapidly to its lower bound with depth.",
  figureOf: "P(alive) and its bound against depth",
  runs: "P(alive) of networks 1-NxH-1 less the bound of a single point, and divided by it, at every depth",
  correction:
    "At fixed width the gap between P(alive) and the bound vanishes, not their ratio: it settles at about 1.60, 1.40 and 1.27 for widths 2, 3 and 4.",
  seconds: { quick: 1, standard: 5, full: 60 },
  parts: ({ scale }) =>
    depthParts([2, 3, 4], scale === "quick" ? 40 : 80, { quick: 4000, standard: 40_000, full: 400_000 }[scale]),
  measure: aliveAtDepths,
  compare: (parts) =>
    parts.flatMap(({ settings: { width }, result }) => {
      const bound = (depth: number) => boundOf(width, depth);
      const gaps = result.map(({ alive, hiddenLayers }) => alive.value - bound(hiddenLayers));
      const largest = Math.max(...gaps);
      const last = result[result.length - 1];
      const gap = (row: AliveAtDepth) => ({
        value: row.alive.value - bound(row.hiddenLayers),
        standardError: row.alive.standardError,
        networks: row.alive.networks,
      });
      const ratio = (row: AliveAtDepth) => ({
        value: row.alive.value / bound(row.hiddenLayers),
        standardError: row.alive.standardError / bound(row.hiddenLayers),
        networks: row.alive.networks,
      });
      return [
        below(`P(alive) - bound, width ${width}, H = ${last.hiddenLayers}, below half its largest`, gap(last), {
          value: largest / 2,
        }),
        equal(
          `P(alive) / bound, width ${width}, H = 20, would be 1`,
          ratio(result[19]),
          { value: 1 },
          { origin: "claim", bears: "value" },
        ),
        equal(
          `P(alive) / bound, width ${width}, H = 20`,
          ratio(result[19]),
          { value: replicated[width] },
          {
            origin: "replicated here",
            bears: "context",
            tolerance: 0.005,
          },
        ),
      ];
    }),
  figure: (parts, { title = "P(alive) over its lower bound", subtitle }) =>
    lineFigure({
      title,
      subtitle,
      x: { label: "hidden layers H", whole: true },
      y: { label: "P(alive) / single-point bound" },
      series: parts.map(({ name, settings: { width }, result }) => ({
        name: `${name}, 95 % interval`,
        x: result.map(({ hiddenLayers }) => hiddenLayers),
        y: result.map(({ alive, hiddenLayers }) => alive.value / boundOf(width, hiddenLayers)),
        low: result.map(({ alive, hiddenLayers }) => alive.low / boundOf(width, hiddenLayers)),
        high: result.map(({ alive, hiddenLayers }) => alive.high / boundOf(width, hiddenLayers)),
      })),
      marks: [{ kind: "rule", axis: "y", at: 1, tone: "neutral", dash: "dashed", name: "the bound" }],
    }),
};

/** P(alive) of a single point, below that of any input set. */
function boundOf(width: number, hiddenLayers: number): number {
  return 1 - singlePointBound(new Array<number>(hiddenLayers).fill(width));
}
