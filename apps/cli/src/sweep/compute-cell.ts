import { ConfigError } from "@sonde/core";
import { CommanderError } from "commander";
import type { HostRecord } from "../host.js";
import { buildProgram } from "../program.js";
import { usageSentence } from "../usage-error.js";
import { usageOf } from "../usage-of.js";
import { glanceOf } from "./measured.js";

/** Computes the cells that it is given, one after the other, by calling what the command calls: no process, no output. */
export function cellComputer(): (args: readonly string[]) => Promise<{ readonly fields: string; readonly glance?: string }> {
  let delivered: HostRecord | undefined;
  const host = {
    signal: new AbortController().signal,
    deliver: (record: HostRecord) => {
      delivered = record;
    },
  };
  const program = buildProgram(() => {});
  program.hook("preAction", (_, command) => {
    command.setOptionValue("host", host);
    if (command.options.some((option) => option.attributeName() === "threads")) command.setOptionValue("threads", 1);
  });
  return async (args) => {
    delivered = undefined;
    try {
      await program.parseAsync(args, { from: "user" });
    } catch (error) {
      throw error instanceof CommanderError ? new ConfigError(usageSentence(error, usageOf(program, args))) : error;
    }
    if (!delivered) throw new Error(`${args[0]} gave no result`);
    const { command, settings, result, warnings } = delivered as HostRecord;
    return {
      fields: JSON.stringify({ command, settings, result, warnings }),
      glance: `${settings.model ?? command}: ${glanceOf(command, result)}`,
    };
  };
}
