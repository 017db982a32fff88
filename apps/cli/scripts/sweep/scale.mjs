// node apps/cli/scripts/sweep/scale.mjs: seconds that a plan of 100,000 cells takes, the status and the merge of a store that holds them all, and what a cell costs beside its computation.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openWriter, planSweep, readPlanFile } from "@sonde/sweep/node";
import { sonde, timed, withFolder } from "./lib.mjs";

const seconds = ({ wall, processor }) => `${processor.toFixed(2)} s of processor time, ${wall.toFixed(2)} s`;
await withFolder(async (folder) => {
  const store = join(folder, "large");
  const grid = ["--grid", "width=2..101", "depth=1..100", "init=he-normal,rai", "seed=0..4"];
  const large = ["sweep", "death", ...grid, "--networks", "100", "--store", store];
  console.log(`start alone (sonde sweep --help): ${seconds(timed(["sweep", "--help"]))}`);
  console.log(`plan of 100,000 cells (--dry-run): ${seconds(timed([...large, "--dry-run"]))}`);
  const emitted = timed([...large, "--emit", "slurm"]);
  console.log(`the same kept in a store (--emit slurm): ${seconds(emitted)}`);
  // One real record, under the names of all cells.
  const one = join(folder, "one");
  sonde(["sweep", "death", "--grid", "width=6", "depth=10", "--networks", "100", "--store", one, "--quiet"]);
  const line = readFileSync(join(one, "records", readdirSync(join(one, "records"))[0]), "utf8");
  const fields = `{${line.slice(line.indexOf('"command"'), -1)}`;
  const { ids } = await planOf(store);
  const writer = openWriter(store);
  for (const id of ids) writer.write("records", id, fields);
  writer.close();
  console.log(`status of 100,000 records of ${fields.length} bytes: ${seconds(timed(["sweep", "status", "--store", store]))}`);
  console.log(`nothing to do on them: ${seconds(timed([...large, "--quiet"]))}`);
  console.log(`merge of them: ${seconds(timed(["sweep", "merge", "--store", store]))}`);
});

await withFolder(async (folder) => {
  // Cells that take next to nothing, so that what is measured is what they cost beside it.
  const cells = 4000;
  const alone = timed([
    "sweep",
    "death",
    "--grid",
    "width=3",
    "depth=2",
    "--store",
    join(folder, "one"),
    "--threads",
    "1",
    "--quiet",
  ]);
  const grid = ["--grid", "width=3", "depth=2", `seed=0..${cells}`];
  const many = timed([
    "sweep",
    "death",
    ...grid,
    "--networks",
    "4",
    "--store",
    join(folder, "many"),
    "--threads",
    "1",
    "--quiet",
  ]);
  const each = ((many.processor - alone.processor) / cells) * 1000;
  const bare = await bareTime(cells);
  console.log(
    `a cell: ${each.toFixed(2)} ms of processor time, of which the library's function alone ${bare.toFixed(2)} ms: ${(each - bare).toFixed(2)} ms beside it`,
  );
});

async function planOf(store) {
  mkdirSync(store, { recursive: true });
  const { expansionOf } = await import("../../dist/sweep/expansion.js");
  const file = readPlanFile(store);
  return planSweep(file, expansionOf(file));
}

/** Milliseconds of processor time of the library's function that a cell calls, warm. */
async function bareTime(cells) {
  const { deathProbability } = await import("@sonde/metrics-death");
  const { mlp } = await import("@sonde/nets");
  const run = async (count) => {
    for (let seed = 0; seed < count; seed++) await deathProbability(mlp("1-3x2-1"), { domain: [[-1, 1]], networks: 4, seed });
  };
  await run(200);
  const begun = process.cpuUsage();
  await run(cells);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / cells;
}
