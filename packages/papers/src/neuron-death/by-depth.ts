import { type AliveAtDepth, aliveByDepth } from "@sonde/metrics-death";
import { mlp } from "@sonde/nets";
import type { ClaimContext, Measured, Part, Settings } from "../claim.js";

export interface DepthSettings extends Settings {
  readonly width: number;
  readonly hiddenLayers: number;
  readonly networks: number;
}

export type DepthPart = Measured<DepthSettings, readonly AliveAtDepth[]>;

/** One ensemble for each width tells all depths. */
export function depthParts(widths: readonly number[], hiddenLayers: number, networks: number): Part<DepthSettings>[] {
  return widths.map((width) => ({ name: `width ${width}`, settings: { width, hiddenLayers, networks, seed: 200 + width } }));
}

/** P(alive) of 1-NxH-1 with inputs in [-1, 1] at all depths up to H, between its bounds. */
export function aliveAtDepths(
  { width, hiddenLayers, networks, seed }: DepthSettings,
  { threads, createWorker, signal }: ClaimContext,
): Promise<AliveAtDepth[]> {
  return aliveByDepth(mlp(`1-${width}x${hiddenLayers}-1`), {
    domain: [-1, 1],
    networks,
    seed,
    threads,
    createWorker,
    signal,
  });
}

export function curvesOf(parts: readonly DepthPart[]) {
  return parts.map(({ name, result }) => ({ name, rows: result }));
}
