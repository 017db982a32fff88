import { forEachEntry, type Placing } from "./blocks.js";
import type { Field } from "./field.js";
import type { NormStatistics } from "./statistics.js";

/** Both kernels of z = (x - shift) scale, in place: E z z' = (K - shift m' - m shift' + shift shift') scale scale', Theta scale scale'. The statistics, over infinitely many channels, are constants. */
export function normaliseField(field: Field, rows: NormStatistics, columns: NormStatistics, placing: Placing): void {
  field.groups.forEach(({ nngp, ntk }, g) => {
    const [means, others] = [rows.means[g], columns.means[g]];
    forEachEntry(field, placing, (at, row, column, i, j) => {
      const [a, b] = [rows.shift[i], columns.shift[j]];
      const scale = rows.scale[i] * columns.scale[j];
      const crossed = a === 0 && b === 0 ? 0 : a * b - a * others[column] - means[row] * b;
      nngp[at] = (nngp[at] + crossed) * scale;
      if (ntk) ntk[at] *= scale;
    });
  });
}
