import type { Estimate, Running } from "@sonde/core";
import { runningEstimate } from "@sonde/core";
import { spread } from "@sonde/metrics-signal";
import type { Examination } from "./examination.js";

/** How far do the inputs lie apart at the last hidden layer, against where they began? A number to compare changes by: no pathology follows from it. */
export const spreadExamination: Examination<Running, Estimate> = {
  name: "logSpread",
  request: ({ domain: { inputs } }) =>
    inputs.rows >= 2 ? { metric: spread, options: { inputs }, watched: (state) => runningEstimate(state) } : undefined,
  record: (state) => runningEstimate(state),
  findings: () => [],
  vitals: (logSpread) => ({ logSpread }),
};
