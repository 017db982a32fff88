import { matrix } from "@sonde/core";
import { join, sum, unjoin } from "./layers/block.js";
import type { Points } from "./layers/operator.js";

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

/** The sum of two scaled shapes, at the larger exponent. */
export function sumScaled(a: Scaled, b: Scaled): Scaled {
  const [x, y, exponent] = aligned(a, b);
  return { values: sum(x, y), exponent };
}

/** Two scaled shapes joined along the channels (p of them in the first), at the larger exponent. */
export function joinScaled(a: Scaled, b: Scaled, p: number): Scaled {
  const [x, y, exponent] = aligned(a, b);
  return { values: join(x, y, p), exponent };
}

/** The inverse of `joinScaled`. */
export function unjoinScaled({ values, exponent }: Scaled, p: number, q: number): [Scaled, Scaled] {
  const [a, b] = unjoin(values, p, q);
  return [
    { values: a, exponent },
    { values: b, exponent },
  ];
}

/** Both values at one exponent, the larger one; all-zero values take any exponent. */
function aligned(a: Scaled, b: Scaled): [Points, Points, number] {
  const exponent = isZero(a) ? b.exponent : isZero(b) ? a.exponent : Math.max(a.exponent, b.exponent);
  const at = (s: Scaled): Points => unscaled({ values: s.values, exponent: s.exponent - exponent });
  return [at(a), at(b), exponent];
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
