/**
 * The words of a text in lines of at most `width` characters, each beginning with `indent`. A longer word has a line of its own; an option in parentheses, such as
 * `(--norm batch)`, is one word.
 */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  for (const word of text.match(/\(--[^)]*\)|\S+/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
