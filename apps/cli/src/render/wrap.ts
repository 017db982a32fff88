import type { Page } from "./page.js";

/**
 * The words of a text in lines of at most `width` characters, each beginning with `indent`. A longer word has a line of its own; an option in parentheses, such as
 * `(--norm batch)`, is one word unless it is longer than a line, and so is a number of per cent.
 */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  const words = text.match(/\(--[^)]*\)|\S+( %\S*)?/g) ?? [];
  for (const word of words.flatMap((whole) => (indent.length + whole.length > width ? whole.split(/ (?=--)/) : [whole]))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}

/** A text after its label, its further lines aligned with the first. */
export function labelled(page: Page, label: string, text: string): string[] {
  const [first, ...rest] = wrap(text, page.width, " ".repeat(label.length));
  return [label + first.trimStart(), ...rest];
}
