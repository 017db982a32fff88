import type { Tone } from "../figure.js";
import { rampColour } from "../theme.js";

/** Colours of a terminal in the order of the palette, as codes of its escape sequences. */
const codes = ["36", "33", "32", "35", "34", "31", "96", "37"];
const symbols = "●×○+◆▵□*";
const shades = "░▒▓█";

/** The style of what has this tone. */
export function toneStyle(tone: Tone): string {
  return tone === "neutral" ? "2" : codes[tone % codes.length];
}

/** What stands for a tone where there are no colours. */
export function toneSymbol(tone: Tone): string {
  return tone === "neutral" ? "·" : symbols[tone % symbols.length];
}

/** A character and its style for a share of the scale of colours: a colour, or a shade. */
export function shareStyle(share: number, colours: boolean): [character: string, style: string] {
  if (!colours) return [shades[Math.min(3, Math.floor(share * 4))], ""];
  const [red, green, blue] = rampColour(share).map((channel) => Math.round((channel * 5) / 255));
  return ["█", `38;5;${16 + 36 * red + 6 * green + blue}`];
}

/** Puts a style around a text; leaves it as it is without colours. */
export function painter(colours: boolean): (text: string, style: string) => string {
  return (text, style) => (colours && style && text ? `\x1b[${style}m${text}\x1b[0m` : text);
}
