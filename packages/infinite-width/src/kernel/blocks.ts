import { combine } from "./channels.js";
import { type Field, type Group, positionCount } from "./field.js";

/** Which points the rows and columns of a field are, in arrays over [positions, points] of so many points. */
export interface Placing {
  row(i: number, j: number): number;
  column(j: number): number;
  readonly rows: number;
  readonly columns: number;
}

/** Means of what is added up, for one group of channels. */
interface Means {
  readonly own: Float64Array;
  readonly added: Float64Array;
}

/** Sums of independent channels: both kernels add up. */
export function addFields(a: Field, b: Field): Field {
  const sum = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, k) => value + y[k]);
  const groups: Group[] = combine(a.groups, b.groups, (x, y) => ({
    nngp: sum(x.nngp, y.nngp),
    ...(x.ntk && y.ntk && { ntk: sum(x.ntk, y.ntk) }),
  }));
  return { ...b, groups };
}

/** Adds what the second moment of a sum has beyond the sum of second moments: m_x m'_body + m_body m'_x. */
export function addMeans(field: Field, rows: readonly Means[], columns: readonly Means[], placing: Placing): void {
  field.groups.forEach(({ nngp }, g) => {
    const [a, b] = [rows[g], columns[g]];
    if (!a || !b) return;
    forEachEntry(field, placing, (at, row, column) => {
      nngp[at] += a.own[row] * b.added[column] + a.added[row] * b.own[column];
    });
  });
}

/** Calls back with every index into a field's kernels, and the entries of [positions, points] that it pairs. */
export function forEachEntry(
  field: Field,
  placing: Placing,
  visit: (at: number, row: number, column: number, i: number, j: number) => void,
): void {
  const { rows, cols, across } = field;
  const count = positionCount(field);
  let at = 0;
  for (let i = 0; i < rows; i++)
    for (let s = 0; s < count; s++)
      for (let other = across ? 0 : s; other < (across ? count : s + 1); other++)
        for (let j = 0; j < cols; j++, at++) {
          const [first, second] = [placing.row(i, j), placing.column(j)];
          visit(at, s * placing.rows + first, other * placing.columns + second, first, second);
        }
}
