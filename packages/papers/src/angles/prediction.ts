import type { Claim } from "../claim.js";
import { below, type Comparison, equal } from "../comparison.js";
import { anglesFigure } from "./figure.js";
import { type AngleRow, type AngleSettings, angleParts, anglesThrough, rowAt } from "./measured.js";

/** Hidden layers at which predictions are judged. */
const layers = [10, 50, 100];

export const prediction: Claim<AngleSettings, readonly AngleRow[]> = {
  id: "angles/prediction",
  number: "4.2",
  sentence: "A simple algorithm predicts the level of degeneracy of any fully connected ReLU architecture accurately.",
  figureOf: "prediction against simulation over widths and depths",
  runs: "the mean of ln sin² predicted by the published update, by infinite width, and by the law of this project, beside simulations of widths 8 to 256 from two angles",
  correction:
    "The published update is right to order 1/n only: it is far too low at widths below about 64. The exact small-angle law (the prediction of this project) is right at every width.",
  seconds: { quick: 1, standard: 12, full: 150 },
  parts: ({ scale }) => {
    const widths = { quick: [16, 64], standard: [8, 16, 64, 256], full: [8, 16, 32, 64, 128, 256] }[scale];
    return [
      ...angleParts(scale, widths, { standard: 4000 }),
      ...angleParts(scale, widths, { theta0: 0.1, seed: 1400, standard: 4000 }),
    ];
  },
  measure: anglesThrough,
  compare(parts) {
    const comparisons: Comparison[] = [];
    for (const part of parts)
      for (const layer of layers) {
        const { simulated, infinite, published, finite } = rowAt(part, layer);
        const where = `${part.name}, layer ${layer}`;
        if (layer === 100 && part.settings.width >= 64)
          // Far off infinite width: the published update must be nearer.
          comparisons.push(
            below(
              `error of the published mean, ${where}, below that of infinite width`,
              errorOf(published, simulated),
              errorOf(infinite, simulated),
              { origin: "claim" },
            ),
          );
        comparisons.push(
          equal(
            `published mean of ln sin², ${where}`,
            simulated,
            { value: published },
            { origin: "published", bears: "value", tolerance: 0.1 },
          ),
          equal(
            `mean of ln sin² as predicted here, ${where}`,
            simulated,
            { value: finite.mean },
            {
              bears: "context",
              tolerance: Math.max(0.05, 0.01 * Math.abs(finite.mean)),
            },
          ),
        );
      }
    return comparisons;
  },
  figure: (parts, text) =>
    anglesFigure(
      parts.filter(({ settings }) => settings.theta0 > 1),
      { title: "Predicted and simulated angles", ...text },
    ),
};

function errorOf(predicted: number, { value, standardError, networks }: AngleRow["simulated"]) {
  return { value: Math.abs(predicted - value), standardError, networks };
}
