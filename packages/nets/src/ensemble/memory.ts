import { ConfigError } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { layerInitialiser } from "../layer-initialiser.js";
import { limits } from "../limits.js";
import { inferShapes, type ShapedLayer, size } from "../shapes.js";
import type { Executor } from "./plan.js";

/** Bytes that the kernels may fill with values of all points: most of their memory, which is at most 1 GiB. */
const mostInKernels = 0.9 * 2 ** 30;

/**
 * Whether the kernels' memory holds these points: the inputs, and two buffers and more for every depth of nesting (blocks with several branches keep ends of them aside). A value of four networks takes 16 bytes in float32 and 32 in law, where the
 * points' coordinates come on top.
 */
export function fitsKernels(architecture: Architecture, points: number, draws: "weights" | "law"): boolean {
  return kernelBytes(architecture, points, draws) <= mostInKernels;
}

function kernelBytes(architecture: Architecture, points: number, draws: "weights" | "law"): number {
  const { values, depth, aside } = sizesOf(architecture);
  const valueBytes = draws === "law" ? 32 : 16;
  const coordinates = draws === "law" ? 2 * points * points : 0;
  return valueBytes * (points * values * ((aside ? 4 : 2) * depth + 3) + coordinates);
}

/**
 * The same with gradients, for which the values of all layers stay (`parts` of them: 2 with tangents), with three buffers for every depth on the way back, the weights of one layer twice, and all of those that
 * cannot be drawn again.
 */
export function fitsKernelsBackward(architecture: Architecture, points: number, parts: number): boolean {
  return backwardKernelBytes(architecture, points, parts) <= mostInKernels;
}

function backwardKernelBytes(architecture: Architecture, points: number, parts: number): number {
  const { values, largest: weights, depth } = sizesOf(architecture);
  const { all, kept } = totals(inferShapes(architecture));
  const buffers = points * values * (3 * depth + 2 * parts + 2);
  return 16 * (points * parts * all + buffers + 2 * weights + kept);
}

/** Bytes of one thread that carries points through networks and gradients back, for which the values of all layers stay; `parts` as for `fitsKernelsBackward`. */
export function backwardThreadBytes(
  architecture: Architecture,
  points: number,
  parts: number,
  executor: "kernels" | "reference",
): number {
  if (executor === "kernels") return backwardKernelBytes(architecture, points, parts);
  const { all } = totals(inferShapes(architecture));
  return threadBytes(architecture, points * parts, executor) + 8 * points * parts * all + 8 * sizesOf(architecture).weights;
}

/** Values of a point in all layers together, and weights that are not independent. */
function totals(layers: readonly ShapedLayer[]): { all: number; kept: number } {
  let all = 0;
  let kept = 0;
  for (const { layer, output, weights, branches, join } of layers) {
    const inside = totals(branches.flat());
    // Ends of branches before they are multiplied, joined or shifted stay too.
    const copies = join ? branches.length : layer.kind === "norm" ? 2 : 1;
    all += inside.all + copies * size(output);
    kept += inside.kept;
    if (weights && !layerInitialiser(layer).law?.(weights)) kept += (size(weights.kernel) * weights.inputs + 1) * weights.outputs;
  }
  return { all, kept };
}

/** Bytes that one thread takes to carry so many points through one network, or through four where an executor does: roughly, and more rather than less. */
export function threadBytes(architecture: Architecture, points: number, executor: Executor): number {
  switch (executor) {
    case "kernels":
      return kernelBytes(architecture, points, "weights");
    case "law":
      return kernelBytes(architecture, points, "law");
    case "reference":
      return valueBytes(architecture, points) + weightBytes(architecture);
    case "law-reference":
    case "law-pair":
      return valueBytes(architecture, points) + 16 * points * points;
    case "survivors":
      return 0;
    case "breakpoints":
      return weightBytes(architecture);
  }
}

/** The float64 executors hold the values before and after a layer and what is made of them, at every depth of nesting. */
function valueBytes(architecture: Architecture, points: number): number {
  const { values, depth } = sizesOf(architecture);
  return 8 * points * values * (2 * depth + 1);
}

/** Explicit weights of a whole network in float64, and a layer once more while it is drawn. */
function weightBytes(architecture: Architecture): number {
  const { weights, largest } = sizesOf(architecture);
  return 8 * (weights + largest);
}

/**
 * Throws `ConfigError` with what to change where one thread would take more than `limits.bytes` for these points and networks; without an executor, where the points alone would.
 */
export function checkMemory(architecture: Architecture, points: number, executor?: Executor, gradients = false): void {
  if (executor === "survivors") return;
  const explicit = executor === "reference" || executor === "breakpoints";
  const held = explicit ? weightBytes(architecture) : 0;
  const point = valueBytes(architecture, 1);
  const limit = `${limits.bytes / 2 ** 30} GiB`;
  if (held + point > limits.bytes && held > point)
    throw new ConfigError(
      `${sizesOf(architecture).weights} weights are too many to be held in float64 (${limit} in all): make the model smaller, or use he-normal with a plain chain of layers`,
    );
  const { values, depth } = sizesOf(architecture);
  const nested = depth > 1 ? ` in blocks nested ${depth - 1} deep` : "";
  const most = Math.floor((limits.bytes - held) / point);
  if (most < 1)
    throw new ConfigError(
      `a point of ${values} values${nested} needs too much memory (more than ${limit}): make the model narrower`,
    );
  if (points > most)
    throw new ConfigError(
      `${points} points of ${values} values${nested} need too much memory: take at most ${most} ${most === 1 ? "point" : "points"}, or a narrower model`,
    );
  const all = gradients ? totals(inferShapes(architecture)).all : 0;
  if (executor === "reference" && held + 8 * points * all > limits.bytes)
    throw new ConfigError(
      `the gradients of ${points} points with ${all} values in all layers need too much memory: take at most ${Math.max(1, Math.floor((limits.bytes - held) / (8 * all)))} points, or a smaller model`,
    );
  if (executor !== undefined && threadBytes(architecture, points, executor) > limits.bytes)
    throw new ConfigError(`the inner products of ${points} points need too much memory (more than ${limit}): take fewer points`);
}

/** So many threads as asked for, or as there is memory for all of them. */
export function threadsFor({ bytes }: { readonly bytes: number }, threads: number): number {
  return Math.max(1, Math.min(threads, Math.floor(limits.bytesOfThreads / Math.max(1, bytes))));
}

interface Sizes {
  /** Of the largest layer for one point, the input included. */
  readonly values: number;
  /** Of all layers, and of the largest. */
  readonly weights: number;
  readonly largest: number;
  /** How deep blocks nest, from 1 for none. */
  readonly depth: number;
  /** Whether a block keeps ends of branches aside while others are run. */
  readonly aside: boolean;
}

const measured = new WeakMap<Architecture, Sizes>();

function sizesOf(architecture: Architecture): Sizes {
  const known = measured.get(architecture);
  if (known) return known;
  let [values, weights, largest, deepest] = [size(architecture.input), 0, 0, 1];
  let aside = false;
  const visit = (shaped: readonly ShapedLayer[], depth: number): void => {
    deepest = Math.max(deepest, depth);
    for (const { output, weights: own, branches, join } of shaped) {
      values = Math.max(values, size(output));
      const count = own ? size(own.kernel) * own.inputs * own.outputs : 0;
      weights += count;
      largest = Math.max(largest, count);
      aside ||= join !== undefined && (branches.length > 2 || branches[0].length > 0 || branches[1]?.length === 0);
      if (join) visit(branches.flat(), depth + 1);
    }
  };
  visit(inferShapes(architecture), 1);
  const sizes = { values, weights, largest, depth: deepest, aside };
  measured.set(architecture, sizes);
  return sizes;
}
