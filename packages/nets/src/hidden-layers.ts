import type { Architecture } from "./architecture.js";
import { inferShapes, type ShapedLayer } from "./shapes.js";

/** A place where a network is observed. */
export interface HiddenLayer {
  /** Counted from 1. */
  readonly layer: number;
  /** Where it stands in the description, such as `layers[1]`. */
  readonly path: string;
  /** Shape of one point there. */
  readonly shape: readonly number[];
  /** Units, or channels where there are positions: the last size of the shape. */
  readonly units: number;
  /** The activation's name, `"residual"` or `"concat"`. */
  readonly label: string;
}

/** What has been listed, by the shapes of the architecture. */
const listed = new WeakMap<readonly ShapedLayer[], readonly HiddenLayer[]>();

/**
 * The hidden layers in order: every activation, residual block and concat block at the top level of the architecture.
 *
 * @example
 * hiddenLayers(mlp("1-2x9-1")).length // 9
 */
export function hiddenLayers(architecture: Architecture): readonly HiddenLayer[] {
  const shapes = inferShapes(architecture);
  let layers = listed.get(shapes);
  if (!layers) {
    layers = shapes.flatMap((shaped) => (shaped.hidden === undefined ? [] : [hiddenLayer(shaped, shaped.hidden)]));
    listed.set(shapes, layers);
  }
  return layers;
}

/** The public record of the shaped layer that is hidden layer number `layer`. */
export function hiddenLayer({ layer: kind, path, output }: ShapedLayer, layer: number): HiddenLayer {
  const label = kind.kind === "activation" ? kind.activation : kind.kind;
  return { layer, path, shape: output, units: output[output.length - 1], label };
}
