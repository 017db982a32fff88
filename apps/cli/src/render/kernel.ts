import type { Matrix } from "@sonde/core";
import type { KernelCondition } from "@sonde/infinite-width";
import type { KernelDifference, MeasuredKernel } from "@sonde/metrics-kernel";
import type { Architecture } from "@sonde/nets";
import { heading } from "./heading.js";
import { count, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { table } from "./table.js";

export interface KernelReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly inputs: string;
  readonly nngp: Matrix;
  readonly ntk?: Matrix;
  readonly conditions: { readonly nngpCondition?: KernelCondition; readonly ntkCondition?: KernelCondition };
  readonly measured?: MeasuredKernel & { readonly difference: KernelDifference };
}

/** The report of `sonde kernel`: what the matrices are like; `--json` prints them. */
export function kernelReport(page: Page, report: KernelReport): string {
  const { model, architecture, inputs, nngp, ntk, conditions, measured } = report;
  const rows = [
    { name: "NNGP", kernel: nngp, condition: conditions.nngpCondition },
    ...(ntk ? [{ name: "NTK", kernel: ntk, condition: conditions.ntkCondition }] : []),
  ].map(({ name, kernel, condition }) => ({ name, condition, ...spread(kernel) }));
  const [names, ...lines] = table(
    [
      { heading: "kernel", align: "left", cells: rows.map(({ name }) => name) },
      { heading: "diagonal", cells: rows.map(({ diagonal: [low, high] }) => `${short(low)} to ${short(high)}`) },
      {
        heading: "correlation",
        cells: rows.map(correlationText),
      },
      {
        heading: "largest eigenvalue",
        cells: rows.map(({ condition }) => (condition ? short(condition.largest) : "–")),
        optional: true,
      },
      {
        heading: "condition",
        cells: rows.map(({ condition }) => conditionText(condition)),
      },
    ],
    page.width,
  );
  return [
    ...heading(
      page,
      model,
      architecture,
      `infinite width on ${inputs} (${count(nngp.rows, "point")}); --json prints the matrices`,
    ),
    "",
    page.dim(names),
    ...lines,
    ...(measured ? ["", ...measuredLines(measured)] : []),
  ].join("\n");
}

function measuredLines({
  networks,
  difference: { difference, noise, deviation },
}: NonNullable<KernelReport["measured"]>): string[] {
  return [
    `  ${count(networks, "random network")} of the model's own widths (NNGP, root mean square over pairs, of its scale)`,
    `  mean kernel      ${percent(difference)} from infinite width, of which noise ${percent(noise)}`,
    `  single networks  ${percent(deviation)} from infinite width`,
  ];
}

/** The condition number, if there is one. */
export function conditionText(condition: KernelCondition | undefined): string {
  if (!condition) return "–";
  return condition.condition === Number.POSITIVE_INFINITY ? "singular" : short(condition.condition);
}

/** The range of the correlations; there is none of a single point. */
export function correlationText({ correlation: [low, high] }: ReturnType<typeof spread>): string {
  return high < low ? "–" : `${low.toFixed(4)} to ${high.toFixed(4)}`;
}

/** Ranges of the diagonal, and of the correlations between different points. */
export function spread({ rows, data }: Matrix): { diagonal: [number, number]; correlation: [number, number] } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < rows; i++) {
    const own = data[i * rows + i];
    low = Math.min(low, own);
    high = Math.max(high, own);
    for (let j = 0; j < i; j++) {
      const correlation = data[i * rows + j] / Math.sqrt(own) / Math.sqrt(data[j * rows + j]);
      // Where a point has no variance there is no correlation.
      if (!Number.isFinite(correlation)) continue;
      least = Math.min(least, correlation);
      most = Math.max(most, correlation);
    }
  }
  return { diagonal: [low, high], correlation: [least, most] };
}
