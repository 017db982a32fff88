import { FormatError, quote } from "@sonde/core";

/** What stands between two values of a line; `" "` is any run of blanks and tabs. */
export type Separator = "," | ";" | "\t" | " ";

/** The separator of a line: the first of semicolon, comma and tab that occurs outside quotes, else blanks. */
export function separatorOf(text: string): Separator {
  const seen = new Set<string>();
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted) seen.add(character);
  }
  return ([";", ",", "\t"] as const).find((separator) => seen.has(separator)) ?? " ";
}

/**
 * Calls `visit` with every field of a line and its column, from 1, blanks around it and quotes removed. Fields are visited, not collected, since a
 * line may hold a million of them. Throws `FormatError` at a quote that does not close.
 */
export function eachField(
  line: string,
  number: number,
  separator: Separator,
  visit: (field: string, column: number) => void,
): void {
  const text = separator === " " ? line.trim() : line;
  const isBlank = (at: number) => text[at] === " " || (text[at] === "\t" && separator !== "\t");
  const separates = (at: number) => (separator === " " ? isBlank(at) : text[at] === separator);
  let at = 0;
  for (let column = 1; ; column++) {
    while (isBlank(at)) at++;
    let field: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      if (end < 0) throw new FormatError(`line ${number}, column ${column}: the quote is not closed in its line`);
      field = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
      if (separator !== " ") while (isBlank(at)) at++;
      if (at < text.length && !separates(at))
        throw new FormatError(
          `line ${number}, column ${column}: expected a separator after the closing quote, got ${quote(text[at])}`,
        );
    } else {
      const start = at;
      while (at < text.length && !separates(at)) at++;
      field = text.slice(start, at).trim();
    }
    visit(field, column);
    if (at >= text.length) return;
    at++;
  }
}

/** The position of the quote that closes the one at `open`, or -1; a doubled quote stands for itself. */
function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
