export type {
  CheckedLayer,
  CheckRecord,
  CheckResult,
  EstimateRecord,
  FailureRecord,
  FindingRecord,
  FixRecord,
  Severity,
  VitalsRecord,
} from "./check-record.js";
export { type JunitOptions, junitXml } from "./ci/junit.js";
export { type SarifLog, sarifLog } from "./ci/sarif.js";
export { checkHtml } from "./html/check-html.js";
export { repeatCommand } from "./repeat-command.js";
export { type UnmeasuredRecord, unmeasured } from "./unmeasured.js";
