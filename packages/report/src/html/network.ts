import { log } from "@sonde/core/math";
import type { CheckedLayer, CheckRecord, FindingRecord } from "../check-record.js";
import { bySeverity, count, digits, isNumber, percent, words } from "../text.js";
import { html, type Markup } from "./markup.js";
import type { SectionOf } from "./section.js";
import { signs } from "./severity.js";
import { shownLayers } from "./shown-layers.js";

/** Layers drawn at most, beside those that findings point at. */
const most = 24;

/** A picture of the network: one block a layer, as wide as it has units (on a logarithmic scale), with its numbers and what was found there. */
export const network: SectionOf = (record) => {
  const { result, architecture } = record;
  const { findings, layers, inputs, outputs } = result;
  const units = layers.map(unitsOf);
  const inputSize = architecture?.input?.reduce((product, size) => product * size, 1) ?? inputs?.columns;
  const outputSize = outputs?.outputs ?? outputs?.units;
  const widest = Math.max(2, ...[inputSize, outputSize, ...units].filter(isNumber));
  const at = (layer: number) => findings.flatMap((finding, k) => (finding.layer === layer ? [{ finding, number: k + 1 }] : []));
  const width = (size: number | undefined) => 12 + (88 * log(1 + (size ?? 1))) / log(1 + widest);
  const block = (name: string, size: number | undefined, here: readonly Marked[], numbers: readonly string[], beside = false) => {
    const worst = bySeverity(here.map(({ finding }) => finding))[0]?.severity ?? "";
    return html`<li class="layer ${worst} ${beside && "beside"}"><div class="name">${name}</div>
<div class="block" aria-hidden="true"><span style="width:${width(size).toFixed(1)}%"></span></div>
<div class="says">${size !== undefined && html`<span>${count(size, "unit")}</span>`}${numbers.map((text) => html`<span>${text}</span>`)}${beside && html`<span>beside the main path</span>`}</div>
${here.length > 0 && html`<ul class="marks">${here.map(mark)}</ul>`}</li>
`;
  };
  const shown = shownLayers(result, most);
  return {
    id: "network",
    title: "The network, layer by layer",
    note: "Each block is a layer, as wide as it has units on a logarithmic scale; what was found stands where it begins.",
    content: html`<ol class="network">
${block("inputs", inputSize, at(0), inputNumbers(record))}${shown.map(
  ({ layer, skipped }) =>
    html`${skipped > 0 && html`<li class="skipped">${count(skipped, "layer")} like those around</li>`}${block(nameOf(layer), unitsOf(layer), at(layer.layer), layerNumbers(layer), layer.beside)}`,
)}${block("outputs", outputSize, at(layers.length + 1), [])}</ol>`,
  };
};

interface Marked {
  readonly finding: FindingRecord;
  readonly number: number;
}

function mark({ finding, number }: Marked): Markup {
  const { severity, pathology } = finding;
  return html`<li><a class="mark ${severity}" href="#finding-${number}"><span aria-hidden="true">${signs[severity]}</span> ${words(pathology)}<span class="hidden"> (${severity})</span></a></li>`;
}

export function unitsOf({ units, signal }: CheckedLayer): number | undefined {
  return units ?? signal?.units;
}

export function nameOf({ layer, name }: CheckedLayer): string {
  if (name === undefined) return `layer ${layer}`;
  // Names of PyTorch's lists are numbers too.
  return /^\d+$/.test(name) ? `${layer} (${name})` : `${layer} ${name}`;
}

function inputNumbers({ result: { inputs } }: CheckRecord): string[] {
  return inputs && isNumber(inputs.meanSquare) ? [`root mean square ${digits(Math.sqrt(inputs.meanSquare))}`] : [];
}

/** The few numbers of a layer that say most. */
function layerNumbers({ livingRatio, logSin2, rounding, resolution, signal, gradient }: CheckedLayer): string[] {
  const level = gradient?.activations?.mean;
  return [
    ...(isNumber(livingRatio?.value) ? [`${percent(livingRatio.value)} of points alive`] : []),
    ...(rounding
      ? [`ln sin² below ${resolution} (rounding)`]
      : isNumber(logSin2?.value)
        ? [`ln sin² ${logarithm(logSin2.value)}`]
        : []),
    ...(isNumber(signal?.logMeanSquare?.value) ? [`ln mean square ${logarithm(signal.logMeanSquare.value)}`] : []),
    ...(isNumber(level) ? [`ln gradient ${logarithm(level)}`] : []),
  ];
}

/** A logarithm with two decimals. */
function logarithm(value: number): string {
  return String(Number(value.toFixed(2)) + 0);
}
