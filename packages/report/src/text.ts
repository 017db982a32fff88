import type { CheckRecord, CheckResult, FindingRecord } from "./check-record.js";

/** What finds no place in a page or in XML: control characters, halves of surrogate pairs, and marks that turn the direction of text. */
const unwritable = /[\p{Cc}\p{Cs}\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text from a file without what would disturb what stands around it; line breaks become blanks. */
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(unwritable, "\ufffd");
}

/** A share as per cent with three digits. */
export function percent(share: number | null | undefined): string {
  return isNumber(share) ? `${Number((100 * share).toPrecision(3))} %` : "–";
}

/** A number with four digits. */
export function digits(value: number | null | undefined): string {
  if (!isNumber(value)) return "–";
  const short = Number(value.toPrecision(4));
  return Math.abs(short) >= 1e6 || (short !== 0 && Math.abs(short) < 1e-3) ? short.toExponential() : String(short);
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** `born-dead` as words. */
export function words(name: string): string {
  return plain(name).replaceAll("-", " ");
}

/** How many there are of something. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** What a finding points at, in words. */
export function placeOf({ layer, name }: Pick<FindingRecord, "layer" | "name">, { layers }: Pick<CheckResult, "layers">): string {
  if (layer === 0) return "inputs";
  if (layer > layers.length) return "outputs";
  return `layer ${layer}${name === undefined ? "" : `: ${plain(name)}`}`;
}

/** The findings, the worst first. */
export function bySeverity(findings: readonly FindingRecord[]): FindingRecord[] {
  const order = ["degenerate", "at-risk", "note"];
  return [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** The name of what was checked. */
export function modelName({ settings }: CheckRecord): string {
  return plain(typeof settings.model === "string" ? settings.model : "the network");
}
