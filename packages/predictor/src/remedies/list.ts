import { leakyRelu } from "./activation.js";
import { initialisations } from "./initialisation.js";
import { normalisations } from "./normalisation.js";
import type { Remedy } from "./remedy.js";
import { shallower, wider } from "./size.js";
import { denseConnections, residual } from "./skip.js";

/** All remedies, by family. */
export const remedies: readonly Remedy[] = [
  ...initialisations,
  leakyRelu,
  ...normalisations,
  residual,
  denseConnections,
  shallower,
  wider,
];
