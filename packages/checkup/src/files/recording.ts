import { ConfigError, quote } from "@sonde/core";
import type { NamedArray, NumericArray } from "@sonde/formats";
import { limits } from "@sonde/nets";

/** Throws `ConfigError` where a recorded layer has more units than a layer may have. */
export function checkUnits(model: string, arrays: readonly Pick<NamedArray, "name" | "shape">[]): void {
  for (const { name, shape } of arrays) {
    if (name.endsWith(".weight_grad")) continue;
    const units = shape[shape.length - 1] ?? 0;
    if (units > limits.units)
      throw new ConfigError(
        `in ${quote(model)}, ${quote(name)} has ${units} units, more than the ${limits.units} that a layer may have: its shape is [points, units]`,
      );
  }
}

/** Recorded numbers as the metrics take them. */
export function reals(data: NumericArray): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/** Channels that images begin with, or layers have. */
const usualChannels = [1, 3, 16, 32, 64, 128, 256, 512];

/** A warning for every array that looks as PyTorch has images, [points, channels, height, width]: its last axis would be taken for the channels. */
export function channelsFirstWarnings(arrays: readonly { readonly name: string; readonly shape: readonly number[] }[]): string[] {
  return arrays.flatMap(({ name, shape }) => {
    const [, second, height, width] = shape;
    // A cube may be either.
    const looks =
      shape.length === 4 && height === width && second !== width && (width > second || usualChannels.includes(second));
    return looks
      ? [
          `${quote(name)} has the shape [${shape.join(", ")}], which looks channels-first, and its ${width} last entries were taken for the channels: save it as [points, height, width, channels], in NumPy by moveaxis(a, 1, -1)`,
        ]
      : [];
  });
}
