/** A grid of characters, each of which is also 2 x 4 dots of braille. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** Sets the dot at `x` of 2 * columns from the left, `y` of 4 * rows from the top. */
  dot(x: number, y: number, style: string): void;
  /** Puts a character; dots do not show through. */
  put(column: number, row: number, character: string, style: string): void;
  /** Puts a character below whatever else is there. */
  back(column: number, row: number, character: string, style: string): void;
  /** Its rows, each style put around what has it by `paint`. */
  lines(paint: (text: string, style: string) => string): string[];
}

/** The bit of each dot of a braille character, [row][column]. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** An empty canvas. */
export function canvas(columns: number, rows: number): Canvas {
  const cells = Array.from({ length: columns * rows }, () => ({
    mask: 0,
    character: "",
    behind: " ",
    style: "",
    behindStyle: "",
  }));
  const cell = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < columns && row < rows ? cells[row * columns + column] : undefined;
  return {
    columns,
    rows,
    dot(x, y, style) {
      const at = cell(Math.floor(x / 2), Math.floor(y / 4));
      if (at) Object.assign(at, { mask: at.mask | bits[y % 4][x % 2], style: at.character ? at.style : style });
    },
    put(column, row, character, style) {
      Object.assign(cell(column, row) ?? {}, { character, style });
    },
    back(column, row, character, style) {
      Object.assign(cell(column, row) ?? {}, { behind: character, behindStyle: style });
    },
    lines(paint) {
      return Array.from({ length: rows }, (_, row) => {
        let [line, pending, current] = ["", "", ""];
        for (const { mask, character, behind, style, behindStyle } of cells.slice(row * columns, (row + 1) * columns)) {
          const shown = character || (mask ? String.fromCharCode(0x2800 + mask) : behind);
          const own = character || mask ? style : behindStyle;
          if (own !== current) {
            line += paint(pending, current);
            [pending, current] = ["", own];
          }
          pending += shown;
        }
        return (line + paint(pending, current)).trimEnd();
      });
    },
  };
}

/** The dots of a straight line between two dots, ends included. */
export function* straight(x1: number, y1: number, x2: number, y2: number): Generator<readonly [x: number, y: number]> {
  const steps = Math.max(1, Math.abs(x2 - x1), Math.abs(y2 - y1));
  for (let k = 0; k <= steps; k++) yield [Math.round(x1 + (k * (x2 - x1)) / steps), Math.round(y1 + (k * (y2 - y1)) / steps)];
}
