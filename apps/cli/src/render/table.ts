import { wrap } from "./wrap.js";

/** A column of a table: its heading, the text of every row, and where it is aligned. */
export interface Column {
  readonly heading: string;
  readonly cells: readonly string[];
  readonly align?: "left" | "right";
  /** Left out where the table would be too wide, the last such column first. */
  readonly optional?: boolean;
  /** Takes several lines for a cell where the table would be too wide. */
  readonly wraps?: boolean;
}

const gap = 2;

/** Characters that a column which wraps keeps while others are left out. */
const narrow = 40;

/** Rows of a table of at most `width` characters, indented by two, each of one or more lines; the first holds the headings. Columns are as wide as their widest cell. */
export function table(columns: readonly Column[], width: number): string[] {
  let kept = columns;
  while (totalWidth(kept, narrow) > width && kept.some(({ optional }) => optional)) {
    const last = kept.map(({ optional }) => optional).lastIndexOf(true);
    kept = kept.filter((_, c) => c !== last);
  }
  const excess = Math.max(0, totalWidth(kept) - width);
  const widths = kept.map((column) => (column.wraps ? Math.max(20, columnWidth(column) - excess) : columnWidth(column)));
  const row = (texts: readonly string[]) => {
    const cells = texts.map((text, c) => (kept[c].wraps ? wrap(text, widths[c]) : [text]));
    return Array.from({ length: Math.max(...cells.map((lines) => lines.length)) }, (_, k) =>
      ["", ...cells.map((lines, c) => pad(lines[k] ?? "", widths[c], kept[c].align))].join(" ".repeat(gap)).trimEnd(),
    ).join("\n");
  };
  const rows = kept[0]?.cells.length ?? 0;
  return [
    row(kept.map(({ heading }) => heading)),
    ...Array.from({ length: rows }, (_, r) => row(kept.map(({ cells }) => cells[r]))),
  ];
}

/** The layers that a table shows: all of up to `most`, otherwise the first ones, then ever wider steps, and the last. Indices from 0. */
export function shownLayers(layers: number, most = 24): number[] {
  if (layers <= most) return Array.from({ length: layers }, (_, l) => l);
  const shown = new Set<number>();
  for (let k = 0; k < most; k++) shown.add(Math.round(layers ** (k / (most - 1))) - 1);
  return [...shown];
}

/** A column that wraps counts as no wider than `wrapping`. */
function totalWidth(columns: readonly Column[], wrapping = Number.POSITIVE_INFINITY): number {
  const width = (column: Column) => (column.wraps ? Math.min(wrapping, columnWidth(column)) : columnWidth(column));
  return columns.reduce((sum, column) => sum + gap + width(column), 0);
}

function columnWidth({ heading, cells }: Column): number {
  return Math.max(heading.length, ...cells.map((cell) => cell.length));
}

function pad(text: string, width: number, align: Column["align"]): string {
  return align === "left" ? text.padEnd(width) : text.padStart(width);
}
