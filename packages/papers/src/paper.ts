import type { SourceName } from "@sonde/predictor";
import type { Claim } from "./claim.js";

/** A paper with the claims of its abstract, in order, and those of its figures. */
export interface Paper {
  /** The first half of its claims' names. */
  readonly name: string;
  readonly source: SourceName;
  readonly title: string;
  readonly claims: readonly Claim[];
}
