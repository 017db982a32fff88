import { readFileSync } from "node:fs";

/** Seconds of processor time that ended children of this process took, with their own children; undefined where the system does not tell (only Linux does). */
export function childrenTime() {
  try {
    // The fields after the name in parentheses; waited-for children are numbers 16 and 17, in hundredths of a second.
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").pop().split(" ");
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return undefined;
  }
}
