import { examinations } from "./examinations/list.js";
import type { Finding } from "./finding.js";
import type { Measurement } from "./measurement.js";

/** The pathologies that a measurement shows, by the table of `thresholds`. */
export function findingsOf(measurement: Measurement): Finding[] {
  return examinations.flatMap(({ name, findings }) => (measurement[name] ? findings(measurement[name]) : []));
}
