/** A column of a table: its heading, the text of every row, and where it is aligned. */
export interface Column {
  readonly heading: string;
  readonly cells: readonly string[];
  readonly align?: "left" | "right";
}

/** Lines of a table, indented by two; the first is the headings. Columns are as wide as their widest cell. */
export function table(columns: readonly Column[]): string[] {
  const rows = columns[0]?.cells.length ?? 0;
  const widths = columns.map(({ heading, cells }) => Math.max(heading.length, ...cells.map((cell) => cell.length)));
  const line = (texts: readonly string[]) =>
    `  ${texts.map((text, c) => (columns[c].align === "left" ? text.padEnd(widths[c]) : text.padStart(widths[c]))).join("  ")}`.trimEnd();
  return [
    line(columns.map(({ heading }) => heading)),
    ...Array.from({ length: rows }, (_, r) => line(columns.map(({ cells }) => cells[r]))),
  ];
}

/** The layers that a table shows: all of up to `most`, otherwise the first ones, then ever wider steps, and the last. Indices from 0. */
export function shownLayers(layers: number, most = 24): number[] {
  if (layers <= most) return Array.from({ length: layers }, (_, l) => l);
  const shown = new Set<number>();
  for (let k = 0; k < most; k++) shown.add(Math.round(layers ** (k / (most - 1))) - 1);
  return [...shown];
}
