// node apps/cli/scripts/sweep/threads.mjs [--rounds 1]: how much faster two threads, and two processes on one store, are than one. Two minutes a round: a sweep of ten seconds loses a tenth to the start of its threads. On a machine that is busy otherwise the median of several rounds says most.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sleep, start, timed, withFolder } from "./lib.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "1" } } });
const command = ["sweep", "death", "--grid", "width=8", "depth=6", "seed=0..79", "--sampling", "grid", "--networks", "240000"];
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

await withFolder(async (folder) => {
  const ratios = { threads: [], processes: [], processor: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    const run = (threads) =>
      timed([...command, "--store", join(folder, `${round}-${threads}`), "--threads", String(threads), "--quiet"]);
    const [one, two] = [run(1), run(2)];
    const store = join(folder, `${round}-both`);
    const begun = performance.now();
    const children = [1, 2].map(() => start([...command, "--store", store, "--threads", "1", "--quiet"]));
    await Promise.all(children.map((child) => new Promise((resolve) => child.on("close", resolve))));
    const both = (performance.now() - begun) / 1000;
    ratios.threads.push(one.wall / two.wall);
    ratios.processes.push(one.wall / both);
    ratios.processor.push(two.processor / one.processor);
    console.log(
      `one ${one.wall.toFixed(1)} s, two threads ${two.wall.toFixed(1)} s, two processes ${both.toFixed(1)} s; processor time ${one.processor.toFixed(1)} and ${two.processor.toFixed(1)} s`,
    );
    await sleep(100);
  }
  console.log(
    `medians: two threads ${median(ratios.threads).toFixed(2)} times as fast with ${median(ratios.processor).toFixed(3)} of the processor time, two processes ${median(ratios.processes).toFixed(2)} times`,
  );
});
