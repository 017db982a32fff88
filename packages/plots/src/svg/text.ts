/** Sizes of text in pixels. */
export const sizes = { title: 16, heading: 13, label: 12, tick: 11 } as const;

/**
 * How wide a text may be in any of the fonts of a picture, in pixels: letters of Arial are the widest and take 0.56 of their size on average.
 */
export function textWidth(text: string, size: number): number {
  return 0.56 * size * [...text].length;
}

/** The words of a text in lines that fit. A word that is too long is cut, marked by an ellipsis. */
export function wrapText(text: string, size: number, width: number): string[] {
  const most = Math.max(4, Math.floor(width / textWidth("x", size)));
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const letters = [...word];
    const cut = letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : word;
    const last = lines.at(-1);
    if (last !== undefined && [...last].length + 1 + [...cut].length <= most) lines[lines.length - 1] = `${last} ${cut}`;
    else lines.push(cut);
  }
  return lines;
}
