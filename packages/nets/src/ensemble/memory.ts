import { ConfigError } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { inferShapes, type ShapedLayer, size } from "../shapes.js";
import type { Executor } from "./plan.js";

/** Values of all points in one layer that the kernels take: their memory, at most 1 GiB, holds three such blocks for four networks in float32. */
const mostInKernels = 2 ** 24;

/** The same for the float64 executors, which hold a few such blocks of 8 bytes a value. */
const mostInFloat64 = 2 ** 27;

/** Weights of one layer that the reference holds in float64; the others make them on the fly or not at all. */
const mostWeights = 2 ** 28;

/** Whether the kernels' memory holds these points. */
export function fitsKernels(architecture: Architecture, points: number): boolean {
  return points * largest(architecture).values <= mostInKernels;
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

/** The largest number of values that a point has in some layer, its input included, and the largest number of weights. */
function largest(architecture: Architecture): { values: number; weights: number } {
  let [values, weights] = [size(architecture.input), 0];
  const visit = (shaped: readonly ShapedLayer[]): void => {
    for (const { output, weights: own, body } of shaped) {
      values = Math.max(values, size(output));
      if (own) weights = Math.max(weights, size(own.kernel) * own.inputs * own.outputs);
      visit(body);
    }
  };
  visit(inferShapes(architecture));
  return { values, weights };
}
