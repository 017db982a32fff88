import type { CheckRecord } from "../check-record.js";
import { modelName } from "../text.js";
import { charts } from "./charts.js";
import { cures } from "./cures.js";
import { findings } from "./findings.js";
import { html } from "./markup.js";
import { measured } from "./measured.js";
import { method } from "./method.js";
import { network } from "./network.js";
import { style } from "./style.js";
import { layerTable } from "./table.js";
import { verdict } from "./verdict.js";

/**
 * The report of a check-up as one page of HTML that needs nothing else: no network, no script. The verdict first, the network layer by layer with what was found on it, findings, cures with before and after, charts of
 * every question, what was measured and what could not be, and the command to repeat it. Light and dark by what the reader prefers; prints in light.
 *
 * `record` is what `sonde check --json` prints, of an architecture or a recording.
 *
 * @example
 * const finding = { pathology: "dead-layer", severity: "degenerate" as const, layer: 1, evidence: "all zero", explanation: "It is dead.", source: "here" };
 * const result = { verdict: "degenerate", findings: [finding], layers: [{ layer: 1, units: 4 }] };
 * const page = checkHtml({ sonde: "0.0.0", command: "check", architecture: null, settings: { model: "a.npz" }, result, warnings: [], elapsedMs: 1 });
 * page.slice(0, 15) // "<!doctype html>"
 */
export function checkHtml(record: CheckRecord): string {
  const title = `${record.result.verdict}: ${modelName(record)}`;
  const sections = [network, findings, cures, charts, layerTable, measured, method].flatMap((section) => section(record) ?? []);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Sonde ${record.sonde}">
<title>${title} - Sonde</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${verdict(record)}
<nav aria-label="Contents"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${sections.map(
  ({ id, title: name, note, content }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${name}</h2>
${note && html`<p class="note">${note}</p>`}
${content}
</section>
`,
)}
</main>
<footer><p>Made by Sonde ${record.sonde} in ${(record.elapsedMs / 1000).toFixed(1)} s. This page is complete: it loads nothing and runs nothing.</p></footer>
</body>
</html>
`.markup;
}
