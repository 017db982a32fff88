import { elementCount } from "../../array-file.js";
import type { ModelTensor } from "../model-file.js";
import { isElementType } from "../tensor.js";

/** Values of large tensors that are looked at: enough to tell laws apart, few enough for a second. */
const most = 2 ** 16;

/** What a sample of a tensor's values looks like. */
export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** Mean square about zero. */
  readonly meanSquare: number;
  readonly kurtosis: number;
  readonly largest: number;
  /** Where all values are one number. */
  readonly constant?: number;
  readonly finite: boolean;
  /** The values themselves, and of how many rows of the matrix they are. */
  readonly values: Float64Array;
}

/**
 * A sample of a tensor's first values, 2^16 at most. `undefined` where they are no numbers that are read. Kurtosis is that of the values about zero: 3 for a normal law, 1.8 for a uniform one.
 */
export function sampleOf(tensor: ModelTensor): Sample | undefined {
  const size = elementCount(tensor.shape);
  if (!isElementType(tensor.type) || tensor.type === "bool" || size === 0) return undefined;
  const count = Math.min(size, most);
  if (tensor.constant !== undefined) {
    const { constant } = tensor;
    return {
      count,
      mean: constant,
      meanSquare: constant * constant,
      kurtosis: 1,
      largest: Math.abs(constant),
      constant,
      finite: true,
      values: Float64Array.of(constant),
    };
  }
  const values = Float64Array.from(tensor.values(0, count) as ArrayLike<number | bigint>, Number);
  let sum = 0;
  let second = 0;
  let fourth = 0;
  let largest = 0;
  let same = true;
  let finite = true;
  for (const value of values) {
    const square = value * value;
    sum += value;
    second += square;
    fourth += square * square;
    if (Math.abs(value) > largest) largest = Math.abs(value);
    same &&= value === values[0];
    finite &&= Number.isFinite(value);
  }
  const meanSquare = second / count;
  return {
    count,
    mean: sum / count,
    meanSquare,
    kurtosis: meanSquare > 0 ? fourth / count / (meanSquare * meanSquare) : 0,
    largest,
    ...(same && count > 1 && { constant: values[0] }),
    finite,
    values,
  };
}
