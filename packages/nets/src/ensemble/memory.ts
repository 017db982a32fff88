import { ConfigError } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { inferShapes, type ShapedLayer, size } from "../shapes.js";
import type { Executor } from "./plan.js";

/** Bytes that the kernels may fill with values of all points: most of their memory, which is at most 1 GiB. */
const mostInKernels = 0.9 * 2 ** 30;

/** Values of all points in one layer that the float64 executors take: they hold a few such blocks of 8 bytes a value. */
const mostInFloat64 = 2 ** 27;

/** Weights of one layer that the reference holds in float64; the others make them on the fly or not at all. */
const mostWeights = 2 ** 28;

/**
 * Whether the kernels' memory holds these points: the inputs, and two buffers and more for every depth of nesting. A value of four networks takes 16 bytes in float32 and 32 in law, where the
 * points' coordinates come on top.
 */
export function fitsKernels(architecture: Architecture, points: number, draws: "weights" | "law"): boolean {
  const { values, depth } = largest(architecture);
  const valueBytes = draws === "law" ? 32 : 16;
  const coordinates = draws === "law" ? 2 * points * points : 0;
  return valueBytes * (points * values * (2 * depth + 3) + coordinates) <= mostInKernels;
}

/**
 * The same with gradients, for which the values of all layers stay (`parts` of them: 2 with tangents), with three buffers for every depth on the way back, the weights of one layer twice, and all of those that
 * cannot be drawn again.
 */
export function fitsKernelsBackward(architecture: Architecture, points: number, parts: number): boolean {
  const { values, weights, depth } = largest(architecture);
  const { all, kept } = totals(inferShapes(architecture));
  const buffers = points * values * (3 * depth + 2 * parts + 2);
  return 16 * (points * parts * all + buffers + 2 * weights + kept) <= mostInKernels;
}

/** Values of a point in all layers together, and weights that are not independent. */
function totals(layers: readonly ShapedLayer[]): { all: number; kept: number } {
  let [all, kept] = [0, 0];
  for (const { layer, output, weights, body } of layers) {
    const inside = totals(body);
    all += inside.all + size(output);
    kept += inside.kept;
    if (weights && !layerInitialiser(layer).law?.(weights)) kept += (size(weights.kernel) * weights.inputs + 1) * weights.outputs;
  }
  return { all, kept };
}

/** Throws `ConfigError` with what to change where a run would need more memory than a machine is sure to have. */
export function checkMemory(architecture: Architecture, points: number, executor: Executor, gradients = false): void {
  const { values, weights } = largest(architecture);
  if (points * values > mostInFloat64)
    throw new ConfigError(
      `${points} points of ${values} values need too much memory: take at most ${Math.floor(mostInFloat64 / values)} points, or a narrower model`,
    );
  const all = gradients ? totals(inferShapes(architecture)).all : 0;
  if (executor === "reference" && points * all > mostInFloat64)
    throw new ConfigError(
      `the gradients of ${points} points with ${all} values in all layers need too much memory: take at most ${Math.floor(mostInFloat64 / all)} points, or a smaller model`,
    );
  if (executor === "reference" && weights > mostWeights)
    throw new ConfigError(
      `a layer of ${weights} weights is too large to be held in float64 (at most ${mostWeights}): make it narrower, or use he-normal with a plain chain of layers`,
    );
}

/** The largest number of values that a point has in some layer, its input included; the largest number of weights; how deep blocks nest. */
function largest(architecture: Architecture): { values: number; weights: number; depth: number } {
  let [values, weights, deepest] = [size(architecture.input), 0, 1];
  const visit = (shaped: readonly ShapedLayer[], depth: number): void => {
    deepest = Math.max(deepest, depth);
    for (const { output, weights: own, body } of shaped) {
      values = Math.max(values, size(output));
      if (own) weights = Math.max(weights, size(own.kernel) * own.inputs * own.outputs);
      if (body.length > 0) visit(body, depth + 1);
    }
  };
  visit(inferShapes(architecture), 1);
  return { values, weights, depth: deepest };
}
