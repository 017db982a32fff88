export { type Diagnosis, diagnose, type Fix, type Vitals } from "./diagnose.js";
export { type Finding, findingsOf, type Verdict, verdictOf } from "./findings.js";
export { type Measurement, type MeasureOptions, measure } from "./measure.js";
export { thresholds } from "./thresholds.js";
