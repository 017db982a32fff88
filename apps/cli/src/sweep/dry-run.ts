import { type Shard, shardOf } from "@sonde/sweep";
import { readPlanFile, samePlan, storeState } from "@sonde/sweep/node";
import { thousands } from "../render/numbers.js";
import { commandText } from "./failures.js";
import type { SweepOptions } from "./options.js";
import type { Planned } from "./sweep.js";

/** Cells that are shown. */
const shown = 10;

/** `--dry-run`: how many cells there are, how many of them are done, and which come first. */
export function dryRun({ store, plan: asked, expansion }: Planned, shard: Shard, { json, fresh }: SweepOptions): number {
  const file = fresh ? undefined : readPlanFile(store);
  const plan = file ? samePlan(store, asked, file) : asked;
  const state = storeState(store);
  if (file) state.refresh();
  const mine = shardOf(plan.order, shard);
  const left = mine.filter((cell) => !state.done.has(plan.ids[cell]));
  const failed = left.filter((cell) => state.failures.has(plan.ids[cell])).length;
  const first = left.slice(0, shown).map((cell) => commandText(expansion.args(plan.point(cell))));
  const total = mine.reduce((sum, cell) => sum + plan.costs[cell], 0);
  const share = total > 0 ? left.reduce((sum, cell) => sum + plan.costs[cell], 0) / total : 0;
  if (json) {
    const record = {
      store,
      plan: plan.hash,
      cells: mine.length,
      done: mine.length - left.length,
      failed,
      costLeft: share,
      first,
    };
    process.stdout.write(`${JSON.stringify(record)}\n`);
    return 0;
  }
  const lines = [
    `${thousands(mine.length)} cells, ${thousands(mine.length - left.length)} done, ${thousands(left.length)} to do: ${(100 * share).toFixed(1)} % of the predicted cost`,
    ...(failed > 0 ? [`${thousands(failed)} of them failed before and need --retry-failed`] : []),
    ...(first.length > 0 ? ["dearest first:", ...first.map((line) => `  ${line}`)] : []),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}
