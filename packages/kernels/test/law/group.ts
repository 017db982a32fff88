import { ensembleKernels, type LawKernels, lawKernels } from "../../src/index.js";
import { streams } from "../oracle.js";

/** One instance for all tests of a file; each test begins with `release`. */
export const kernels: LawKernels = lawKernels();
const narrow = ensembleKernels();

/** A block of float64 values in the kernels' memory. */
export function put(values: ArrayLike<number>): number {
  const address = kernels.allocate(8 * values.length);
  kernels.doubles(address, values.length).set(values);
  return address;
}

/** A copy of a block of float64 values. */
export function take(address: number, length: number): Float64Array {
  return kernels.doubles(address, length).slice();
}

/** Four streams with nothing in common. */
export function putStreams(): number {
  const address = kernels.allocate(64);
  kernels.setStreams(address, streams);
  return address;
}

/** Standard normal draws first, first + 1, ... of the four streams, [count][4], as the float32 kernels make them. */
export function draws(first: number, count: number): Float32Array {
  narrow.release();
  const [names, out] = [narrow.allocate(64), narrow.allocate(16 * count)];
  narrow.setStreams(names, streams);
  narrow.fillLanes({ streams: names, scale: 1 }, first, count, out);
  return narrow.floats(out, 4 * count).slice();
}

/** Values [points][units][4] of size about 1, the same for every call. */
export function somePoints(points: number, units: number): Float64Array {
  return Float64Array.from(draws(1e6, points * units));
}

/** Lane by lane, rows of entries: `lane(values, units, 2)[p][u]` is values[p][u][2]. */
export function lane(values: ArrayLike<number>, units: number, k: number): number[][] {
  return Array.from({ length: values.length / (4 * units) }, (_, p) =>
    Array.from({ length: units }, (_, u) => values[4 * (p * units + u) + k]),
  );
}

/** The sum of products of two rows. */
export function inner(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
