import type { Command } from "commander";
import { addPlainCommand, quiet } from "../command-text.js";
import { option, textOptions } from "../options.js";
import { emitOptions, mapOptions, planOptions, runningOptions, storeOption, workerOptions } from "./options.js";

/** Adds `sweep`, with `status` and `merge`, and `worker`. */
export function addSweep(program: Command, finish: (code: number) => void): void {
  const [json, , silent] = textOptions();
  const sweep = addPlainCommand(program, {
    name: "sweep",
    summary: "a grid of any command, resumable, on this machine or a cluster",
    description:
      'Runs a command for all combinations of a grid, and keeps every finished cell in a store: the same command goes on after whatever ended it, and several processes on one store, also on several machines, just go faster. COMMAND is any command with its MODEL and options, or a plan file (.json): {"command": "death", "grids": [{"width": ["2..20"], "depth": ["1..200:log"]}]}. sonde sweep status tells how far it is, sonde sweep merge writes tables and maps.',
    examples: [
      "sonde sweep death --grid width=2..20 depth=1..200:log init=he-normal,rai --store death",
      "sonde sweep train 1-8x4-1 --target abs --runs 50 --grid learning-rate=0.0001..0.1:log7 depth=2..10:2 --store rates",
      "sonde sweep --store death --shard 3/8",
      "sonde sweep death --grid width=2..20 depth=1..200 --store death --emit slurm > sweep.sh",
      "sonde sweep status --store death",
      "sonde sweep merge --store death --plot map.svg",
    ],
    groups: {
      "Plan:": planOptions(),
      "Running:": runningOptions(),
      "Clusters:": emitOptions(),
      "Output:": [option("--json", "one JSON object instead of a report (default: off)"), silent],
    },
  })
    .usage("COMMAND [MODEL] [options of COMMAND] --grid NAME=VALUES ... --store FOLDER")
    .argument("[COMMAND...]", "what every cell runs, or a plan file (.json); of a store that has a plan, nothing")
    .allowUnknownOption()
    .action(async (words: string[], options) => {
      const { sweep: run } = await import("./sweep.js");
      finish(await run(words, options));
    });
  const inner = (name: string, summary: string, description: string) =>
    quiet(sweep.command(name))
      .usage("--store FOLDER [options]")
      .summary(summary)
      .description(description)
      .helpOption("-h, --help", "print this help");
  inner(
    "status",
    "how far a sweep is",
    "Says how many cells of a store are done, failed and left, what damaged lines it has, and what failed with the command that repeats it.",
  )
    .addOption(storeOption())
    .addOption(json)
    .action(async (_options, command: Command) => {
      const { status } = await import("./status.js");
      finish(await status(command.optsWithGlobals()));
    });
  const merge = inner(
    "merge",
    "tables and maps of a store, finished or not",
    "Joins the records of all writers, compares those of cells that were done twice bit by bit, and writes records.jsonl and the tables cells and layers (where the command has layers) as CSV and as Parquet; --plot draws a map with contours. Works on a store that is not finished too.",
  );
  for (const one of [
    storeOption(),
    option("--out <folder>", "where the tables go (default: the store)"),
    ...mapOptions(),
    json,
    silent,
  ])
    merge.addOption(one);
  merge.action(async (_options, command: Command) => {
    const { merge: run } = await import("./merge.js");
    finish(await run(command.optsWithGlobals()));
  });
  addPlainCommand(program, {
    name: "worker",
    summary: "computes cells of sweeps that come through Redis",
    description:
      "Computes the cells that sonde sweep --queue hands out, until it is told to stop (Ctrl-C or SIGTERM); records go straight into the store, a folder that both see. Needs the packages bullmq and ioredis beside sonde. The same cell twice does no harm.",
    examples: ["sonde worker --redis redis://queue.example:6379 --store /shared/death"],
    groups: { "Queue:": workerOptions(), "Output:": [silent] },
  }).action(async (options) => {
    const { worker } = await import("./worker.js");
    finish(await worker(options));
  });
}
