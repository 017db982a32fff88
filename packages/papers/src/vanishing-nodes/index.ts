import type { Paper } from "../paper.js";
import { depthOverWidth } from "./depth-over-width.js";
import { duringTraining } from "./during-training.js";
import { effectiveNodes } from "./effective-nodes.js";
import { failureWithDepth } from "./failure-with-depth.js";
import { twoTroubles } from "./two-troubles.js";
import { walkingDead } from "./walking-dead.js";
import { withDepth } from "./with-depth.js";

export const vanishingNodes: Paper = {
  name: "vanishing-nodes",
  source: "vanishingNodes",
  title: "Vanishing nodes",
  claims: [withDepth, depthOverWidth, effectiveNodes, twoTroubles, duringTraining, walkingDead, failureWithDepth],
};
