// Two runs whose workers fail, in a process that ends only if nothing is left of them. Built packages.
import { Worker } from "node:worker_threads";
import { mlp, planEnsemble, runEnsemble } from "@sonde/nets";

const resources = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Timeout/.test(name));
const createWorker = () => new Worker(new URL("./worker.mjs", import.meta.url));
const inputs = { rows: 1, cols: 1, data: Float64Array.of(1) };

for (const name of ["failing", "dying"]) {
  const metrics = [{ name, options: {} }];
  const plan = planEnsemble({ architecture: mlp("1-8x3-1"), inputs, seed: 0, method: "weights", networks: 1000, metrics });
  const metric = { name, trace: () => {}, empty: () => ({}), fold: () => {}, merge: () => {} };
  try {
    await runEnsemble({ ...plan, work: 1e10 }, { metrics: [metric], createWorker, threads: 2 });
  } catch (error) {
    console.log(`${name}: ${error.message}; left: ${resources().join(", ") || "none"}`);
  }
}
process.on("exit", () => console.log("the last line"));
