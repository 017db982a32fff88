import { matrix } from "@sonde/core";
import { joined, parted, times } from "./layers/block.js";
import type { Points } from "./layers/operator.js";
import type { Join } from "./shapes.js";

/** Values with a power of two taken out: the true ones are `values * 2^exponent`. */
export interface Scaled {
  readonly values: Points;
  readonly exponent: number;
}

/** Largest absolute values within 2^-100 to 2^100 stay as they are, so that fourth powers and their sums stay in float64's range too. */
const comfortable = 100;

/** The same values with the largest absolute one brought near 1 if it was outside 2^-100 to 2^100; zeros and non-finite values stay. Exact. */
export function rescale({ values, exponent }: Scaled): Scaled {
  let largest = 0;
  const { data } = values;
  for (let k = 0; k < data.length; k++) largest = Math.max(largest, Math.abs(data[k]));
  if (largest === 0 || !Number.isFinite(largest)) return { values, exponent };
  const shift = floorLog2(largest);
  if (Math.abs(shift) <= comfortable) return { values, exponent };
  return { values: timesPowerOfTwo(values, -shift), exponent: exponent + shift };
}

/** `values * 2^exponent`, where the result may leave float64's range: then it is 0 or infinite, as it is in truth to float64. */
export function unscaled({ values, exponent }: Scaled): Points {
  return exponent === 0 ? values : timesPowerOfTwo(values, exponent);
}

/** The ends of a block's branches as its output (see `joined`), at their largest exponent; all-zero values take any exponent. */
export function joinedScaled(join: Join, ends: readonly Scaled[]): Scaled {
  // A factor of 0 comes before the exponents are compared: it takes the largest branch out, and its exponent.
  const summands = join.kind === "sum" ? ends.map((end, k) => ({ ...end, values: times(end.values, join.factors[k]) })) : ends;
  const others = summands.filter((end) => !isZero(end));
  const exponent = others.reduce(
    (most, end) => Math.max(most, end.exponent),
    others[0]?.exponent ?? ends[ends.length - 1].exponent,
  );
  const aligned = summands.map((end) => unscaled({ values: end.values, exponent: end.exponent - exponent }));
  const plain: Join = join.kind === "sum" ? { kind: "sum", factors: ends.map(() => 1) } : join;
  return { values: joined(plain, aligned), exponent };
}

/** The sum of two scaled shapes. */
export function sumScaled(a: Scaled, b: Scaled): Scaled {
  return joinedScaled({ kind: "sum", factors: [1, 1] }, [a, b]);
}

/** The transpose of `joinedScaled`. */
export function partedScaled(join: Join, { values, exponent }: Scaled): Scaled[] {
  return parted(join, values).map((part) => ({ values: part, exponent }));
}

function isZero({ values }: Scaled): boolean {
  return values.data.every((value) => value === 0);
}

function timesPowerOfTwo(values: Points, exponent: number): Points {
  const data = values.data.slice();
  // Beyond +-2200 every float64 becomes 0 or infinite; and 2^exponent may leave float64's range where the product does not, hence the steps.
  let left = clamp(exponent, 2200);
  while (left !== 0) {
    const step = clamp(left, 1000);
    const scale = 2 ** step;
    for (let i = 0; i < data.length; i++) data[i] *= scale;
    left -= step;
  }
  return matrix(values.rows, values.cols, data);
}

function clamp(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

/** floor(log2(value)) of a positive finite number, from its bits. */
function floorLog2(value: number): number {
  const high = new DataView(Float64Array.of(value).buffer).getUint32(4, true) >>> 20;
  return high === 0 ? floorLog2(value * 2 ** 60) - 60 : high - 1023;
}
