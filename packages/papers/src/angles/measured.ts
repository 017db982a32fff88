import { measureAngles } from "@sonde/metrics-correlation";
import { mlp } from "@sonde/nets";
import { predictAngles } from "@sonde/predictor";
import type { ClaimContext, Measured, Part, Scale, Settings } from "../claim.js";
import type { Value } from "../comparison.js";

export interface AngleSettings extends Settings {
  readonly width: number;
  readonly depth: number;
  /** Radians between the two inputs. */
  readonly theta0: number;
  readonly networks: number;
}

/** ln sin² of the angle at a layer: simulated, and as three predictions say. */
export interface AngleRow {
  readonly layer: number;
  readonly simulated: Required<Value> & { readonly sd: number };
  /** 1 - cos of the angle. */
  readonly apart: Required<Value>;
  readonly degenerate: number;
  readonly infinite: number;
  readonly published: number;
  readonly finite: { readonly mean: number; readonly sd: number };
}

export type AnglePart = Measured<AngleSettings, readonly AngleRow[]>;

/** Simulated and predicted angles through networks of equal width. */
export async function anglesThrough(
  { width, depth, theta0, networks, seed }: AngleSettings,
  { threads, createWorker, signal }: ClaimContext,
): Promise<AngleRow[]> {
  const architecture = mlp(`2-${width}x${depth}-1`);
  const predicted = predictAngles(architecture, { theta0 }).layers;
  const run = { networks, seed, threads, createWorker, signal };
  const { layers } = await measureAngles(architecture, { theta0, ...run });
  return layers
    .filter(({ layer }) => layer <= 10 || layer % 10 === 0 || layer === 31 || layer === depth)
    .map(({ layer, logSin2, cosine, degenerate }) => {
      const { infiniteWidth, finiteWidth, published } = predicted[layer - 1];
      return {
        layer,
        simulated: meanAt(logSin2, logSin2.sd),
        apart: { value: 1 - cosine.value, standardError: cosine.standardError, networks: cosine.networks },
        degenerate,
        infinite: infiniteWidth.logSin2,
        published: published?.mean ?? Number.NaN,
        finite: { mean: finiteWidth.mean, sd: finiteWidth.sd },
      };
    });
}

function meanAt({ value, standardError, networks }: Required<Value>, sd: number) {
  return { value, standardError, networks, sd };
}

/** Widths of which every scale draws networks of 100 layers. */
export function angleParts(
  scale: Scale,
  widths: readonly number[],
  { theta0 = Math.PI / 2, depth = 100, seed = 1200, standard = 10_000 } = {},
): Part<AngleSettings>[] {
  const networks = { quick: 1000, standard, full: 100_000 }[scale];
  return widths.map((width) => ({
    name: `width ${width}, angle ${theta0 === Math.PI / 2 ? "pi/2" : theta0}`,
    settings: { width, depth, theta0, networks, seed: seed + width },
  }));
}

export function rowAt(part: AnglePart, layer: number): AngleRow {
  return part.result.find((row) => row.layer === layer) as AngleRow;
}
