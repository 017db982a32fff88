import type { Estimate } from "@sonde/core";
import type { Drawn } from "@sonde/nets";

/** P(born dead) over width x depth, with the contours that separate safe networks from unsafe ones. Plain data, fit for JSON. */
export interface SafeRegion {
  /** Units of every hidden layer, ascending. */
  readonly widths: readonly number[];
  /** Numbers of hidden layers, ascending. */
  readonly depths: readonly number[];
  /** One for each width. */
  readonly rows: readonly SafeRegionRow[];
  /** One for each level, in the order asked for. */
  readonly contours: readonly SafeContour[];
  /** What the bounds rest on; starts with "none" where there are none. */
  readonly theorem: string;
  readonly interrupted: boolean;
}

/** All depths of one width; its arrays run along `depths`. */
export interface SafeRegionRow {
  readonly width: number;
  readonly bornDead: readonly Estimate[];
  /** Proven bounds on the same probabilities, 0 and 1 where there are none. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** How the networks of this width were drawn. */
  readonly method: Drawn;
}

/** A line P(born dead) = level: the largest safe number of hidden layers for each width. Its arrays run along `widths`. */
export interface SafeContour {
  /** The accepted probability, in (0, 1). */
  readonly level: number;
  /** By the estimate. */
  readonly estimated: readonly SafeDepth[];
  /** By the upper bound, which guarantees it. */
  readonly guaranteed: readonly SafeDepth[];
}

/** The largest number of hidden layers among `depths` up to which networks are safe. */
export interface SafeDepth {
  /** 0 if even the first of `depths` is not safe. */
  readonly hiddenLayers: number;
  /** Its 95 % interval, from those of the probabilities; equal to it for a bound. */
  readonly low: number;
  readonly high: number;
  /** Whether the last of `depths` is still safe, so that the true depth may be larger. */
  readonly openEnded: boolean;
}
