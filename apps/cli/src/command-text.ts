import type { Command, Option } from "commander";
import { modelOptions } from "./options.js";

/** What the help of a command says, and the options it takes. */
export interface CommandText {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Its options beside those of the model, by heading. */
  readonly groups: Readonly<Record<string, readonly Option[]>>;
}

/** A command of MODEL, without its action. */
export function addCommand(program: Command, { groups, ...text }: CommandText): Command {
  return addPlainCommand(program, {
    ...text,
    groups: { "Model (of a file: in place of what it says, in all layers):": modelOptions(), ...groups },
  })
    .usage("MODEL [options]")
    .argument(
      "<MODEL>",
      "widths such as 784-128x20-10 (input, twenty hidden layers of 128, output), or an architecture file (.json)",
    );
}

/** A command that takes options alone, without its action. */
export function addPlainCommand(program: Command, { name, summary, description, examples, groups }: CommandText): Command {
  const command = quiet(program.command(name))
    .usage("[options]")
    .summary(summary)
    .description(description)
    .addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);
  for (const [heading, options] of Object.entries(groups))
    for (const option of options) command.addOption(option.helpGroup(heading));
  command.optionsGroup("Output:").helpOption("-h, --help", "print this help");
  return command;
}

/** Errors go through `reportError`; help is never wider than what reads well. */
export function quiet(command: Command): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => Math.min(100, process.stdout.columns || 80) })
    .configureHelp({ subcommandTerm: (subcommand) => subcommand.name(), optionDescription: ({ description }) => description });
}

/** What the help of the program says after its commands. */
export function programHelp(): string {
  return `
MODEL is a list of widths such as 784-128x20-10 (input, twenty hidden layers of
width 128, output), an architecture file (.json), a model file (.onnx, .keras,
.h5, .safetensors, .pt, TensorFlow.js) or recorded activations (.npz, .npy).
sonde COMMAND --help explains the options of a command. To see it work:

  sonde check 1-2x9-1
  sonde check 64-128x3-10 --data digits

Exit codes:
  0    done, and nothing found
  1    check found something at or above --fail-on
  2    wrong usage or unreadable input
  3    the run itself failed
  130  interrupted`;
}
