import type { Estimate } from "@sonde/core";
import { deathProbability, intervalBounds } from "@sonde/metrics-death";
import { mlp } from "@sonde/nets";
import { lineFigure, type Series } from "@sonde/plots";
import type { Claim, Measured } from "../claim.js";
import { partsOf } from "../claim.js";
import { above, below, type Comparison, equal, type Value } from "../comparison.js";
import { share } from "../pooled.js";
import { rankCorrelation } from "../rank-correlation.js";
import { type CollapseResult, type CollapseSettings, trainToCollapse } from "./trained.js";

interface EstimateSettings extends Omit<CollapseSettings, "model"> {
  readonly width: number;
  readonly hiddenLayers: number;
  /** Root networks of the estimate. */
  readonly estimated: number;
}

interface EstimateResult extends CollapseResult {
  readonly estimate: Pick<Estimate, "value" | "standardError" | "networks">;
}

type EstimatePart = Measured<EstimateSettings, EstimateResult>;

const cells = {
  quick: { widths: [2, 3], depths: [4, 9], networks: 40, steps: 300 },
  standard: { widths: [2, 3, 4], depths: [4, 9, 14], networks: 100, steps: 1500 },
  full: { widths: [2, 3, 4, 5, 10], depths: [2, 4, 9, 14, 19], networks: 1000, steps: 5000 },
} as const;

export const estimate: Claim<EstimateSettings, EstimateResult> = {
  id: "collapse/estimate",
  number: "1.3",
  sentence: "The probability of the collapse can be estimated before training.",
  figureOf: "P(collapse) against depth and width",
  runs: "P(born dead) of 1-NxH-1 on the interval, without training, beside the share of networks of |x| that are constant after training",
  correction:
    "P(born dead) is a lower bound of P(collapse): networks that are alive at first die in training too, the more of all of them the fewer are born dead.",
  seconds: { quick: 4, standard: 100, full: 3000 },
  parts({ scale }) {
    const { widths, depths, networks, steps } = cells[scale];
    const trained = widths.flatMap((width) =>
      depths.map((hiddenLayers) => ({ width, hiddenLayers, networks, steps, estimated: 20_000 })),
    );
    // Statements on networks of ten layers, of which training is not asked.
    const statements = [3, 5, 10].map((width) => ({ width, hiddenLayers: 9, networks: 0, steps: 0, estimated: 20_000 }));
    return partsOf(
      [...trained, ...statements].map((cell, k) => ({
        name: `${cell.networks > 0 ? "trained" : "estimated"} 1-${cell.width}x${cell.hiddenLayers}-1`,
        ...cell,
        target: "abs",
        loss: "mse" as const,
        init: "he-normal",
        seed: 100 + k,
      })),
    );
  },
  async measure({ width, hiddenLayers, estimated, ...settings }, context) {
    const model = `1-${width}x${hiddenLayers}-1`;
    const { value, standardError, networks } = await deathProbability(mlp(model, { init: settings.init }), {
      domain: [-1, 1],
      networks: estimated,
      seed: settings.seed,
      signal: context.signal,
    });
    const counts = settings.networks > 0 ? await trainToCollapse({ model, ...settings }, context) : nothing;
    return { ...counts, estimate: { value, standardError, networks } };
  },
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const part of trainedOf(parts)) {
      const { width, hiddenLayers } = part.settings;
      const [dead, collapsed] = [part.result.estimate, collapsedOf(part)];
      const where = `width ${width}, H = ${hiddenLayers}`;
      const gap = { value: collapsed.value - dead.value, standardError: joint(collapsed, dead), networks: collapsed.networks };
      // Within chance both may be the same.
      comparisons.push(above(`P(collapse) - P(born dead), ${where}`, gap, { value: 0 }, { tolerance: 6 * gap.standardError }));
      comparisons.push(equal(`P(collapse), ${where}, as estimated`, collapsed, dead, { bears: "value", origin: "claim" }));
    }
    const trained = trainedOf(parts);
    comparisons.push(
      above(
        "rank correlation of P(collapse) with the estimate, over depth and width",
        {
          value: rankCorrelation(
            trained.map(({ result }) => result.estimate.value),
            trained.map((part) => collapsedOf(part).value),
          ),
          networks: trained.length,
        },
        { value: 0.9 },
        { origin: "claim" },
      ),
    );
    const ten = (width: number) => parts.find(({ name }) => name === `estimated 1-${width}x9-1`)?.result.estimate as Value;
    const published = { origin: "published", bears: "value" } as const;
    comparisons.push(
      below("P(born dead), width 10, 10 layers", ten(10), { value: 0.01 }, published),
      above("P(born dead), width 5, 10 layers", ten(5), { value: 0.1 }, published),
      // "About 60 %".
      equal("P(born dead), width 3, 10 layers", ten(3), { value: 0.6 }, { ...published, tolerance: 0.05 }),
    );
    return comparisons;
  },
  figure(parts, { title = "The collapse, estimated before training", subtitle }) {
    const rows = trainedOf(parts);
    const widths = [...new Set(rows.map(({ settings }) => settings.width))];
    const depths = [...new Set(rows.map(({ settings }) => settings.hiddenLayers))];
    const series = widths.flatMap((width, tone): Series[] => {
      const most = Math.max(...depths);
      const line = Array.from({ length: most - 1 }, (_, k) => k + 2);
      const bounds = line.map((hiddenLayers) => intervalBounds(width, hiddenLayers));
      return [
        {
          name: `width ${width}: bounds`,
          tone,
          x: line,
          y: line.map(() => null),
          low: bounds.map(({ lower }) => lower),
          high: bounds.map(({ upper }) => upper),
        },
      ];
    });
    const dots = widths.flatMap((width, tone) => {
      const own = rows.filter(({ settings }) => settings.width === width);
      const x = own.map(({ settings }) => settings.hiddenLayers);
      const shares = own.map(collapsedOf);
      return [
        {
          kind: "dots",
          tone,
          name: `width ${width}: collapsed after training, 95 % interval`,
          x,
          y: shares.map(({ value }) => value),
          low: shares.map(({ low }) => low),
          high: shares.map(({ high }) => high),
        } as const,
        {
          kind: "line",
          tone,
          dash: "dashed",
          name: `width ${width}: P(born dead), estimated`,
          x,
          y: own.map(({ result }) => result.estimate.value),
        } as const,
      ];
    });
    return lineFigure({
      title,
      subtitle,
      x: { label: "hidden layers H", whole: true },
      y: { label: "probability", domain: [0, 1] },
      series,
      marks: dots,
      description:
        "P(born dead) with its bounds and the share of networks that are constant after training, against depth, by width.",
    });
  },
};

const nothing: CollapseResult = {
  networks: 0,
  collapsed: 0,
  atMean: 0,
  atMedian: 0,
  elsewhere: 0,
  learned: 0,
  bornDead: 0,
  bornDeadLearned: 0,
  revived: 0,
  mean: [],
  median: [],
  constant: [],
};

function trainedOf(parts: readonly EstimatePart[]): EstimatePart[] {
  return parts.filter(({ settings }) => settings.networks > 0);
}

function collapsedOf({ result }: EstimatePart): Estimate {
  return share([{ count: result.collapsed, networks: result.networks }]);
}

function joint(a: Value, b: Value): number {
  const [x, y] = [a.standardError ?? 0, b.standardError ?? 0];
  return Math.sqrt(x * x + y * y);
}
