import { type Run, runRecord } from "@sonde/checkup/asked";
import type { CheckRecord } from "@sonde/report";
import { version } from "./version.js";

/** What `sonde check --json` prints of the same, but for the time that it took and the kernels' name. */
export function checkRecord({ settings, ...run }: Omit<Run, "sonde" | "command">): CheckRecord {
  const record = runRecord({ ...run, settings: { ...settings }, sonde: version, command: "check" });
  // As JSON has it: null for what is no number.
  return JSON.parse(JSON.stringify(record));
}

/** When the command line's exit code says that something is wrong, where nobody says otherwise. */
export const failOn = "degenerate";
