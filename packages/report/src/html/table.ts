import type { CheckedLayer, CheckRecord } from "../check-record.js";
import { digits, isNumber, percent } from "../text.js";
import { html, type Markup } from "./markup.js";
import { nameOf, unitsOf } from "./network.js";
import type { Section } from "./section.js";
import { shownLayers } from "./shown-layers.js";

/** Rows at most; all layers are in the JSON. */
const most = 200;

/** A wide table that scrolls by itself, by keyboard too. */
export function scrolling(label: string, table: Markup): Markup {
  return html`<div class="scrolling" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

interface Column {
  readonly heading: string;
  readonly of: (layer: CheckedLayer) => number | null | undefined;
  readonly text: (value: number | null | undefined) => string;
}

const columns: readonly Column[] = [
  { heading: "units", of: unitsOf, text: digits },
  { heading: "points alive", of: ({ livingRatio }) => livingRatio?.value, text: percent },
  { heading: "died here", of: ({ deadHere }) => deadHere?.value, text: percent },
  { heading: "dead units", of: ({ deadUnits }) => deadUnits?.value, text: percent },
  { heading: "constant units", of: ({ constantUnits }) => constantUnits?.value, text: percent },
  { heading: "angle (rad)", of: ({ angle }) => angle?.value, text: digits },
  { heading: "ln sin²", of: ({ logSin2 }) => logSin2?.value, text: digits },
  { heading: "ln sin² predicted", of: ({ predicted }) => predicted?.mean, text: digits },
  { heading: "degenerate pairs", of: ({ degenerate }) => degenerate, text: percent },
  { heading: "effective nodes", of: ({ effectiveNodes }) => effectiveNodes, text: digits },
  { heading: "effective rank", of: ({ effectiveRank }) => effectiveRank, text: digits },
  { heading: "ln mean square", of: ({ signal }) => signal?.logMeanSquare?.value, text: digits },
  { heading: "ln variance", of: ({ signal }) => signal?.logVariance?.value, text: digits },
  { heading: "ln gradient by activations", of: ({ gradient }) => gradient?.activations?.mean, text: digits },
  { heading: "ln gradient by weights", of: ({ gradient }) => gradient?.weights?.mean, text: digits },
  { heading: "mean slope", of: ({ slope }) => slope?.value, text: percent },
  { heading: "saturated", of: ({ saturated }) => saturated?.value, text: percent },
  { heading: "linear", of: ({ linear }) => linear?.value, text: percent },
];

/** All numbers by layer. */
export function layerTable({ result }: CheckRecord): Section | undefined {
  const rows = shownLayers(result, most);
  if (rows.length === 0) return undefined;
  const shown = columns.filter(({ of }) => rows.some(({ layer }) => isNumber(of(layer))));
  const left = result.layers.length - rows.length;
  return {
    id: "numbers",
    title: "All numbers",
    note: left > 0 ? `${left} layers are left out here, evenly spread: sonde check --json has all.` : undefined,
    content: scrolling(
      "All numbers by layer",
      html`<table><caption class="hidden">All numbers by layer</caption><thead><tr><th scope="col">layer</th>${shown.map(
        ({ heading }) => html`<th scope="col" class="number">${heading}</th>`,
      )}</tr></thead><tbody>${rows.map(
        ({ layer }) =>
          html`<tr><th scope="row">${nameOf(layer)}</th>${shown.map(
            (column) => html`<td class="number">${cell(column, layer)}</td>`,
          )}</tr>`,
      )}</tbody></table>`,
    ),
  };
}

/** Where an angle is below the rounding of the recorded numbers, that is what is said of it. */
function cell({ heading, of, text }: Column, layer: CheckedLayer): string {
  return layer.rounding && heading === "ln sin²" ? `< ${layer.resolution} (rounding)` : text(of(layer));
}
