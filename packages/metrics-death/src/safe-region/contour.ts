import type { SafeDepth, SafeRegionRow } from "./record.js";

/** The largest depth up to which the estimates, which grow with depth, are at most the level. */
export function estimatedSafeDepth(depths: readonly number[], { bornDead }: SafeRegionRow, level: number): SafeDepth {
  const upTo = (values: readonly number[]) => safeCount(values, level);
  const safe = upTo(bornDead.map(({ value }) => value));
  return {
    hiddenLayers: depthAt(depths, safe),
    low: depthAt(depths, upTo(bornDead.map(({ high }) => high))),
    high: depthAt(depths, upTo(bornDead.map(({ low }) => low))),
    openEnded: safe === depths.length,
  };
}

/** The largest depth up to which the upper bound is at most the level. */
export function guaranteedSafeDepth(depths: readonly number[], { upper }: SafeRegionRow, level: number): SafeDepth {
  const safe = safeCount(upper, level);
  const hiddenLayers = depthAt(depths, safe);
  return { hiddenLayers, low: hiddenLayers, high: hiddenLayers, openEnded: safe === depths.length };
}

/** How many of the first values are at most the level. */
function safeCount(values: readonly number[], level: number): number {
  const unsafe = values.findIndex((value) => !(value <= level));
  return unsafe < 0 ? values.length : unsafe;
}

function depthAt(depths: readonly number[], count: number): number {
  return count === 0 ? 0 : depths[count - 1];
}
