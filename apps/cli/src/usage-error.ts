import { quote } from "@sonde/core";
import type { CommanderError } from "commander";

/** What commander refuses, in one sentence that quotes no more than 80 characters. */
export function usageSentence({ code, message }: CommanderError): string {
  const [, quoted = "", suggestion] = /'(.*)'(?:\n\(Did you mean (?:one of )?(.*)\?\))?/s.exec(message) ?? [];
  const hint = (otherwise: string) => (suggestion ? `did you mean ${suggestion}?` : otherwise);
  switch (code) {
    case "commander.unknownCommand":
      return `there is no command ${quote(quoted)}: ${hint("sonde --help lists them")}`;
    case "commander.unknownOption":
      return `there is no option ${quote(quoted)} here: ${hint("sonde COMMAND --help lists the options, which follow the command")}`;
    case "commander.optionMissingArgument":
      return `the option ${quoted} needs its value`;
    case "commander.missingArgument":
      return "the model is missing: give widths such as 784-128x20-10 or an architecture file (.json)";
    case "commander.excessArguments":
      return "a command takes one model and got more arguments: quote values that hold spaces or semicolons";
    case "commander.help":
      return "the command is missing: try sonde check 784-128x20-10, or sonde --help for all of them";
    default:
      return quote(message.replace(/^error: /, ""));
  }
}
