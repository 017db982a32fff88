import { ConfigError, decimal, quote } from "@sonde/core";
import { exp, log } from "@sonde/core/math";

/** Values that one axis may have at most. */
const mostValues = 1_000_000;

/** Values of a logarithmic range for each factor of ten, where it does not say. */
const perDecade = 8;

/**
 * The values that the text of an axis stands for, as texts, in the order given and each once.
 *
 * - `he-normal,rai`: a list; `|` separates instead of the comma where values hold commas themselves, as in `-1,1|0,2`.
 * - `2..20`: whole numbers, `0..100:10` every tenth.
 * - `1..200:log`: about eight for each factor of ten, `1..200:log12` twelve, evenly by their logarithm, both ends among them.
 * - `0.5..4:lin8`: eight, evenly.
 *
 * Ends that are written as whole numbers give whole numbers (rounded, each once), ends with a point any. Throws `ConfigError` for anything else, and beyond a million values.
 *
 * @example
 * axisValues("width", "2..4,8") // ["2", "3", "4", "8"]
 * axisValues("depth", "1..100:log5") // ["1", "3", "10", "32", "100"]
 * axisValues("weight-variance", "1.0..2.0:lin3") // ["1", "1.5", "2"]
 */
export function axisValues(name: string, text: string): string[] {
  const parts = text.split(text.includes("|") ? "|" : ",").map((part) => part.trim());
  const values = new Set<string>();
  for (const part of parts) {
    if (part === "") throw new ConfigError(`the axis ${quote(name)} has an empty value in ${quote(text)}: ${example}`);
    for (const value of part.includes("..") ? range(name, part) : [part]) values.add(value);
    if (values.size > mostValues) throw tooMany(name);
  }
  return [...values];
}

const example = "write values as in 2..20, 1..200:log12, 0.5..4:lin8 or he-normal,rai";

function range(name: string, text: string): string[] {
  const found = /^([^:]*?)\.\.([^:]*?)(?::(?=.)(lin|log)?(\S*))?$/.exec(text);
  const refuse = (why: string) => new ConfigError(`the axis ${quote(name)} has the range ${quote(text)}, ${why}: ${example}`);
  if (!found) throw refuse("which is none");
  const [, first, last, kind, number = ""] = found;
  const [low, high] = [decimal(first), decimal(last)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw refuse("whose ends are not numbers");
  if (low > high) throw refuse("which falls");
  const whole = [first, last].every((end) => /^[+-]?\d+$/.test(end));
  if (kind === undefined) {
    const step = number === "" ? 1 : decimal(number);
    if (!(step > 0) || (!whole && number === "")) throw refuse("whose step is missing or not above 0");
    // As many as there are, with a little more for what rounding takes away.
    const count = Math.floor((high - low) / step + 1e-9) + 1;
    if (!(count <= mostValues)) throw tooMany(name);
    return Array.from({ length: count }, (_, k) => String(trimmed(low + k * step)));
  }
  if (kind === "log" && low <= 0) throw refuse("which needs a first end above 0 for its logarithm");
  const decades = kind === "log" ? log(high / low) / Math.LN10 : 0;
  const count = number === "" && kind === "log" ? Math.max(2, Math.round(decades * perDecade) + 1) : Number(number);
  if (!Number.isInteger(count) || count < 2) throw refuse(`which needs a number of values from 2 on after ${kind}`);
  if (count > mostValues) throw tooMany(name);
  return Array.from({ length: count }, (_, k) => {
    const share = k / (count - 1);
    const inner = kind === "log" ? low * exp(share * log(high / low)) : low + (high - low) * share;
    const value = k === 0 ? low : k === count - 1 ? high : inner;
    return String(whole ? Math.round(value) : trimmed(value));
  });
}

/** Without the digits that rounding adds: 0.1 + 0.2 is 0.3. */
function trimmed(value: number): number {
  return Number(value.toPrecision(12));
}

function tooMany(name: string): ConfigError {
  return new ConfigError(`the axis ${quote(name)} has more than ${mostValues} values: take fewer`);
}
