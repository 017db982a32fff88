import { lineFigure } from "@sonde/plots";
import type { Claim } from "../claim.js";
import { above, type Comparison, equal } from "../comparison.js";
import { type VniRow, type VniSettings, vniParts, vniThrough } from "./measured.js";
import type { Variant } from "./variants.js";

/** Means over 50 networks at 2000 points by an independent program: variant, width, layer, VNI and its error, weighted and its error. */
const replicated: readonly (readonly [Variant, number, number, number, number, number, number])[] = [
  ["ReLU, Gaussian", 64, 5, 0.044, 0.0009, 0.1047, 0.0032],
  ["ReLU, Gaussian", 64, 50, 0.506, 0.0255, 0.897, 0.0152],
];

export const withDepth: Claim<VniSettings, readonly VniRow[]> = {
  id: "vanishing-nodes/with-depth",
  number: "5.1",
  sentence: "Hidden nodes become more correlated with depth; redundancy grows.",
  figureOf: "the indicator against depth",
  runs: "the VNI over Gaussian points through 50 layers of 64 units, tanh and ReLU, Gaussian and orthogonal weights",
  correction: "Orthogonal weights with tanh are an exception over a data set: all units stay different there at every depth.",
  seconds: { quick: 2, standard: 15, full: 600 },
  parts: ({ scale }) =>
    vniParts(
      scale,
      (["tanh, Gaussian", "tanh, orthogonal", "ReLU, Gaussian", "ReLU, orthogonal"] as const).map((variant) => ({
        variant,
        width: scale === "quick" ? 32 : 64,
        depth: 50,
      })),
      1800,
    ),
  measure: vniThrough,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const { name, settings, result } of parts) {
      const bears = settings.variant === "tanh, orthogonal" ? "value" : "claim";
      for (const [early, late] of [
        [5, 20],
        [20, 50],
      ])
        comparisons.push(
          above(`VNI, ${name}, layer ${late}, above that at layer ${early}`, result[late - 1].vni, result[early - 1].vni, {
            bears,
          }),
        );
      if (settings.variant === "tanh, orthogonal")
        comparisons.push(
          equal(
            `N VNI, ${name}, layer 50`,
            scaled(result[49].vni, settings.width),
            { value: 1 },
            { bears: "context", tolerance: 0.01 },
          ),
        );
      if (settings.points === 2000)
        for (const [variant, width, layer, value, error, weighted, weightedError] of replicated)
          if (variant === settings.variant && width === settings.width)
            comparisons.push(
              equal(
                `VNI, ${name}, layer ${layer}`,
                result[layer - 1].vni,
                { value, standardError: error },
                { origin: "replicated here", bears: "context" },
              ),
              equal(
                `weighted VNI, ${name}, layer ${layer}`,
                result[layer - 1].weighted,
                { value: weighted, standardError: weightedError },
                {
                  origin: "replicated here",
                  bears: "context",
                  tolerance: 0.005 * weighted,
                },
              ),
            );
    }
    return comparisons;
  },
  figure: (parts, { title = "Units become copies of one another with depth", subtitle }) =>
    lineFigure({
      title,
      subtitle,
      x: { label: "hidden layer", whole: true },
      y: { label: "VNI over the inputs", scale: "log" },
      series: parts.map(({ name, result }) => ({
        name: `${name}, ± 2 standard errors`,
        x: result.map(({ layer }) => layer),
        y: result.map(({ vni }) => vni.value),
        low: result.map(({ vni }) => vni.value - 2 * vni.standardError),
        high: result.map(({ vni }) => vni.value + 2 * vni.standardError),
      })),
      marks: [{ kind: "rule", axis: "y", at: 1, tone: "neutral", dash: "dashed", name: "all units alike" }],
    }),
};

function scaled({ value, standardError, networks }: VniRow["vni"], by: number) {
  return { value: by * value, standardError: by * standardError, networks };
}
