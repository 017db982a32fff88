import { shellWord } from "@sonde/sweep";
import { storeState } from "@sonde/sweep/node";

/** Failures that are told in full. */
const shown = 5;

/** A command line as it can be pasted. */
export function commandText(args: readonly string[]): string {
  return ["sonde", ...args.map(shellWord)].join(" ");
}

/** The last failures of a store, each with the command that repeats it. */
export function failureLines(store: string, count: number): string {
  const state = storeState(store);
  state.refresh();
  const lines = [...state.failures.values()]
    .slice(0, shown)
    .map(({ message, command }) => `sonde: failed: ${message}\n  ${command}\n`);
  const more = count > lines.length ? `sonde: and ${count - lines.length} more: sonde sweep status lists them all\n` : "";
  return `${lines.join("")}${more}sonde: --retry-failed tries them again\n`;
}
