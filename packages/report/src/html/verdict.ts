import type { CheckRecord, FailureRecord } from "../check-record.js";
import { bySeverity, count, digits, isNumber, modelName, percent, placeOf, words } from "../text.js";
import { html, type Markup } from "./markup.js";
import { classOf, signs } from "./severity.js";

/** What the verdicts mean. */
const meanings: Readonly<Record<string, string>> = {
  healthy: "Nothing was found that would keep this network from training.",
  "at-risk": "This network may train badly: read what was found.",
  degenerate: "This network will hardly train as it is.",
};

/** The head of the page: the verdict, why, how likely it is to fail, and the best cure. */
export function verdict(record: CheckRecord): Markup {
  const { result, interrupted } = record;
  const { findings, fixes = [], suggestions = [] } = result;
  const worst = bySeverity(findings).filter(({ severity }) => severity !== "note");
  const notes = findings.length - worst.length;
  const [best] = fixes;
  return html`<header class="verdict ${classOf(result.verdict)}">
<p class="model">${modelName(record)}</p>
<p class="about">${aboutModel(record)}</p>
<h1><span aria-hidden="true" class="sign">${signs[result.verdict] ?? "?"}</span> ${result.verdict}</h1>
<p class="lead">${meanings[result.verdict] ?? ""}</p>
${
  worst.length > 0 &&
  html`<p>${worst.length === 1 ? "Found: " : `${worst.length} findings: `}${worst.map((finding, k) => html`${k > 0 && ", "}<a href="#finding-${findings.indexOf(finding) + 1}">${words(finding.pathology)}</a> (${placeOf(finding, result)})`)}.</p>
<p>${worst[0].evidence}.</p>`
}
${notes > 0 && html`<p>${count(notes, "note")} beside: <a href="#findings">what is there, and does no harm</a>.</p>`}
${probability(result.failure)}
${rate(result.conditioning?.largestLearningRate)}
${best && html`<p class="cure"><strong>Best cure:</strong> ${best.change}: <strong>${best.after.verdict}</strong>.</p>`}
${!best && suggestions.length > 0 && html`<p class="cure"><strong>What usually helps:</strong> ${suggestions[0].change}.</p>`}
${interrupted && html`<p class="note">The run was interrupted: these numbers are from the networks finished so far.</p>`}
</header>`;
}

/** P(fails to train) with its interval as a bar, or why there is none. */
function probability(failure: FailureRecord | null | undefined): Markup {
  if (!failure || !isNumber(failure.value))
    return html`<p class="probability">Probability of failing to train: not known, see <a href="#measured">what could not be measured</a>.</p>`;
  if (!failure.inRange)
    return html`<p class="probability">Probability of failing to train: not calibrated for such a network (${(failure.outside ?? []).join(", ")}).</p>`;
  const { value, low, high } = failure;
  const [from, to] = [low ?? value, high ?? value].map((share) => 100 * Math.min(1, Math.max(0, share)));
  return html`<div class="probability">
<p>Probability of failing to train: <strong>${percent(value)}</strong> (95 %: ${percent(low)} to ${percent(high)})</p>
<div class="gauge" aria-hidden="true"><span class="range" style="left:${from.toFixed(1)}%;width:${Math.max(0.5, to - from).toFixed(1)}%"></span><span class="point" style="left:${(100 * value).toFixed(1)}%"></span></div>
${failure.recipe !== undefined && html`<p class="note">to learn ${failure.targets === undefined ? "" : failure.targets ? "the data's own labels, " : "one of several functions and classes, "}by ${failure.recipe}${isNumber(failure.momentum?.value) && html`; by momentum instead ${percent(failure.momentum.value)}`}</p>`}
${drivers(failure)}
</div>`;
}

/** The step size that the tangent kernel allows. */
function rate(largest: number | null | undefined): Markup | undefined {
  if (!isNumber(largest)) return undefined;
  return html`<p>Largest stable learning rate of gradient descent on the squared error: <strong>${digits(largest)}</strong>.</p>`;
}

/** The mechanisms that make failure likelier, by their share of the log-odds. */
function drivers({ contributions = [] }: FailureRecord): Markup | undefined {
  const by = new Map<string, number>();
  for (const { mechanism, logOdds } of contributions) by.set(mechanism, (by.get(mechanism) ?? 0) + (logOdds ?? 0));
  const shown = [...by].filter(([, part]) => part >= 0.1).sort(([, a], [, b]) => b - a);
  if (shown.length === 0) return undefined;
  const [[, most]] = shown;
  return html`<details><summary>What drives it</summary><ul class="drivers">${shown.map(
    ([mechanism, part]) =>
      html`<li><span>${words(mechanism)}</span><span class="bar" aria-hidden="true"><span style="width:${((100 * part) / most).toFixed(1)}%"></span></span><span>+${part.toFixed(1)}</span></li>`,
  )}</ul><p class="note">Log-odds that each adds.</p></details>`;
}

/** Whose activations these are. */
function aboutWeights({ weights }: CheckRecord["result"]): string {
  if (weights === undefined) return "recorded activations";
  return weights.drawn ? "a network drawn of this graph" : "this network, by its own weights";
}

/** The network in a line. */
function aboutModel({ architecture, settings, result }: CheckRecord): string {
  const { layers, inputs, outputs } = result;
  const widths = layers.flatMap(({ units, signal }) => units ?? signal?.units ?? []);
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  const activations = new Set(layers.flatMap(({ activation, signal }) => activation ?? signal?.activation ?? []));
  return [
    ...(architecture ? [] : [aboutWeights(result)]),
    ...(architecture?.input ? [`${architecture.input.join(" x ")} input${architecture.input.join() === "1" ? "" : "s"}`] : []),
    ...(!architecture && inputs?.columns ? [count(inputs.columns, "input column")] : []),
    `${count(layers.length, "hidden layer")}${widths.length > 0 ? (least === most ? ` of width ${least}` : ` of widths ${least} to ${most}`) : ""}`,
    ...activations,
    ...(typeof settings.init === "string" ? [settings.init] : []),
    ...(outputs?.outputs ? [count(outputs.outputs, "output")] : []),
  ].join(" · ");
}
