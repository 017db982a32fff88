import { activations } from "./activation.js";
import { branchScales } from "./branch-scale.js";
import { initialisations } from "./initialisation.js";
import { standardised } from "./inputs.js";
import { normalisations } from "./normalisation.js";
import { outputs } from "./output.js";
import type { Remedy } from "./remedy.js";
import { shallower, wider } from "./size.js";
import { denseConnections, residual } from "./skip.js";

/** All remedies, by family. */
export const remedies: readonly Remedy[] = [
  standardised,
  ...initialisations,
  ...outputs,
  ...activations,
  ...branchScales,
  ...normalisations,
  residual,
  denseConnections,
  shallower,
  wider,
];
