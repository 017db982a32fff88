import { log } from "@sonde/core/math";
import type { ColumnSummary } from "./columns.js";
import { lastHalf, line } from "./growth.js";
import type { MomentsLayer } from "./record.js";

/** A pathology of the hypothesis space, or how near a network is to it. */
export interface Pathology {
  readonly pathology: "zero-dimensional-signal" | "one-dimensional-signal" | "exploding-sensitivity";
  readonly present: boolean;
  /** The first layer past the threshold, from which it stays there; the last layer if it is not present. */
  readonly layer: number;
  /** The quantity that decides (mu_2 / nu_2, the effective rank, gamma), its mean at the last layer and its standard error. */
  readonly value: number;
  readonly standardError: number;
  readonly threshold: number;
}

/**
 * When a curve counts as a pathology: mu_2 / nu_2 -> 0, r_eff -> 1, chi_l >= exp(gamma l) with gamma > 0. The limits of infinite depth, read off at finite depth:
 *
 * | pathology | criterion |
 * |---|---|
 * | zero-dimensional signal | mean mu_2 / nu_2 at the last layer below 0.01 |
 * | one-dimensional signal | mean effective rank of the signal at the last layer below 1.5 |
 * | exploding sensitivity | over the last half of the layers exp(gamma l) fits better than l^tau, and gamma exceeds 0.03 and 4 standard errors |
 */
export const pathologyThresholds = { spread: 0.01, effectiveRank: 1.5, gamma: 0.03 } as const;

/** The three pathologies of the paper, each with whether it is there. Empty for no layers. */
export function pathologies(layers: readonly MomentsLayer[], gamma: ColumnSummary, tau: ColumnSummary): Pathology[] {
  const last = layers.at(-1);
  if (!last) return [];
  const { spread, effectiveRank } = pathologyThresholds;
  return [
    below(
      "zero-dimensional-signal",
      layers.map((layer) => layer.spread),
      spread,
    ),
    below(
      "one-dimensional-signal",
      layers.map((layer) => layer.effectiveRank),
      effectiveRank,
    ),
    explosion(layers, gamma, tau),
  ];
}

function below(pathology: Pathology["pathology"], curve: readonly ColumnSummary[], threshold: number): Pathology {
  const { mean, standardError } = curve[curve.length - 1];
  let layer = curve.length;
  while (layer > 1 && curve[layer - 2].mean < threshold) layer--;
  return { pathology, present: mean < threshold, layer, value: mean, standardError, threshold };
}

function explosion(layers: readonly MomentsLayer[], gamma: ColumnSummary, tau: ColumnSummary): Pathology {
  const threshold = pathologyThresholds.gamma;
  const found = isExponential(layers) && gamma.mean > threshold && !(gamma.mean < 4 * gamma.standardError) && tau.mean > 0;
  // The first layer at which chi has grown e-fold.
  const e = layers.findIndex(({ logChi }) => logChi.mean > 1);
  return {
    pathology: "exploding-sensitivity",
    present: found,
    layer: found && e >= 0 ? e + 1 : layers.length,
    value: gamma.mean,
    standardError: gamma.standardError,
    threshold,
  };
}

/** Whether the mean of ln chi is nearer to a line in l than to one in ln l over the last half of the layers. */
function isExponential(layers: readonly MomentsLayer[]): boolean {
  if (layers.length < 4) return false;
  const half = layers.slice(lastHalf(layers.length) - 1);
  const l = half.map(({ layer }) => layer);
  const values = half.map(({ logChi }) => logChi.mean);
  return line(l, values).rest < line(l.map(log), values).rest;
}
