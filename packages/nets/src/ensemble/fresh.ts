import { ConfigError, type Matrix, matrix, normals, type Stream, split, stream } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { size } from "../shapes.js";
import { standardise } from "../standardise.js";
import { checkMemory } from "./memory.js";
import type { EnsemblePlan } from "./plan.js";

/** Inputs that every network draws for itself: independent standard normal points. */
export interface FreshInputs {
  /** Rows in succession that are the same point, for derivatives in several directions at it. Default 1. */
  readonly copies?: number;
  /** Brings every channel to mean 0 and variance 1 over points and positions, see `standardise`. Default false. */
  readonly standardised?: boolean;
}

/** What `gaussianInputs` gives: the points of network 0, which stand for the sizes of all. */
export interface GaussianInputs extends Matrix<Float64Array> {
  readonly fresh: FreshInputs;
}

/**
 * Standard normal inputs, drawn afresh for every network of an ensemble: `points` points, each `copies` times, `[points * copies, inputs]`.
 *
 * Throws `ConfigError` unless both are whole numbers from 1, and where so many points would need too much memory.
 *
 * @example
 * gaussianInputs(mlp("3-8x2-1"), { points: 10 }).rows // 10
 */
export function gaussianInputs(
  architecture: Architecture,
  { points, copies = 1, standardised = false, seed = 0 }: FreshInputs & { readonly points: number; readonly seed?: number },
): GaussianInputs {
  for (const [name, count] of Object.entries({ points, copies }))
    if (!(Number.isInteger(count) && count >= 1))
      throw new ConfigError(`fresh inputs need a whole number of ${name} from 1, got ${count}`);
  checkMemory(architecture, points * copies, "kernels");
  const sizes = matrix(points * copies, size(architecture.input));
  const fresh = { copies, standardised };
  return { ...inputsOf({ architecture, inputs: sizes, fresh, seed }, 0), fresh };
}

/** The stream that network k of a seed draws its own inputs from. */
export function inputStream(seed: number): Stream {
  return split(stream(seed), 2);
}

/** The inputs of network k: the plan's, or its own, which are put into `out`, new by default. */
export function inputsOf(
  { architecture, inputs, fresh, seed }: Pick<EnsemblePlan, "architecture" | "inputs" | "fresh" | "seed">,
  k: number,
  out?: Float64Array,
): Matrix<Float64Array> {
  if (!fresh) return inputs;
  const points = matrix(inputs.rows, inputs.cols, out ?? new Float64Array(inputs.data.length));
  drawPoints(points, split(inputStream(seed), k), fresh.copies ?? 1);
  return fresh.standardised
    ? standardise(points, { channels: architecture.input[architecture.input.length - 1], out: points.data }).points
    : points;
}

function drawPoints({ rows, cols, data }: Matrix<Float64Array>, network: Stream, copies: number): void {
  if (copies === 1) normals(network, data);
  else
    for (let p = 0; p < rows; p++)
      if (p % copies === 0) normals(network, data.subarray(p * cols, (p + 1) * cols), (p / copies) * cols);
      else data.copyWithin(p * cols, (p - 1) * cols, p * cols);
}
