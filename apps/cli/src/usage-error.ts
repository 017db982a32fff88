import { nearest, quote } from "@sonde/core";
import type { CommanderError } from "commander";
import { optionHint } from "./option-hints.js";
import { looksLikeModel, widthsOtherwise } from "./other-spellings.js";

/** What was asked for, and what there is. */
export interface Usage {
  readonly args: readonly string[];
  readonly commands: readonly string[];
  /** The options of the command that was asked for, with their dashes. */
  readonly options: readonly string[];
}

/** What commander refuses, in one sentence that quotes no more than 80 characters. */
export function usageSentence({ code, message }: CommanderError, { args, commands, options }: Usage): string {
  const [, quoted = ""] = /'(.*)'/s.exec(message) ?? [];
  switch (code) {
    case "commander.unknownCommand":
      return `there is no command ${quote(quoted)}: ${commandHint(quoted, commands)}`;
    case "commander.unknownOption": {
      const hint = optionHint(quoted, options) ?? "sonde COMMAND --help lists the options, which follow the command";
      return `there is no option ${quote(quoted)} here: ${hint}`;
    }
    case "commander.optionMissingArgument":
      return `the option ${quoted} needs its value`;
    case "commander.missingArgument":
      return "the model is missing: give widths such as 784-128x20-10 or an architecture file (.json)";
    case "commander.excessArguments": {
      const widths = widthsOtherwise(leadingNumbers(args.slice(1)).join(" "));
      const hint = widths ? `write the widths as sonde ${args[0]} ${widths}` : "quote values that hold spaces or semicolons";
      return `a command takes one model and got more arguments: ${hint}`;
    }
    case "commander.help":
      return "the command is missing: try sonde check 784-128x20-10, or sonde --help for all of them";
    default:
      return quote(message.replace(/^error: /, ""));
  }
}

function commandHint(name: string, commands: readonly string[]): string {
  if (looksLikeModel(name)) return `a model follows a command, as in sonde check ${widthsOtherwise(name) ?? shown(name)}`;
  const near = nearest(name.toLowerCase(), commands);
  return near ? `did you mean ${near}?` : "sonde --help lists them";
}

/** What may be pasted, without more quotes than it needs. */
function shown(name: string): string {
  return /^[\w./-]{1,80}$/.test(name) ? name : quote(name);
}

/** The arguments that are numbers, from the first on. */
function leadingNumbers(args: readonly string[]): string[] {
  const end = args.findIndex((arg) => !/^\d+$/.test(arg));
  return args.slice(0, end < 0 ? args.length : end);
}
