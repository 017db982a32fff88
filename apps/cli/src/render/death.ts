import type { DeadUnitDistribution, DeathRecord } from "@sonde/metrics-death";
import type { Architecture } from "@sonde/nets";
import { heading } from "./heading.js";
import { deathColumns, layerColumns } from "./layer-columns.js";
import { count, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shownLayers, table } from "./table.js";
import { labelled } from "./wrap.js";

export interface DeathReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly record: DeathRecord;
  readonly inputs: string;
  /** The number of dead units by layer, where it was asked for. */
  readonly dead?: readonly DeadUnitDistribution[];
  readonly safe?: readonly { readonly level: number; readonly hiddenLayers: number }[];
}

/** The report of `sonde death`. */
export function deathReport(page: Page, { model, architecture, record, inputs, safe = [], dead = [] }: DeathReport): string {
  const top = heading(page, model, architecture, measuredOn(record, inputs));
  if (record.layers.length === 0) return top.join("\n");
  const shown = shownLayers(record.layers.length);
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      ...deathColumns(record.layers, shown),
      ...(dead.length > 0 ? [{ heading: "dead units", cells: shown.map((l) => plusMinus(dead[l].dead)) }] : []),
    ],
    page.width,
  );
  return [
    ...top,
    "",
    `  P(born dead)     ${page.bold(plusMinus(record))}   ${page.dim(interval(record))}`,
    `  no living point  ${plusMinus(record.noLivingPoint)}`,
    ...labelled(page, "  theory           ", boundsText(record)),
    ...(safe.length > 0 ? [`  safe depth       ${safe.map(safeText).join(", ")} (hidden layers, by the bound)`] : []),
    "",
    page.dim(names),
    ...rows,
  ].join("\n");
}

/** On what, and on how many networks, something was measured. */
export function measuredOn({ domain, networks }: DeathRecord, inputs: string): string {
  const points = {
    rays: "exact: the network is fixed by its rays",
    interval: "exact: by each network's breakpoints",
    grid: `grid of ${count(domain.points, "point")}`,
    sample: count(domain.points, "random point"),
    data: count(domain.points, "point"),
  }[domain.kind];
  return `${count(networks, "random network")} on ${inputs} (${points})`;
}

/** The 95 % interval in words. */
export function interval({ low, high }: DeathRecord): string {
  return `95 %: ${short(low)} to ${short(high)}`;
}

/** Bounds in words. */
export function boundsText({ bounds: { lower, upper, theorem } }: DeathRecord): string {
  const range = lower === upper ? `exactly ${short(lower)}` : `${short(lower)} to ${short(upper)}`;
  return `${range} (${theorem})`;
}

function safeText({ level, hiddenLayers }: { readonly level: number; readonly hiddenLayers: number }): string {
  return `${hiddenLayers === Number.MAX_SAFE_INTEGER ? "any" : short(hiddenLayers)} for ${short(100 * level)} %`;
}
