import { ConfigError, quote } from "@sonde/core";
import { readPlanFile, storeState } from "@sonde/sweep/node";
import { exitCodes } from "../exit-codes.js";
import { thousands } from "../render/numbers.js";
import { usualStore } from "./sweep.js";

/** `sonde sweep status`. Exit code 3 where cells failed. */
export function status({ store = usualStore, json }: { readonly store?: string; readonly json?: true }): number {
  const file = readPlanFile(store);
  if (!file) throw new ConfigError(`${quote(store)} holds no sweep: give --store the folder of one`);
  const state = storeState(store);
  state.refresh();
  const { lines, torn } = state.damaged();
  const done = state.done.size;
  const failures = [...state.failures].map(([id, failure]) => ({ id, ...failure }));
  const left = file.cells - done - failures.length;
  const duplicates = state.records() - done;
  if (json) {
    const record = {
      store,
      plan: file.hash,
      command: file.command,
      cells: file.cells,
      done,
      left,
      failed: failures.length,
      duplicates,
      damaged: { lines, torn },
      failures,
    };
    process.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    const notes = [
      duplicates > 0 && `${thousands(duplicates)} done more than once (merge compares them)`,
      lines > 0 && `${thousands(lines)} damaged lines, whose cells are done again`,
      torn > 0 && `${thousands(torn)} files that end in the middle of a line, of writers that were killed or still write`,
    ].filter(Boolean);
    const report = [
      `${thousands(done)} of ${thousands(file.cells)} cells of sonde ${file.command} are done, ${thousands(failures.length)} failed, ${thousands(left)} left`,
      ...notes,
      ...failures.map(({ message, command }) => `failed: ${message}\n  ${command}`),
    ];
    process.stdout.write(`${report.join("\n")}\n`);
  }
  return failures.length > 0 ? exitCodes.failed : exitCodes.done;
}
