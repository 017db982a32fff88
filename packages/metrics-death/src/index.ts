export { type DeathBounds, deathBounds } from "./bounds/death-bounds.js";
export { intervalBounds } from "./bounds/interval.js";
export { orthantBound } from "./bounds/orthant.js";
export { safeDepth } from "./bounds/safe-depth.js";
export { singlePointBound } from "./bounds/single-point.js";
export {
  type DeathLayer,
  type DeathProbabilityOptions,
  type DeathRecord,
  deathDomain,
  deathProbability,
  deathRecord,
  deathRequest,
  ensembleInputs,
  growDeathProbability,
} from "./death-probability.js";
export { type DomainPoints, domainPoints, type Interval, type Sampling } from "./domain.js";
export { type DeathState, death } from "./metric.js";
export type { SafeContour, SafeDepth, SafeRegion, SafeRegionRow } from "./safe-region/record.js";
