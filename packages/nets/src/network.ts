import { type Matrix, ShapeError } from "@sonde/core";
import type { LayerParameters } from "@sonde/init";
import type { Architecture } from "./architecture.js";
import { areHomogeneous } from "./homogeneous.js";
import type { Points } from "./layers/operator.js";
import { inferShapes, type ShapedLayer, size } from "./shapes.js";

/** One network: an architecture and the parameters of its layers with weights, depth-first (of an embedding too, whose bias is zero). */
export interface Network {
  readonly architecture: Architecture;
  readonly parameters: readonly LayerParameters[];
  /** Scale (`weights`, `[1, channels]`) and shift (`bias`) of each norm, depth-first, as training changes them; absent: the constants of the description. */
  readonly norms?: readonly LayerParameters[];
}

/** The points as float64, `[points, inputs]`; throws `ShapeError` if they do not fit the architecture's input or there are none. */
export function inputPoints({ input }: Architecture, points: Matrix): Points {
  const inputs = size(input);
  if (points.cols !== inputs)
    throw new ShapeError(
      `a point needs ${inputs} values for the input [${input.join(", ")}], got ${points.cols}: give rows of ${inputs}`,
    );
  if (points.rows === 0) throw new ShapeError("a network needs at least one point, got none: give one row or more");
  return { ...points, data: points.data instanceof Float64Array ? points.data : Float64Array.from(points.data) };
}

/** The shaped layers of a network; throws `ShapeError` with the path of the first layer whose parameters are missing or have another shape. */
export function networkLayers({ architecture, parameters, norms }: Network): readonly ShapedLayer[] {
  const layers = inferShapes(architecture);
  const check = ({ path, weights, parameters: index, branches, norm, input }: ShapedLayer): void => {
    branches.flat().forEach(check);
    if (norms && norm !== undefined) {
      const channels = input[input.length - 1];
      const own = norms[norm];
      if (own?.weights.data.length !== channels || own.bias.length !== channels)
        throw new ShapeError(
          `${path} needs ${channels} scales and shifts, got ${own?.weights.data.length ?? 0} and ${own?.bias.length ?? 0}: give those of all norms in depth-first order, or none`,
        );
    }
    if (!weights || index === undefined) return;
    const { kernel, inputs, outputs } = weights;
    const expected = `${size(kernel) * inputs} x ${outputs} weights and ${outputs} biases`;
    const own = parameters[index];
    if (!own)
      throw new ShapeError(
        `${path} needs ${expected}, but the network has parameters for only ${parameters.length} layers: add them`,
      );
    const got = `${own.weights.rows} x ${own.weights.cols} weights and ${own.bias.length} biases`;
    if (got !== expected) throw new ShapeError(`${path} needs ${expected}, got ${got}: give parameters in depth-first order`);
  };
  layers.forEach(check);
  return layers;
}

/** Whether f(c x) = c f(x) for c > 0: every bias is 0 and every layer is positively homogeneous. Then powers of two can be taken out of its values exactly. */
export function isHomogeneousNetwork({ parameters }: Network, layers: readonly ShapedLayer[]): boolean {
  return parameters.every(({ bias }) => bias.every((value) => value === 0)) && areHomogeneous(layers);
}
