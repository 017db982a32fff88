import { ConfigError } from "@sonde/core";
import { type Command, CommanderError } from "commander";
import { buildProgram } from "../program.js";
import { usageSentence } from "../usage-error.js";
import { usageOf } from "../usage-of.js";

/** What a command line asks, without running it. */
export interface Understood {
  readonly command: Command;
  readonly model?: string;
  /** Its options as the command would get them: parsed, defaults among them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Its options as they were given, by their names without dashes. */
  readonly given: Readonly<Record<string, string | boolean>>;
}

/** Stops a command before it runs. */
class Stop extends Error {}

/** Reads a command line as the command would. Throws `ConfigError` with the sentence that the command itself would print. */
export function understand(args: readonly string[]): Understood {
  let found: Understood | undefined;
  const texts: Record<string, string | boolean> = {};
  const program = buildProgram(() => {});
  program.hook("preAction", (_, command) => {
    const [model] = command.args as [string?];
    found = { command, model, options: command.opts(), given: texts };
    throw new Stop();
  });
  for (const command of program.commands)
    for (const option of command.options)
      command.on(`option:${option.name()}`, (text: string | null) => {
        texts[option.name()] = text ?? true;
      });
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) throw new ConfigError(usageSentence(error, usageOf(program, args)));
    if (!(error instanceof Stop)) throw error;
  }
  if (!found)
    throw new ConfigError("a sweep needs a command, as in sonde sweep death --grid width=2..20 depth=1..200:log --store DIR");
  return found;
}
