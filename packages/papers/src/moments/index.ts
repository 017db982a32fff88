import type { Paper } from "../paper.js";
import { batchNorm, batchNormConvolutional } from "./batch-norm.js";
import { histograms } from "./histograms.js";
import { pathologies } from "./pathologies.js";
import { residual, residualConvolutional } from "./residual.js";
import { vanilla } from "./vanilla.js";

export const moments: Paper = {
  name: "moments",
  source: "moments",
  title: "Well-behaved against pathological networks",
  claims: [pathologies, histograms, vanilla, batchNorm, batchNormConvolutional, residual, residualConvolutional],
};
