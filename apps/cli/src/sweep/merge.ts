import { ConfigError, quote } from "@sonde/core";
import { type Merged, makeFolder, mergeStore, writeTables } from "@sonde/sweep/node";
import { exitCodes } from "../exit-codes.js";
import { openPlot } from "../plot.js";
import { thousands } from "../render/numbers.js";
import { pageFor } from "../render/page.js";
import { version } from "../version.js";
import { mapOf } from "./map.js";
import type { MergeOptions } from "./options.js";
import { type Planned, plannedIn, usualStore } from "./sweep.js";

/** `sonde sweep merge`. */
export async function merge(options: MergeOptions): Promise<number> {
  const { store = usualStore, out = store, json, quiet } = options;
  const given = (["x", "y", "value", "levels"] as const).find((name) => options[name] !== undefined);
  if (options.plot === undefined && given)
    throw new ConfigError(`--${given} is for the map of --plot: add --plot FILE, or leave it out`);
  const plot = await openPlot({ plot: options.plot, theme: options.theme, json });
  const planned = plannedIn(store);
  const merged = mergeStore(store, planned.plan);
  folder(out);
  const { files } = writeTables(out, merged, metadataOf(planned));
  const { cells, done, failed, duplicates, damaged } = merged;
  const left = cells - done - failed;
  let picture = "";
  if (options.plot !== undefined) {
    if (done === 0) throw new ConfigError(`no cell of ${quote(store)} is done, so there is nothing to draw yet`);
    const text = { subtitle: `${thousands(done)} of ${thousands(cells)} cells` };
    picture = await plot.draw(mapOf(planned.plan.request, merged, options), text, pageFor(undefined));
  }
  if (json)
    process.stdout.write(
      `${JSON.stringify({ store, plan: planned.plan.hash, cells, done, failed, left, duplicates, damaged, files })}\n`,
    );
  else process.stdout.write(`${reportOf(merged, files)}${picture}\n`);
  if (!quiet && left + failed > 0)
    process.stderr.write(
      `sonde: not finished: ${thousands(failed)} cells failed and ${thousands(left)} are left; what is written is of the others\n`,
    );
  return exitCodes.done;
}

function reportOf({ cells, done, duplicates, damaged }: Merged, files: readonly { path: string; rows: number }[]): string {
  const { lines, torn } = damaged;
  const notes = [
    duplicates > 0 && `${thousands(duplicates)} cells were done more than once, with the same result to the last bit`,
    lines + torn > 0 && `${thousands(lines)} damaged lines and ${thousands(torn)} torn ends were left out`,
  ].filter(Boolean);
  const written = files.map(({ path, rows }) => `  ${path}: ${thousands(rows)} rows`);
  return [`${thousands(done)} of ${thousands(cells)} cells merged`, ...notes, ...written].join("\n");
}

/** What the Parquet files say about themselves. */
function metadataOf({ plan }: Planned): Record<string, string> {
  const { command, model, options, grids } = plan.request;
  return {
    "sonde.version": version(),
    "sonde.plan": plan.hash,
    "sonde.resultVersion": String(plan.resultVersion),
    "sonde.request": JSON.stringify({ command, model, options, grids }),
  };
}

function folder(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    throw new ConfigError(
      `the folder ${quote(path)} cannot be made (${(error as NodeJS.ErrnoException).code}): give --out another`,
    );
  }
}
