import { joinFigures, lineFigure } from "@sonde/plots";
import { formulaDomain } from "@sonde/vni";
import type { Claim } from "../claim.js";
import { type Comparison, equal } from "../comparison.js";
import { type VniPart, type VniRow, type VniSettings, vniParts, vniThrough } from "./measured.js";
import { variantNames } from "./variants.js";

const told = [1, 4, 8, 16, 32];

export const depthOverWidth: Claim<VniSettings, readonly VniRow[]> = {
  id: "vanishing-nodes/depth-over-width",
  number: "5.2",
  sentence:
    "The vanishing node indicator measures the redundancy; analytically it is proportional to depth and inversely proportional to width.",
  figureOf: "the indicator against depth and width",
  runs: "the local VNI (of the Jacobian at an input) and the VNI over Gaussian points of networks N-Nx32-1, beside the formula [1 + sum (mu2 / mu1^2 - 1 - s1)] / N where that is below 0.35",
  correction:
    "The formula is that of the local VNI, up to the 1 in (1 + c L) / N; over a data set the VNI is a quarter to three quarters of it, and 1 / N at every depth for tanh with orthogonal weights.",
  seconds: { quick: 2, standard: 40, full: 1500 },
  parts: ({ scale }) =>
    vniParts(
      scale,
      variantNames.flatMap((variant) =>
        (scale === "quick" ? [16, 32] : [32, 64, 128]).map((width) => ({ variant, width, depth: scale === "quick" ? 8 : 32 })),
      ),
      1900,
    ),
  measure: vniThrough,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const { name, layer, row, formula } of within(parts)) {
      comparisons.push(
        equal(`local VNI, ${name}, layer ${layer}, as the formula`, row.local, { value: formula }, { tolerance: 0.12 * formula }),
        equal(
          `VNI over the inputs, ${name}, layer ${layer}, as the formula`,
          row.vni,
          { value: formula },
          { bears: "value", tolerance: 0.12 * formula },
        ),
      );
    }
    return comparisons;
  },
  figure(parts, { title = "Proportional to depth, inversely to width", subtitle }) {
    return joinFigures(
      variantNames.map((variant) => {
        const own = parts.filter(({ settings }) => settings.variant === variant);
        return lineFigure({
          title: variant,
          x: { label: "hidden layer", whole: true },
          y: { label: "indicator", scale: "log" },
          series: own.map(({ settings: { width }, result }, tone) => ({
            name: `N = ${width}: formula`,
            tone,
            dash: "dashed" as const,
            x: result.map(({ layer }) => layer),
            y: result.map(({ formula }) => formula),
          })),
          marks: own.flatMap(({ result }, tone) => {
            const shown = result.filter((_, l) => told.includes(l + 1) || l % 8 === 7);
            return [
              {
                kind: "dots" as const,
                tone,
                ...(tone === 0 && { name: "local VNI, ± 2 standard errors" }),
                x: shown.map(({ layer }) => layer),
                y: shown.map(({ local }) => local.value),
                low: shown.map(({ local }) => local.value - 2 * local.standardError),
                high: shown.map(({ local }) => local.value + 2 * local.standardError),
              },
              {
                kind: "line" as const,
                tone,
                dash: "dotted" as const,
                ...(tone === 0 && { name: "VNI over the inputs" }),
                x: result.map(({ layer }) => layer),
                y: result.map(({ vni }) => vni.value),
              },
            ];
          }),
        });
      }),
      { title, subtitle },
    );
  },
};

/** Layers that are told, where the formula describes the local VNI. */
function within(parts: readonly VniPart[]) {
  return parts.flatMap(({ name, result }) =>
    result.flatMap((row) =>
      told.includes(row.layer) && row.formula !== null && row.formula < formulaDomain
        ? [{ name, layer: row.layer, row, formula: row.formula }]
        : [],
    ),
  );
}
