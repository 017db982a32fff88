import type { CheckRecord } from "../check-record.js";
import { repeatCommand } from "../repeat-command.js";
import { count, digits, isNumber } from "../text.js";
import { unmeasured } from "../unmeasured.js";
import { html } from "./markup.js";
import type { Section } from "./section.js";

/** What was measured and what could not be, the warnings, and the command to repeat it. */
export function measured(record: CheckRecord): Section {
  const { result, settings, warnings } = record;
  const { inputs, bornDead, points, pairs, method, executor } = result;
  const networks = bornDead?.networks;
  const facts = [
    ...(isNumber(networks) ? [["networks", `${count(networks, "random network")}, drawn from the initialiser`]] : []),
    ...(points !== undefined
      ? [["points", `${count(points, result.weights ? "point" : "recorded point")}, ${count(pairs ?? 0, "pair")}`]]
      : []),
    ...(inputs
      ? [
          [
            "inputs",
            [
              ...(typeof settings.data === "string" ? [settings.data] : []),
              ...(typeof settings.domain === "string" ? [`the domain ${settings.domain}`] : []),
              ...(inputs.points !== undefined ? [count(inputs.points, "point")] : []),
              `${digits(inputs.low)} to ${digits(inputs.high)}`,
              ...(isNumber(inputs.meanSquare) ? [`root mean square ${digits(Math.sqrt(inputs.meanSquare))}`] : []),
            ].join(", "),
          ],
        ]
      : []),
    ...(method !== undefined ? [["drawn by", `${method}${executor === undefined ? "" : `, in ${executor}`}`]] : []),
    ...(settings.seed !== undefined ? [["seed", String(settings.seed)]] : []),
  ];
  const open = unmeasured(record);
  return {
    id: "measured",
    title: "What was measured, and what could not be",
    content: html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<h3>Not measured</h3>
<ul>${open.map(({ question, reason }) => html`<li><strong>${question}</strong>: ${reason}</li>`)}</ul>
${warnings.length > 0 && html`<h3>Notes</h3><ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}
<h3>To repeat it</h3>
<pre tabindex="0" aria-label="Command"><code>${repeatCommand(record)}</code></pre>
<p class="note">The same settings lead to the same numbers, bit for bit, with any number of threads.</p>`,
  };
}
