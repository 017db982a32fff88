// node apps/cli/scripts/sweep/kill.mjs [--cells 2000] [--kills 10] [--seed 1]: a sweep that is killed with -9 at random, and resumed by the same command, against one that is left alone.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sleep, sonde, start, withFolder } from "./lib.mjs";

const { values } = parseArgs({
  options: {
    cells: { type: "string", default: "2000" },
    kills: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "2" },
  },
});
const [cells, kills, threads] = [Number(values.cells), Number(values.kills), Number(values.threads)];

/** Numbers in [0, 1), the same for the same seed. */
let state = Number(values.seed) | 1;
const random = () => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
};

const command = [
  "death",
  "--grid",
  "width=2..9",
  `depth=1..5`,
  `seed=0..${Math.ceil(cells / 40) - 1}`,
  "--sampling",
  "grid",
  "--networks",
  "20000",
  "--threads",
  String(threads),
];
const count = (store) => {
  try {
    return readdirSync(join(store, "records")).reduce(
      (sum, name) => sum + readFileSync(join(store, "records", name), "utf8").split("\n").length - 1,
      0,
    );
  } catch {
    return 0;
  }
};

await withFolder(async (folder) => {
  const [killed, plain] = [join(folder, "killed"), join(folder, "plain")];
  let done = 0;
  const most = Math.ceil(cells / 40) * 40;
  for (let k = 0; k < kills; ) {
    const child = start(["sweep", ...command, "--store", killed]);
    const ended = new Promise((resolve) => child.on("close", resolve));
    // At some moment within the next part of the records.
    const target = done + 1 + Math.floor((random() * 1.6 * (most - done)) / (kills - k));
    while (count(killed) < Math.min(target, most - 1) && child.exitCode === null) await sleep(5 + 40 * random());
    if (child.exitCode !== null) break;
    child.kill("SIGKILL");
    await ended;
    done = count(killed);
    console.log(`kill -9 number ${++k} after ${done} records`);
  }
  sonde(["sweep", ...command, "--store", killed, "--quiet"]);
  sonde(["sweep", ...command, "--store", plain, "--quiet"]);
  const merges = [killed, plain].map((store) => JSON.parse(sonde(["sweep", "merge", "--store", store, "--json"]).stdout));
  const names = ["records.jsonl", "cells.csv", "layers.csv", "cells.parquet", "layers.parquet"];
  const differing = names.filter((name) => !readFileSync(join(killed, name)).equals(readFileSync(join(plain, name))));
  const { done: merged, duplicates, damaged } = merges[0];
  console.log(
    `${merged} of ${merges[1].cells} cells, ${duplicates} done twice, ${damaged.torn} torn ends, ${readdirSync(join(killed, "records")).length} writers`,
  );
  console.log(
    differing.length === 0
      ? "merged results are byte-identical to an uninterrupted run"
      : `these differ: ${differing.join(", ")}`,
  );
  process.exitCode = differing.length === 0 && duplicates === 0 && merged === merges[1].cells ? 0 : 1;
});
