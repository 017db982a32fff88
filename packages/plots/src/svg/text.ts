/** Sizes of text in pixels. */
export const sizes = { title: 16, heading: 13, label: 12, tick: 11 } as const;

/** Widths of characters of Arial, the widest of the fonts of a picture, in shares of the size. */
function share(character: string): number {
  if (/[ijl'|.,:;!·⁻¹]/.test(character)) return 0.29;
  if (/[ ftrI()[\]/\-°²³⁰⁴-⁹₀-₉]/.test(character)) return 0.36;
  if (/[mwMW%@—…]/.test(character)) return 0.9;
  return /[A-Z]/.test(character) ? 0.7 : 0.57;
}

/** How wide a text is at most, in pixels. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const character of text) sum += share(character);
  return size * sum;
}

/** The words of a text in lines that fit. A word that is too long is cut, marked by an ellipsis. */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(cutText(word, size, width));
  }
  return lines;
}

/** A text that fits: its beginning and an ellipsis where it would not. */
export function cutText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let end = "";
  for (const letter of text) {
    if (textWidth(`${end}${letter}…`, size) > width) break;
    end += letter;
  }
  return `${end}…`;
}
