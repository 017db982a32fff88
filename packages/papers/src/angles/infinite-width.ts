import type { Claim } from "../claim.js";
import { above, below, type Comparison } from "../comparison.js";
import { anglesFigure } from "./figure.js";
import { type AngleRow, type AngleSettings, angleParts, anglesThrough, rowAt } from "./measured.js";

export const infiniteWidth: Claim<AngleSettings, readonly AngleRow[]> = {
  id: "angles/infinite-width",
  number: "4.4",
  sentence: "The prediction differs from that of infinite width, which sees depth only.",
  figureOf: "finite against infinite width",
  runs: "simulated angles of widths 15, 30, 50, 100 and 256 at equal depths, beside the one prediction of infinite width for all of them, and the two architectures [15] x 30 and [50] x 50 that it ranks the other way",
  correction: "[15] x 30 lies 1.8 below [50] x 50 in ln sin², not 7.5 as the published update says.",
  seconds: { quick: 1, standard: 5, full: 60 },
  parts: ({ scale }) => angleParts(scale, [15, 30, 50, 100, 256], { seed: 1600, depth: 50 }),
  measure: anglesThrough,
  compare(parts) {
    const at = (width: number, layer: number) =>
      rowAt(parts.find(({ settings }) => settings.width === width) as (typeof parts)[number], layer);
    const comparisons: Comparison[] = [];
    for (const layer of [10, 50]) {
      comparisons.push(
        below(
          `mean ln sin², layer ${layer}, width 15, below that of width 256`,
          at(15, layer).simulated,
          at(256, layer).simulated,
        ),
        below(`mean ln sin², layer ${layer}, width 50, below infinite width`, at(50, layer).simulated, {
          value: at(50, layer).infinite,
        }),
        below(
          `difference of infinite width between widths 15 and 256, layer ${layer}`,
          { value: Math.abs(at(15, layer).infinite - at(256, layer).infinite) },
          { value: 1e-12 },
        ),
      );
    }
    const [narrow, wide] = [at(15, 30), at(50, 50)];
    comparisons.push(
      below("mean ln sin² of [15] x 30, below that of [50] x 50", narrow.simulated, wide.simulated, { origin: "claim" }),
      above("the same at infinite width, above", { value: narrow.infinite }, { value: wide.infinite }, { origin: "claim" }),
    );
    const apart = {
      value: narrow.simulated.value - wide.simulated.value,
      standardError: Math.sqrt(
        narrow.simulated.standardError * narrow.simulated.standardError +
          wide.simulated.standardError * wide.simulated.standardError,
      ),
      networks: narrow.simulated.networks,
    };
    comparisons.push(
      below(
        "ln sin² of [15] x 30 less that of [50] x 50, as far as published",
        apart,
        { value: -13.7225 + 6.2297 },
        { origin: "published", bears: "value", tolerance: 0.5 },
      ),
    );
    return comparisons;
  },
  figure: (parts, text) => anglesFigure(parts.slice(0, 4), { title: "Infinite width sees depth only", ...text }),
};
