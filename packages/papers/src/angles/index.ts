import type { Paper } from "../paper.js";
import { accuracy } from "./accuracy.js";
import { degenerate } from "./degenerate.js";
import { infiniteWidth } from "./infinite-width.js";
import { prediction } from "./prediction.js";

export const angles: Paper = {
  name: "angles",
  source: "angles",
  title: "Depth degeneracy",
  claims: [degenerate, prediction, accuracy, infiniteWidth],
};
