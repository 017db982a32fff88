import type { Architecture } from "@sonde/nets";
import type { CoordinateRecord, OverfitRecord, TrainingPlan } from "@sonde/training";
import { heading } from "./heading.js";
import { count, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { bar } from "./spark.js";
import { table } from "./table.js";

interface QuickReport<Record> {
  readonly model: string;
  readonly architecture: Architecture;
  readonly plan: TrainingPlan;
  readonly record: Record;
  /** What was learned, in words. */
  readonly task: string;
}

/** The report of `sonde train --overfit`. */
export function overfitReport(page: Page, { model, architecture, plan, record, task }: QuickReport<OverfitRecord>): string {
  const { learned, steps, points, runs } = record;
  const all = learned.value === 1;
  const verdict =
    learned.value === 0
      ? page.red(
          page.bold(
            `  ✗ no: none of ${runs} networks learned ${count(points, "point")} by heart in ${count(plan.steps, "step")}`,
          ),
        )
      : (all ? page.green : page.yellow)(
          page.bold(
            `  ${all ? "✓ yes" : "! some"}: ${percent(learned.value)} of the networks learned ${count(points, "point")} by heart`,
          ),
        );
  return [
    ...heading(page, model, architecture, `${count(runs, "random network")} trained on ${count(points, "point")} of ${task}`),
    page.dim(`  ${plan.loss.name} · ${plan.optimizer.name} ${short(plan.learningRate)} · all points in every batch`),
    "",
    verdict,
    ...(learned.networks > 1
      ? [`    learned  ${bar(learned.value, 24)} ${page.dim(`95 %: ${percent(learned.low)} to ${percent(learned.high)}`)}`]
      : []),
    ...(steps.p50 === null
      ? []
      : [`    steps    median ${short(steps.p50)}, 5 % to 95 %: ${short(steps.p05 ?? 0)} to ${short(steps.p95 ?? 0)}`]),
  ].join("\n");
}

/** The report of `sonde train --coordinate-check`. */
export function coordinateReport(
  page: Page,
  { model, architecture, plan, record, task }: QuickReport<CoordinateRecord & { readonly widths: readonly number[] }>,
): string {
  const { layers, widths, steps, runs } = record;
  const last = steps.length - 1;
  const cell = (value: number | null) => (value === null ? "–" : short(value));
  const [head, ...rows] = table(
    [
      { heading: "layer", cells: layers.map(({ layer }) => String(layer)) },
      ...widths.map((width, w) => ({
        heading: `width ${width}`,
        cells: layers.map(({ values }) => `${cell(values[w][0].p50)} → ${cell(values[w][last].p50)}`),
      })),
      { heading: "slope", cells: layers.map(({ slope }) => (slope === null ? "–" : slope.toFixed(2))) },
    ],
    page.width,
  );
  return [
    ...heading(page, model, architecture, `mean |activation| of ${count(runs, "network")} of each width on ${task}`),
    page.dim(`  ${plan.optimizer.name} ${short(plan.learningRate)} · before training → after ${count(last, "step")}`),
    "",
    page.dim(head),
    ...rows,
    "",
    page.dim("  slope: of ln |activation| against ln width after the last step; 0 where width does not matter"),
  ].join("\n");
}
