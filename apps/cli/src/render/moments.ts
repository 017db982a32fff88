import type { ColumnSummary, MomentsRecord, Pathology } from "@sonde/moments";
import type { Architecture } from "@sonde/nets";
import { heading } from "./heading.js";
import { layerColumns } from "./layer-columns.js";
import { count, plusMinus, short } from "./numbers.js";
import type { Page } from "./page.js";
import { shownLayers, table } from "./table.js";
import { labelled } from "./wrap.js";

export interface MomentsReport {
  readonly model: string;
  readonly architecture: Architecture;
  readonly record: MomentsRecord;
  readonly inputs: string;
}

/** The report of `sonde moments`. */
export function momentsReport(page: Page, { model, architecture, record, inputs }: MomentsReport): string {
  const { layers, networks, jacobian } = record;
  const frozen = jacobian === "full" ? ", noise with the full derivative of batch norm" : "";
  const top = heading(page, model, architecture, `${count(networks, "random network")}, ${inputs}${frozen}`);
  if (layers.length === 0) return top.join("\n");
  const shown = shownLayers(layers.length);
  const mean = (summary?: ColumnSummary) => (summary && summary.networks > 0 ? short(summary.mean) : "–");
  const column = (name: keyof (typeof layers)[number], heading: string, optional = false) => ({
    heading,
    optional,
    cells: shown.map((l) => mean(layers[l][name] as ColumnSummary | undefined)),
  });
  const [names, ...rows] = table(
    [
      ...layerColumns(architecture, shown),
      { heading: "ln χ", cells: shown.map((l) => withError(layers[l].logChi)) },
      { heading: "theory", cells: shown.map((l) => short(layers[l].theory.logChi ?? Number.NaN)) },
      { heading: "δχ", cells: shown.map((l) => withError(layers[l].deltaChi)) },
      column("effectiveRank", "r_eff(x)"),
      column("noiseEffectiveRank", "r_eff(dx)"),
      column("spread", "μ₂/ν₂"),
      column("logNu2", "ln ν₂"),
      column("kurtosis", "μ₄(z)", true),
      column("meanAbsZ", "ν₁(|z|)", true),
    ].filter(({ cells }) => cells.some((cell) => cell !== "–")),
    page.width,
  );
  return [
    ...top,
    "",
    ...record.pathologies.flatMap((found) => pathologyLines(page, found, record)),
    "",
    page.dim(names),
    ...rows,
  ].join("\n");
}

/** One pathology: whether it is there, and the number that decides. */
function pathologyLines(
  page: Page,
  { pathology, present, layer, value, standardError, threshold }: Pathology,
  { tau }: MomentsRecord,
): string[] {
  const number = plusMinus({ value, standardError });
  const words = {
    "zero-dimensional-signal": `μ₂/ν₂ is ${number} at the last layer`,
    "one-dimensional-signal": Number.isFinite(value)
      ? `the effective rank of the signal is ${number} at the last layer`
      : "a signal without spread at the last layer has no effective rank",
    "exploding-sensitivity": present
      ? `χ grows by exp(${number}) a layer`
      : `χ does not grow exponentially${Number.isFinite(tau.mean) && tau.mean > 0 ? ` (fitted power l^${plusMinus({ value: tau.mean, standardError: tau.standardError })})` : ""}`,
  }[pathology];
  const where = present && pathology !== "exploding-sensitivity" ? `, below ${threshold} from layer ${layer} on` : "";
  const label = `  ${present ? "✗" : "✓"} ${present ? "" : "no "}${pathology.replaceAll("-", " ")}: `;
  const [first, ...rest] = labelled(page, label, `${words}${where}`);
  const colour = present ? page.red : page.green;
  return [colour(label) + first.slice(label.length), ...rest];
}

function withError({ mean, standardError, networks }: ColumnSummary): string {
  return networks > 0 ? plusMinus({ value: mean, standardError }) : "–";
}
