import type { Paper } from "../paper.js";
import { estimate } from "./estimate.js";
import { inExperiments } from "./in-experiments.js";
import { initialisations } from "./initialisations.js";
import { meanOrMedian } from "./mean-or-median.js";
import { safeRegion } from "./safe-region.js";

export const collapse: Paper = {
  name: "collapse",
  source: "collapse",
  title: "Collapse of deep and narrow networks",
  claims: [meanOrMedian, inExperiments, estimate, safeRegion, initialisations],
};
