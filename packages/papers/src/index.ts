export {
  type Claim,
  type ClaimContext,
  type LabelledImages,
  type Measured,
  type Part,
  type PartsOptions,
  type Scale,
  type Settings,
  scales,
} from "./claim.js";
export {
  above,
  type Bearing,
  below,
  type Comparison,
  type ComparisonOptions,
  equal,
  equalWithin,
  type Origin,
  type Outcome,
  surelyBeyond,
  type Value,
} from "./comparison.js";
export { headline } from "./headline.js";
export type { Paper } from "./paper.js";
export { claims, claimsNamed, papers } from "./papers.js";
export { judged, partsAt, type ReproduceOptions, type Reproduction, reproduce } from "./reproduce.js";
export { type Verdict, verdictOf } from "./verdict.js";
