import type { Paper } from "../paper.js";
import { architecture } from "./architecture.js";
import { bounds } from "./bounds.js";
import { convergence } from "./convergence.js";
import { depthWithWidth } from "./depth-with-width.js";
import { growingComplexity } from "./growing-complexity.js";
import { shrinkingSet } from "./shrinking-set.js";
import { signFlipping } from "./sign-flipping.js";
import { singleLayer } from "./single-layer.js";

export const neuronDeath: Paper = {
  name: "neuron-death",
  source: "neuronDeath",
  title: "Probabilistic bounds on neuron death",
  claims: [bounds, depthWithWidth, singleLayer, shrinkingSet, growingComplexity, convergence, signFlipping, architecture],
};
