import { readFileSync } from "node:fs";

/** Seconds of processor time that this process and its ended children took, with their own children; undefined where the system does not tell (only Linux does). */
export function processorTime() {
  try {
    // The fields after the name in parentheses; numbers 14 and 15 are of the process, 16 and 17 of children that were waited for, in hundredths of a second.
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").pop().split(" ");
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  } catch {
    return undefined;
  }
}
