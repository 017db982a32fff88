import type { CheckRecord, EstimateRecord, FixRecord, VitalsRecord } from "../check-record.js";
import { digits, isNumber, percent, placeOf, words } from "../text.js";
import { html, type Markup } from "./markup.js";
import type { Section } from "./section.js";
import { badge } from "./severity.js";
import { scrolling } from "./table.js";

/** Cures shown; `sonde advise` compares all. */
const most = 12;

/** What would help, with the numbers before and after where they could be computed. */
export function cures({ result }: CheckRecord): Section | undefined {
  const { fixes = [], suggestions = [] } = result;
  if (fixes.length > 0)
    return {
      id: "cures",
      title: "Cures",
      note: "Computed: each change was measured on the same inputs with the same seed. The best first.",
      content: html`${scrolling("Cures with their numbers before and after", fixTable(fixes.slice(0, most)))}${
        fixes.length > most && html`<p class="note">${fixes.length - most} more: sonde advise compares all of them.</p>`
      }${costs(fixes.slice(0, most))}`,
    };
  if (suggestions.length > 0)
    return {
      id: "cures",
      title: "Cures",
      note: "What usually helps. Effects are not computed: they need the architecture.",
      content: html`<dl>${suggestions.map(
        (suggestion) =>
          html`<dt>${words(suggestion.pathology)}, ${placeOf(suggestion, result)}</dt><dd>${suggestion.change}</dd>`,
      )}</dl>`,
    };
  if (result.verdict === "healthy") return undefined;
  return { id: "cures", title: "Cures", content: html`<p>Nothing that was tried makes it better.</p>` };
}

interface Column {
  readonly heading: string;
  readonly of: (vitals: VitalsRecord) => EstimateRecord | undefined;
  readonly text: (value: number) => string;
}

const columns: readonly Column[] = [
  { heading: "P(fails)", of: ({ failure }) => (failure?.inRange === false ? undefined : failure), text: percent },
  { heading: "born dead", of: ({ bornDead }) => bornDead, text: percent },
  { heading: "points alive", of: ({ livingRatio }) => livingRatio, text: percent },
  { heading: "degenerate pairs", of: ({ degenerate }) => degenerate, text: percent },
  { heading: "ln sin²", of: ({ logSin2 }) => logSin2, text: digits },
  { heading: "ln of the variance's change", of: ({ logSpread }) => logSpread, text: digits },
];

function fixTable(fixes: readonly FixRecord[]): Markup {
  const [{ before }] = fixes;
  const rows = [{ change: "as it is", vitals: before }, ...fixes.map(({ change, after }) => ({ change, vitals: after }))];
  const shown = columns.filter(({ of }) => rows.some(({ vitals }) => isNumber(of(vitals)?.value)));
  return html`<table><caption class="hidden">Cures with their numbers before and after</caption><thead><tr><th scope="col">change</th><th scope="col">verdict</th>${shown.map(
    ({ heading }) => html`<th scope="col" class="number">${heading}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ({ change, vitals }, k) =>
      html`<tr${k === 0 && html` class="before"`}><th scope="row">${change}</th><td>${badge(vitals.verdict)}</td>${shown.map(
        ({ of, text }) => {
          const value = of(vitals)?.value;
          return html`<td class="number">${isNumber(value) ? text(value) : "–"}</td>`;
        },
      )}</tr>`,
  )}</tbody></table>`;
}

/** What each asks for and does not mend. */
function costs(fixes: readonly FixRecord[]): Markup {
  return html`<details><summary>What each costs, and what it leaves</summary><dl>${fixes.map(
    ({ change, cost, leaves, parameters }) =>
      html`<dt>${change}</dt><dd>${[cost && `costs ${cost}`, leaves && `leaves: ${leaves}`, parameters !== undefined && `${parameters} parameters`].filter(Boolean).join("; ")}</dd>`,
  )}</dl></details>`;
}
