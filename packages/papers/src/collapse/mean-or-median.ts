import type { Claim } from "../claim.js";
import { above, type Comparison, equal } from "../comparison.js";
import { grouped } from "../pooled.js";
import { collapseParts, rowsFigure, shareOf } from "./rows.js";
import { type CollapseResult, type CollapseSettings, trainToCollapse } from "./trained.js";

const he = { init: "he-normal" };
const rows = [
  { target: "|x|, MSE", name: "He", choices: he },
  { target: "x sin 5x, MSE", name: "He", choices: he },
  { target: "x sin 5x, MAE", name: "He", choices: he },
  { target: "step + 0.2 sin 5x, MSE", name: "He", choices: he },
  { target: "2-d, MSE", name: "He", choices: he },
] as const;

/**
 * Adam never comes to rest: steps of 0.001 follow batches whose means vary by s = sd / sqrt(128) around the target's (all have an sd of at most 1), so that a constant wanders with variance 0.001 s / 2. Networks of a row share
 * their batches, so their median wanders as much.
 */
const restlessness = Math.sqrt(0.001 / Math.sqrt(128) / 2);

export const meanOrMedian: Claim<CollapseSettings, CollapseResult> = {
  id: "collapse/mean-or-median",
  number: "1.1",
  sentence:
    "Deep and narrow ReLU networks converge, with high probability, to a constant: the mean of the target or its median, depending on the loss.",
  runs: "networks 1-2x9-1 (2-4x19-2 for the target of the plane) trained by Adam at 0.001 on 3000 points, and the constant that each collapsed network ended at",
  seconds: { quick: 5, standard: 150, full: 1500 },
  parts: ({ scale }) => collapseParts(scale, rows),
  measure: trainToCollapse,
  compare(parts) {
    const at = (row: string) => parts.find(({ name }) => name.split(" #")[0] === row) as (typeof parts)[number];
    const comparisons: Comparison[] = [];
    for (const { target } of rows) {
      const row = `${target}: He`;
      const collapsed = shareOf(parts, row);
      const most = target === "2-d, MSE" ? 0.3 : 0.7;
      comparisons.push(above(`P(collapse), ${target}`, collapsed, { value: most }, { origin: "claim" }));
      const [where, there] =
        target === "x sin 5x, MAE"
          ? (["median", ({ atMedian }: CollapseResult) => atMedian] as const)
          : (["mean", ({ atMean }: CollapseResult) => atMean] as const);
      const results = (grouped(parts).get(row) ?? []).map(({ result }) => result);
      const count = (of: (result: CollapseResult) => number) => results.reduce((sum, result) => sum + of(result), 0);
      comparisons.push(
        above(
          `share of the collapsed at the ${where}, ${target}`,
          { value: count(there) / count(({ collapsed: c }) => c), networks: count(({ collapsed: c }) => c) },
          { value: 0.95 },
          { origin: "claim" },
        ),
      );
      const { result } = at(row);
      const constants = where === "mean" ? result.mean : result.median;
      for (const [j, expected] of constants.entries())
        comparisons.push(
          equal(
            `constant reached, ${target}${constants.length > 1 ? `, output ${j + 1}` : ""}`,
            { value: result.constant[j] ?? Number.NaN, standardError: restlessness },
            { value: expected },
          ),
        );
    }
    return comparisons;
  },
  figure: (parts, text) => rowsFigure(parts, {}, { title: "Deep and narrow networks become constant", ...text }),
};
