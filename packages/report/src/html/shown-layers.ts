import type { CheckedLayer, CheckResult } from "../check-record.js";

/** A layer that is shown, and how many before it are not. */
export interface ShownLayer {
  readonly layer: CheckedLayer;
  readonly skipped: number;
}

/** At most about `most` layers: all that findings point at, the first and the last, and others evenly spread. */
export function shownLayers({ layers, findings }: Pick<CheckResult, "layers" | "findings">, most: number): ShownLayer[] {
  const wanted = new Set<number>();
  const last = layers.length - 1;
  for (const { layer } of findings) if (layer >= 1 && layer <= layers.length) wanted.add(layer - 1);
  const steps = Math.min(layers.length, most);
  for (let k = 0; k < steps; k++) wanted.add(steps > 1 ? Math.round((k * last) / (steps - 1)) : 0);
  const shown = [...wanted].filter((l) => l >= 0 && l <= last).sort((a, b) => a - b);
  return shown.map((l, k) => ({ layer: layers[l], skipped: l - (k > 0 ? shown[k - 1] + 1 : 0) }));
}
