import { ConfigError, type Matrix, ShapeError } from "@sonde/core";
import { fanIn } from "./layer-shape.js";
import type { InitialiserContext, LayerShape } from "./types.js";

/**
 * The layer's input that a data-dependent initialiser works on. Throws `ConfigError` if there is none, `ShapeError` if it does not fit.
 */
export function layerInput(name: string, shape: LayerShape, context: InitialiserContext | undefined): Matrix {
  const input = context?.layerInput;
  if (!input)
    throw new ConfigError(
      `"${name}" looks at the data: pass the layer's input, [points * positions, fan_in], as context.layerInput`,
    );
  if (input.cols !== fanIn(shape))
    throw new ShapeError(
      `"${name}" needs a layer input with ${fanIn(shape)} columns (fan_in), got ${input.rows} x ${input.cols}`,
    );
  return input;
}
