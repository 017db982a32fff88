import type { Command } from "commander";
import type { Usage } from "./usage-error.js";

/** What an error in usage may refer to. */
export function usageOf({ commands }: Command, args: readonly string[]): Usage {
  const asked = commands.find((command) => command.name() === args[0]);
  const names = commands.map((command) => command.name());
  return { args, commands: names, options: ["--help", ...(asked?.options ?? []).flatMap(({ long }) => (long ? [long] : []))] };
}
