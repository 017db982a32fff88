import { log10 } from "@sonde/core/math";

/** A mark of an axis and its words; no words where there are marks enough with words. */
export interface Tick {
  readonly at: number;
  readonly name: string;
}

/**
 * About `count` round numbers in [low, high]: multiples of 1, 2 or 5 times a power of ten, of at least 1 where only whole numbers are wanted.
 *
 * @example
 * linearTicks(0, 1, 5).map(({ name }) => name).join(" ") // "0.0 0.2 0.4 0.6 0.8 1.0"
 */
export function linearTicks(low: number, high: number, count: number, whole = false): Tick[] {
  const [step, power] = roundStep((high - low) / Math.max(1, count), whole);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const most = Math.max(Math.abs(low), Math.abs(high));
  const name =
    most >= 1e5 || most < 1e-3 || power < -20 ? scientific : (value: number) => minus(value.toFixed(Math.max(0, -power)));
  const ticks = Array.from({ length: Math.max(0, Math.min(1000, last - first + 1)) }, (_, k) => round(first + k, step, power));
  // Layers count from 1, which is no round number.
  if (whole && low === Math.floor(low) && (ticks[0] ?? high) - low >= step / 2) ticks.unshift(low);
  return ticks.map((at) => ({ at, name: name(at) }));
}

/** The ends of an axis that begins and ends at round numbers around [low, high]. */
export function niceEnds(low: number, high: number, count: number): [number, number] {
  const [step, power] = roundStep((high - low) / Math.max(1, count), false);
  return [round(Math.floor(low / step + 1e-9), step, power), round(Math.ceil(high / step - 1e-9), step, power)];
}

/**
 * Powers of ten in [low, high], with their double and fivefold where there would be few, thinned where there would be more than `count`.
 *
 * @example
 * logTicks(1e-9, 1, 4).map(({ name }) => name).join(" ") // "10⁻⁹ 10⁻⁶ 10⁻³ 1"
 */
export function logTicks(low: number, high: number, count: number): Tick[] {
  const first = Math.ceil(log10(low) - 1e-9);
  const last = Math.floor(log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const factors = last - first < 2 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let power = first - 1; power <= last; power++)
    for (const factor of factors) {
      const at = Number(`${factor}e${power}`);
      if (at < low * (1 - 1e-9) || at > high * (1 + 1e-9) || (factor === 1 && ((power % every) + every) % every !== 0)) continue;
      ticks.push({ at, name: factor === 1 ? powerOfTen(power) : scientific(at) });
    }
  return ticks.length >= 2 ? ticks : linearTicks(low, high, Math.min(4, count));
}

/** The next of 1, 2 or 5 times a power of ten below or above a positive number, or the number itself if it is one. */
export function logRound(value: number, side: "below" | "above"): number {
  const power = Math.floor(log10(value));
  const round = [power - 1, power, power + 1].flatMap((p) => [1, 2, 5].map((factor) => Number(`${factor}e${p}`)));
  return side === "below"
    ? (round.filter((at) => at <= value * (1 + 1e-9)).at(-1) ?? value)
    : (round.find((at) => at >= value * (1 - 1e-9)) ?? value);
}

/**
 * A number in few characters: plain where that is short, otherwise with a power of ten.
 *
 * @example
 * scientific(0.00025) // "2.5×10⁻⁴"
 */
export function scientific(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return minus(String(Number(value.toPrecision(3))));
  const [digits, power] = value.toExponential(2).split("e");
  const factor = String(Number(digits));
  const ten = `10${superscript(Number(power))}`;
  return minus(factor === "1" ? ten : factor === "-1" ? `-${ten}` : `${factor}×${ten}`);
}

function powerOfTen(power: number): string {
  return power >= -2 && power <= 4 ? String(Number(`1e${power}`)) : `10${superscript(power)}`;
}

function superscript(power: number): string {
  return [...String(power)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
}

/** A minus as wide as the digits' plus. */
function minus(text: string): string {
  return text.replace(/^-/, "−");
}

/** The multiple of 1, 2 or 5 times 10^power next above `rough`, and the power. */
function roundStep(rough: number, whole: boolean): [step: number, power: number] {
  let power = Math.floor(log10(Math.max(rough, 1e-300)) + 1e-9);
  if (whole && power < 0) return [1, 0];
  const digit = [1, 2, 5].find((candidate) => candidate * Number(`1e${power}`) >= rough * (1 - 1e-9));
  if (digit === undefined) power += 1;
  return [Number(`${digit ?? 1}e${power}`), power];
}

/** A multiple of a step without the rounding errors of its product. */
function round(multiple: number, step: number, power: number): number {
  const value = multiple * step;
  return power >= 0 || power < -20 ? value : Number(value.toFixed(-power));
}
