export type { Alive } from "./alive/alive.js";
export { type AliveAtDepth, aliveByDepth } from "./alive/alive-by-depth.js";
export { type AliveByInputSetOptions, type AliveOnInputSet, aliveByInputSet } from "./alive/alive-by-input-set.js";
export { batchNormDeath, blockGradientBound, denseConnectionsDeath, residualBound } from "./bounds/architecture-rules.js";
export { type DeathBounds, deathBounds } from "./bounds/death-bounds.js";
export { boxLayerDeath, twoLayerDeath } from "./bounds/exact.js";
export { intervalBounds } from "./bounds/interval.js";
export { orthantBound } from "./bounds/orthant.js";
export { raiBound } from "./bounds/rai.js";
export { safeDepth } from "./bounds/safe-depth.js";
export { safeWidth } from "./bounds/safe-width.js";
export { singlePointBound } from "./bounds/single-point.js";
export { type DeadUnitDistribution, deadUnitDistribution } from "./dead-unit-counts/dead-unit-distribution.js";
export { type DeadUnitCounts, type DeadUnitCountsOptions, deadUnitCounts } from "./dead-unit-counts/metric.js";
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
export { type DomainKind, type DomainPoints, domainPoints, type Interval, type Sampling } from "./domain.js";
export { type DeathState, death } from "./metric.js";
export type { RecordedActivations } from "./recorded/activations.js";
export { type DeadUnits, deadUnits } from "./recorded/dead-units.js";
export { type DormantUnits, dormantUnits } from "./recorded/dormant-units.js";
export { type ExaminedActivations, type ExaminedLayer, examineActivations } from "./recorded/examine-activations.js";
export { type LivingPoints, livingPoints } from "./recorded/living-points.js";
export type { SafeContour, SafeDepth, SafeRegion, SafeRegionRow } from "./safe-region/record.js";
export { type SafeRegionOptions, safeRegion } from "./safe-region/safe-region.js";
