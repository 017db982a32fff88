/** A refusal is shown as a sentence of a sentence. */
const mostText = 240;

/** The first line of a text from elsewhere, without what a terminal would not show. */
export function firstLine(text: string): string {
  const plain = text
    .trim()
    .split("\n")[0]
    .replace(/\p{Cc}+/gu, " ")
    .trim();
  return plain.length > mostText ? `${plain.slice(0, mostText)}…` : plain;
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The beginning of a sentence: that Sonde does not run these operators. */
export function notRunItself(operators: readonly string[]): string {
  const shown = operators.slice(0, 4).map((name) => name.slice(0, 60));
  const more = operators.length > 4 ? `and ${operators.length - 4} more` : shown.length > 1 ? `and ${shown.pop()}` : "";
  return `sonde does not run ${shown.join(", ")}${more && ` ${more}`} itself`;
}
