import { SondeError } from "@sonde/core";
import { Command, CommanderError } from "commander";
import { addSharedOptions, whole } from "./options.js";
import { interval, thetaOption } from "./options-of-commands.js";
import { version } from "./version.js";

/** Exit codes of the command line. */
export const exitCodes = { done: 0, found: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** Commands whose issues come later, and what they will do. */
const later: Record<string, string> = {
  predict: "angle per layer without sampling",
  vni: "vanishing node indicator per layer",
  moments: "signal and noise moments per layer",
  kernel: "NNGP and NTK matrices",
  phase: "order/chaos phase diagram",
  advise: "the smallest change that makes a model healthy",
  train: "train many random networks and classify the outcomes",
  sweep: "a grid of runs",
  worker: "a worker of a sweep",
  reproduce: "a paper's figure beside its published values",
};

/** Runs one command line (without node and script) and returns the exit code. Errors are one sentence on standard error. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command("sonde")
    .description("Tells you, before you train a deep network, whether it can be trained, what will stop it and in which layer.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText(
      "after",
      `
MODEL is a list of widths such as 784-128x20-10 (input, twenty hidden layers of width 128, output), or an architecture file (.json).

Exit codes: 0 done (and healthy), 1 check found something, 2 wrong usage or unreadable input, 3 the run failed, 130 interrupted.`,
    );
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .showSuggestionAfterError();

  addSharedOptions(
    command("check", "the doctor: verdict, findings with their layer, fixes with their computed effect").argument(
      "<model>",
      "widths or architecture file",
    ),
  )
    .option("--domain <box>", "domain of the inputs: LOW,HIGH for each, joined by ; (default: -1,1 for one input)", interval)
    .option("--fail-on <verdict>", "exit with 1 from this verdict on: degenerate, at-risk or never (default: degenerate)")
    .action(async (model, options) => {
      const { check } = await import("./commands/check.js");
      code = await check(model, options);
    });
  addSharedOptions(
    command("death", "probability of being born dead, living points per layer, bounds, safe depth").argument(
      "<model>",
      "widths or architecture file",
    ),
  )
    .option("--domain <box>", "domain of the inputs: LOW,HIGH for each, joined by ; (default: -1,1 for one input)", interval)
    .action(async (model, options) => {
      const { death } = await import("./commands/death.js");
      code = await death(model, options);
    });
  addSharedOptions(
    command("angles", "angle and correlation between inputs, layer by layer").argument("<model>", "widths or architecture file"),
  )
    .option(
      "--theta0 <radians>",
      "angle between two inputs, instead of data ((0, pi]; default: pi/2, with one input pi; radians)",
      thetaOption,
    )
    .option("--pairs <number>", "pairs of data points measured (1 to 100000; default: 256)", whole(1, 1e5))
    .action(async (model, options) => {
      const { angles } = await import("./commands/angles.js");
      code = await angles(model, options);
    });
  for (const [name, what] of Object.entries(later)) {
    command(name, `${what} (comes in a later release)`)
      .argument("[anything...]")
      .allowUnknownOption()
      .action(() => program.error(`sonde ${name} (${what}) comes in a later release: for now use check, death or angles`));
  }

  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return report(error);
  }
  return code;
}

/** Says what went wrong in one sentence and returns the exit code; only a defect of Sonde shows more. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.done;
    const sentence = error.message.replace(/^error: /, "").replace(/\n\((.*)\)$/, ": $1");
    if (error.code !== "commander.help") process.stderr.write(`sonde: ${sentence}\n`);
    return exitCodes.usage;
  }
  if (error instanceof SondeError) {
    process.stderr.write(`sonde: ${error.message}\n`);
    return error.name === "NumericalError" ? exitCodes.failed : exitCodes.usage;
  }
  process.stderr.write(`sonde: the run failed: ${error instanceof Error ? error.message : String(error)}\n`);
  return exitCodes.failed;
}
