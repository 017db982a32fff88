import { drawable } from "./drawable.js";

/** Most points that are drawn of one curve: more than any picture has columns. */
const most = 2000;

/**
 * Which points of a long curve to draw, in order: of every stretch the least and the greatest of each of the given columns, so that no extreme is lost, and
 * both ends. All of them up to 2000.
 *
 * @example
 * thinned(3, [[5, 6, 7]]) // [0, 1, 2]
 */
export function thinned(length: number, columns: readonly (readonly (number | null)[])[]): number[] {
  if (length <= most) return Array.from({ length }, (_, k) => k);
  const stretches = Math.floor(most / (2 * columns.length));
  const kept = new Set([0, length - 1]);
  for (let s = 0; s < stretches; s++) {
    const [from, to] = [Math.floor((s * length) / stretches), Math.floor(((s + 1) * length) / stretches)];
    for (const column of columns) {
      let least = -1;
      let greatest = -1;
      for (let k = from; k < to; k++) {
        const value = column[k];
        if (!drawable(value)) continue;
        if (least < 0 || value < (column[least] as number)) least = k;
        if (greatest < 0 || value > (column[greatest] as number)) greatest = k;
      }
      // A stretch without values stays a gap.
      kept.add(least < 0 ? from : least).add(greatest < 0 ? from : greatest);
    }
  }
  return [...kept].sort((a, b) => a - b);
}
