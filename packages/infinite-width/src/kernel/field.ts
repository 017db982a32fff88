import { size } from "@sonde/nets";
import type { WeightLaw } from "./weight-law.js";

/** Channels that share one kernel; a concat block has several such groups. */
export interface Group {
  /** Their share of all channels. */
  readonly share: number;
  /** The covariance of a channel between two points, see `Field`. */
  readonly nngp: Float64Array;
  /** The tangent kernel likewise, where it is wanted. */
  readonly ntk?: Float64Array;
}

/**
 * Kernels between `rows` and `cols` points in the middle of a network. Entry (i, s, j) lies at (i * P + s) * cols + j, P being the number of positions; where `across`, there is one entry for
 * every two positions, (i, s, s', j) at ((i * P + s) * P + s') * cols + j, as averages over positions need.
 */
export interface Field {
  readonly rows: number;
  readonly cols: number;
  /** Sizes of the axes of positions; none for flat layers. */
  readonly positions: readonly number[];
  readonly across: boolean;
  readonly groups: readonly Group[];
  /** Weights that the only group has yet to go through, see `settled`: an activation does it in one pass with its own work. */
  readonly pending?: WeightLaw;
}

/** The number of positions. */
export function positionCount({ positions }: Pick<Field, "positions">): number {
  return size(positions);
}

/** The field with nothing pending: K <- sigma_w^2 K + sigma_b^2, Theta <- K + sigma_w^2 Theta, in place. */
export function settled({ pending, ...field }: Field): Field {
  if (!pending) return field;
  const { weightVariance, biasVariance } = pending;
  const [{ nngp, ntk }] = field.groups;
  for (let k = 0; k < nngp.length; k++) nngp[k] = weightVariance * nngp[k] + biasVariance;
  if (ntk) for (let k = 0; k < ntk.length; k++) ntk[k] = nngp[k] + weightVariance * ntk[k];
  return field;
}

/** Both kernels of a group through the same map. */
function mapGroup(group: Group, map: (kernel: Float64Array) => Float64Array): Group {
  return { share: group.share, nngp: map(group.nngp), ...(group.ntk && { ntk: map(group.ntk) }) };
}

export function mapGroups(field: Field, map: (kernel: Float64Array) => Float64Array): Field {
  return { ...field, groups: field.groups.map((group) => mapGroup(group, map)) };
}

/** All channels together: the average over the groups by their shares. May reuse the kernels of a field with one group. */
export function mixed({ groups }: Field): Group {
  if (groups.length === 1) return groups[0];
  const average = (kernels: readonly (Float64Array | undefined)[]): Float64Array => {
    const sum = new Float64Array(groups[0].nngp.length);
    kernels.forEach((kernel, g) => {
      if (kernel) for (let k = 0; k < sum.length; k++) sum[k] += groups[g].share * kernel[k];
    });
    return sum;
  };
  const nngp = average(groups.map((group) => group.nngp));
  return { share: 1, nngp, ...(groups[0].ntk && { ntk: average(groups.map(({ ntk }) => ntk)) }) };
}

/** The kernel averaged over positions, each with itself: (i, j) at i * cols + j. */
export function overPositions(field: Field, kernel: Float64Array): Float64Array {
  const { rows, cols, across } = field;
  const count = positionCount(field);
  if (count === 1) return kernel;
  const result = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++)
    for (let s = 0; s < count; s++) {
      const from = (across ? (i * count + s) * count + s : i * count + s) * cols;
      for (let j = 0; j < cols; j++) result[i * cols + j] += kernel[from + j] / count;
    }
  return result;
}

/** The same field with entries for each position with itself alone. */
export function withoutAcross(field: Field): Field {
  if (!field.across) return field;
  const { rows, cols } = field;
  const count = positionCount(field);
  const diagonal = (kernel: Float64Array): Float64Array => {
    const result = new Float64Array(rows * count * cols);
    for (let is = 0; is < rows * count; is++) {
      const from = (is * count + (is % count)) * cols;
      result.set(kernel.subarray(from, from + cols), is * cols);
    }
    return result;
  };
  return { ...mapGroups(field, diagonal), across: false };
}
