import { ShapeError } from "@sonde/core";
import type { LayerShape } from "./types.js";

/**
 * How many values one output sums: fan_in = product(kernel) * inputs. `LayerShape -> whole number >= 1`.
 *
 * Throws `ShapeError` if a size is not a whole number >= 1.
 *
 * @example
 * fanIn({ kernel: [3, 3], inputs: 16, outputs: 32 }) // 144
 */
export function fanIn(shape: LayerShape): number {
  return kernelSize(shape) * shape.inputs;
}

/**
 * How many outputs one value reaches: fan_out = product(kernel) * outputs. `LayerShape -> whole number >= 1`.
 *
 * Throws `ShapeError` if a size is not a whole number >= 1.
 *
 * @example
 * fanOut({ kernel: [3, 3], inputs: 16, outputs: 32 }) // 288
 */
export function fanOut(shape: LayerShape): number {
  return kernelSize(shape) * shape.outputs;
}

/** Number of kernel positions: product(kernel), 1 for a dense layer. */
export function kernelSize({ kernel, inputs, outputs }: LayerShape): number {
  for (const size of [...kernel, inputs, outputs])
    if (!(Number.isSafeInteger(size) && size >= 1))
      throw new ShapeError(
        `a layer needs whole sizes of at least 1, got kernel [${kernel.join(", ")}], ${inputs} inputs and ${outputs} outputs`,
      );
  return kernel.reduce((product, size) => product * size, 1);
}
