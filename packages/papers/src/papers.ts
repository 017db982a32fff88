import { ConfigError, nearest, quote } from "@sonde/core";
import { angles } from "./angles/index.js";
import type { Claim } from "./claim.js";
import { collapse } from "./collapse/index.js";
import { moments } from "./moments/index.js";
import { neuronDeath } from "./neuron-death/index.js";
import type { Paper } from "./paper.js";
import { vanishingNodes } from "./vanishing-nodes/index.js";

/** The five papers with all their claims, in the order of their numbers. */
export const papers: readonly Paper[] = [collapse, neuronDeath, moments, angles, vanishingNodes];

/** All claims, in order. */
export const claims: readonly Claim[] = papers.flatMap((paper) => paper.claims);

/**
 * The claims that a name stands for: one, or all of a paper.
 *
 * @throws ConfigError for a name of neither
 *
 * @example
 * claimsNamed("collapse/safe-region").length // 1
 * claimsNamed("collapse").length // 5
 */
export function claimsNamed(name: string): readonly Claim[] {
  const found = claims.filter(({ id }) => id === name || id.startsWith(`${name}/`));
  if (found.length > 0) return found;
  const near = nearest(name, [...claims.map(({ id }) => id), ...papers.map((paper) => paper.name)]);
  throw new ConfigError(
    `there is no claim ${quote(name)}: ${near ? `did you mean ${near}?` : "name one of the list, or a paper: collapse, neuron-death, moments, angles or vanishing-nodes"}`,
  );
}
