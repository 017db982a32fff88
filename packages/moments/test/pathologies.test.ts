import { expect, it } from "vitest";
import type { ColumnSummary } from "../src/columns.js";
import { pathologies } from "../src/pathologies.js";
import type { MomentsLayer } from "../src/record.js";

const column = (mean: number, standardError = 0): ColumnSummary => ({ mean, standardError }) as ColumnSummary;

/** Layers with the given numbers; ln chi grows by `gamma` a layer, the last half as a line. */
function found(gamma: ColumnSummary, { spread = 1, effectiveRank = 3, tau = 1 } = {}) {
  const layers = Array.from({ length: 8 }, (_, l) => ({
    layer: l + 1,
    spread: column(spread),
    effectiveRank: column(effectiveRank),
    logChi: column(gamma.mean * (l + 1)),
  })) as unknown as MomentsLayer[];
  return pathologies(layers, gamma, column(tau))
    .filter(({ present }) => present)
    .map(({ pathology }) => pathology);
}

it("sensitivity explodes where gamma is 4 standard errors or more, above 0.03, and chi grows as a power at least", () => {
  expect(found(column(0.05, 0.05 / 4))).toEqual(["exploding-sensitivity"]);
  expect(found(column(0.05, 0.05 / 3.99))).toEqual([]);
  expect(found(column(0.0301))).toEqual(["exploding-sensitivity"]);
  expect(found(column(0.03))).toEqual([]);
  expect(found(column(0.05), { tau: 0 })).toEqual([]);
});

it("a signal has no dimension below a spread of 0.01, and one below an effective rank of 1.5", () => {
  expect(found(column(0), { spread: 0.0099 })).toEqual(["zero-dimensional-signal"]);
  expect(found(column(0), { spread: 0.01 })).toEqual([]);
  expect(found(column(0), { effectiveRank: 1.499 })).toEqual(["one-dimensional-signal"]);
  expect(found(column(0), { effectiveRank: 1.5 })).toEqual([]);
});
