import { ConfigError } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { inferShapes, type ShapedLayer, size } from "../shapes.js";
import type { Executor } from "./plan.js";

/** Bytes that the kernels may fill with values of all points: most of their memory, which is at most 1 GiB. */
const mostInKernels = 0.9 * 2 ** 30;

/** Values of all points in one layer that the float64 executors take: they hold a few such blocks of 8 bytes a value. */
const mostInFloat64 = 2 ** 27;

/** Weights of one layer that the reference holds in float64; the others make them on the fly or not at all. */
const mostWeights = 2 ** 28;

/**
 * Whether the kernels' memory holds these points: the inputs, and two buffers and more for every depth of nesting (blocks with several branches keep ends of them aside). A value of four networks takes 16 bytes in float32 and 32 in law, where the
 * points' coordinates come on top.
 */
export function fitsKernels(architecture: Architecture, points: number, draws: "weights" | "law"): boolean {
  const { values, depth, aside } = largest(architecture);
  const valueBytes = draws === "law" ? 32 : 16;
  const coordinates = draws === "law" ? 2 * points * points : 0;
  return valueBytes * (points * values * ((aside ? 4 : 2) * depth + 3) + coordinates) <= mostInKernels;
}

/** Throws `ConfigError` with what to change where a run would need more memory than a machine is sure to have. */
export function checkMemory(architecture: Architecture, points: number, executor: Executor): void {
  const { values, weights } = largest(architecture);
  if (points * values > mostInFloat64)
    throw new ConfigError(
      `${points} points of ${values} values need too much memory: take at most ${Math.floor(mostInFloat64 / values)} points, or a narrower model`,
    );
  if (executor === "reference" && weights > mostWeights)
    throw new ConfigError(
      `a layer of ${weights} weights is too large to be held in float64 (at most ${mostWeights}): make it narrower, or use he-normal with a plain chain of layers`,
    );
}

/** The largest number of values that a point has in some layer, its input included; the largest number of weights; how deep blocks nest; whether a block keeps ends of branches aside. */
function largest(architecture: Architecture): { values: number; weights: number; depth: number; aside: boolean } {
  let aside = false;
  let [values, weights, deepest] = [size(architecture.input), 0, 1];
  const visit = (shaped: readonly ShapedLayer[], depth: number): void => {
    deepest = Math.max(deepest, depth);
    for (const { output, weights: own, branches, join } of shaped) {
      values = Math.max(values, size(output));
      if (own) weights = Math.max(weights, size(own.kernel) * own.inputs * own.outputs);
      aside ||= join !== undefined && (branches.length > 2 || branches[0].length > 0 || branches[1]?.length === 0);
      if (branches.length > 0) visit(branches.flat(), depth + 1);
    }
  };
  visit(inferShapes(architecture), 1);
  return { values, weights, depth: deepest, aside };
}
