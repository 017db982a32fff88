import { realpathSync } from "node:fs";
import { ConfigError } from "@sonde/core";
import { kubernetesJob, slurmScript } from "@sonde/sweep";
import { programFile } from "../entry-files.js";
import type { SweepOptions } from "./options.js";
import type { Planned } from "./sweep.js";

/** `--emit`: prints what hands the shards of a store to a cluster. */
export function emit({ store, plan }: Planned, options: SweepOptions): number {
  const { parallel, processors, image, claim, kueue } = options;
  const cells = plan.ids.length;
  const shards = Math.min(options.shards ?? Math.min(8 * parallel, 1000), cells);
  const path = realpathSync(store);
  if (options.emit === "slurm") {
    const program = [process.execPath, programFile()];
    const { minutes, memory = "1G" } = options;
    process.stdout.write(slurmScript({ program, store: path, cells, shards, parallel, minutes, memory, processors }));
    return 0;
  }
  if (image === undefined)
    throw new ConfigError("--emit kubernetes needs --image: the name of an image that has the sonde command");
  const { memory = "1Gi" } = options;
  const name = `sonde-sweep-${plan.hash.slice(0, 8)}`;
  process.stdout.write(kubernetesJob({ name, image, store: path, claim, shards, parallel, processors, memory, kueue }));
  return 0;
}
