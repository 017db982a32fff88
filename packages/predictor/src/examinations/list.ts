import { anglesExamination } from "./angles.js";
import { deathExamination } from "./death.js";
import type { AnyExamination } from "./examination.js";
import { signalExamination } from "./signal.js";
import { spreadExamination } from "./spread.js";
import { nodesExamination } from "./vanishing-nodes.js";

/** All questions of the doctor, in the order of the findings; `relativeError` is about the first. */
export const examinations: readonly AnyExamination[] = [
  deathExamination,
  anglesExamination,
  nodesExamination,
  signalExamination,
  spreadExamination,
];
