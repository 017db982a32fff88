import { ConfigError, type Matrix, NumericalError } from "@sonde/core";
import { infiniteWidthKernelSync } from "@sonde/infinite-width";
import { deathDomain } from "@sonde/metrics-death";
import { type KernelDifference, type KernelState, kernelDifference, kernelLayers, kernelRequest } from "@sonde/metrics-kernel";
import { type Architecture, hiddenLayers, planEstimate, runEstimate } from "@sonde/nets";
import { sampledRows } from "./looked-at.js";
import type { MeasureOptions } from "./measurement.js";

/** How far the networks are from what infinite width predicts, layer by layer. */
export interface WidthLimit {
  readonly layers: readonly (KernelDifference & { readonly layer: number })[];
  readonly networks: number;
  /** Inputs whose kernel is compared. */
  readonly points: number;
}

/** A few pairs of points tell how wide is wide enough; more would say the same. */
const looks = { networks: 64, points: 4, layers: 200 };

/** The share of a diagnosis' work that this may take. */
const share = 1 / 20;

/**
 * Compares the kernels of random networks with those of infinite width, in a small pass of its own; `undefined` where the architecture has no infinite-width form, or nothing to compare, or it would take too long.
 */
export async function widthLimit(architecture: Architecture, options: MeasureOptions): Promise<WidthLimit | undefined> {
  const depth = hiddenLayers(architecture).length;
  const { inputs } = deathDomain(architecture, options);
  if (depth === 0 || depth > looks.layers || inputs.rows < 2) return undefined;
  const points = sampledRows(inputs, looks.points, options.seed ?? 0);
  const expected = limitOf(architecture, points);
  if (!expected) return undefined;
  const { seed, relaxed, threads, createWorker, signal, budget = 1e10 } = options;
  const run = { seed, relaxed, threads, createWorker, signal, networks: looks.networks };
  const requests = [kernelRequest(architecture, points)];
  const plan = planEstimate(architecture, points, requests, run);
  if (plan.work > budget * share || signal?.aborted) return undefined;
  const { states, networks, interrupted } = await runEstimate(plan, requests, run);
  if (interrupted) return undefined;
  const layers = kernelLayers(states[0] as KernelState, points.rows).map((measured, l) => ({
    layer: measured.layer,
    ...kernelDifference(measured, expected[l], networks),
  }));
  return { layers, networks, points: points.rows };
}

function limitOf(architecture: Architecture, points: Matrix) {
  try {
    return infiniteWidthKernelSync(architecture, points, { ntk: false, layers: true }).layers;
  } catch (error) {
    if (error instanceof ConfigError || error instanceof NumericalError) return undefined;
    throw error;
  }
}
