import { anglesExamination } from "./angles.js";
import { conditioningExamination } from "./conditioning.js";
import { deathExamination } from "./death.js";
import type { AnyExamination } from "./examination.js";
import { gradientsExamination } from "./gradients.js";
import { inputsExamination } from "./inputs.js";
import { scaleExamination } from "./scale.js";
import { signalExamination } from "./signal.js";
import { spreadExamination } from "./spread.js";
import { structureExamination } from "./structure.js";
import { nodesExamination } from "./vanishing-nodes.js";

/** All questions of the doctor, in the order of the findings; `relativeError` is about the first that asks for the pass that they share: P(born dead). */
export const examinations: readonly AnyExamination[] = [
  inputsExamination,
  structureExamination,
  deathExamination,
  scaleExamination,
  gradientsExamination,
  conditioningExamination,
  anglesExamination,
  nodesExamination,
  signalExamination,
  spreadExamination,
];
