import { quote } from "@sonde/core";
import type { SafeDepth, SafeRegion } from "@sonde/metrics-death";
import { percent, thousands } from "./numbers.js";
import type { Page } from "./page.js";
import { shownLayers, table } from "./table.js";
import { wrap } from "./wrap.js";

export interface SafeRegionReport {
  readonly model: string;
  readonly region: Omit<SafeRegion, "interrupted">;
  readonly inputs: string;
}

/** Shades of the map: below the first level, between the levels, above the last. */
const shades = ["·", "░", "▒", "▓", "█"];

/** The report of `sonde death --safe-region`. */
export function safeRegionReport(page: Page, { model, region, inputs }: SafeRegionReport): string {
  const { widths, depths, contours, rows } = region;
  const shown = shownLayers(widths.length, 40);
  const safe = (depths: readonly SafeDepth[]) => shown.map((w) => depthText(depths[w]));
  const columns = [
    { heading: "width", cells: shown.map((w) => String(widths[w])) },
    ...contours.flatMap(({ level, estimated, guaranteed }) => [
      { heading: `safe for ${percent(level)}`, cells: safe(estimated) },
      { heading: "guaranteed", cells: safe(guaranteed) },
    ]),
    { heading: "networks", cells: shown.map((w) => thousands(rows[w].bornDead[0].networks)) },
  ];
  const [names, ...lines] = table(columns, page.width);
  return [
    `  ${page.bold(quote(model).slice(1, -1))}`,
    ...wrap(`every width and depth of this model, on ${inputs}; bounds: ${region.theorem}`, page.width, "  ").map(page.dim),
    "",
    "  largest safe number of hidden layers, by estimate (95 % interval) and by the bound",
    "",
    page.dim(names),
    ...lines,
    "",
    ...mapLines(page, region),
    ...(depths.length === 0 ? [] : [""]),
    `  ${legend(contours.map(({ level }) => level))}`,
  ].join("\n");
}

function depthText({ hiddenLayers, low, high, openEnded }: SafeDepth): string {
  const text = `${openEnded ? ">= " : ""}${hiddenLayers}`;
  return low === high ? text : `${text} (${low} to ${high})`;
}

/** P(born dead) over depth (to the right) and width (up), each character the probability at its place. */
function mapLines(page: Page, { widths, depths, rows, contours }: SafeRegionReport["region"]): string[] {
  const across = shownLayers(depths.length, page.width - 12);
  const up = shownLayers(widths.length, 24).reverse();
  const levels = contours.map(({ level }) => level).sort((a, b) => a - b);
  const ends = [String(depths[across[0]]), String(depths[across[across.length - 1]])];
  return [
    page.dim("   width"),
    ...up.map((w) => {
      const cells = across.map((d) => shades[shadeOf(rows[w].bornDead[d].value, levels)]).join("");
      return `  ${String(widths[w]).padStart(6)}  ${cells}`;
    }),
    page.dim(
      `          ${ends[0]}${ends[1].padStart(Math.max(ends[1].length + 1, across.length - ends[0].length))}  hidden layers`,
    ),
  ];
}

/** The last of five shades is kept for probabilities above every level. */
function shadeOf(probability: number, levels: readonly number[]): number {
  const above = levels.filter((level) => probability > level).length;
  return above === levels.length ? shades.length - 1 : Math.min(above, shades.length - 2);
}

function legend(levels: readonly number[]): string {
  const ascending = [...levels].sort((a, b) => a - b);
  const parts = ascending.map((level, k) => `${shades[Math.min(k, shades.length - 2)]} up to ${percent(level)}`);
  return `P(born dead): ${parts.join(", ")}, ${shades[shades.length - 1]} more`;
}
