import { mlp } from "@sonde/nets";
import { measureVni } from "@sonde/vni";
import type { ClaimContext, Measured, Part, Scale, Settings } from "../claim.js";
import type { Value } from "../comparison.js";
import { type Variant, variants } from "./variants.js";

export interface VniSettings extends Settings {
  readonly variant: Variant;
  readonly width: number;
  readonly depth: number;
  readonly points: number;
  readonly networks: number;
}

export interface VniRow {
  readonly layer: number;
  readonly formula: number | null;
  readonly local: Required<Value>;
  readonly vni: Required<Value>;
  readonly weighted: Required<Value>;
  readonly constantUnits: number;
}

export type VniPart = Measured<VniSettings, readonly VniRow[]>;

/** Indicators through networks of as many inputs as units, on standard normal points that are drawn afresh for every network, so that nothing but depth keeps them up. */
export async function vniThrough(
  { variant, width, depth, points, networks, seed }: VniSettings,
  { threads, createWorker, signal }: ClaimContext,
): Promise<VniRow[]> {
  const architecture = mlp(`${width}-${width}x${depth}-1`, variants[variant]);
  const { layers } = await measureVni(architecture, { networks, points, seed, local: true, threads, createWorker, signal });
  return layers.map(({ layer, formula, local, vni, weighted, constantUnits }) => ({
    layer,
    formula: formula ?? null,
    local: plain(local as Required<Value>),
    vni: plain(vni),
    weighted: plain(weighted),
    constantUnits: constantUnits.value,
  }));
}

function plain({ value, standardError, networks }: Required<Value>): Required<Value> {
  return { value, standardError, networks };
}

/** Cells of variants and widths. */
export function vniParts(
  scale: Scale,
  cells: readonly { readonly variant: Variant; readonly width: number; readonly depth: number }[],
  seed: number,
): Part<VniSettings>[] {
  const { networks, points } = {
    quick: { networks: 8, points: 200 },
    standard: { networks: 24, points: 500 },
    full: { networks: 200, points: 2000 },
  }[scale];
  return cells.map(({ variant, width, depth }, k) => ({
    name: `${variant}, N = ${width}`,
    settings: { variant, width, depth, points, networks, seed: seed + k },
  }));
}
