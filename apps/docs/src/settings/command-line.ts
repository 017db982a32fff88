import type { Question } from "../engine/protocol.js";
import { chosen } from "./chosen.js";
import { dataOption } from "./data-option.js";
import type { Settings } from "./settings.js";
import { notation } from "./sizes.js";

/** What a command line says beside the settings. */
export interface CommandDetails {
  /** Columns of the visitor's own file. */
  readonly columns?: number;
  /** Networks of the number that is to come out again. */
  readonly networks?: number;
  /** A file in place of the settings' widths and layers. */
  readonly model?: string;
}

/** Commands by what they answer. */
const commands: Readonly<Record<Question, string>> = {
  death: "death",
  predict: "predict",
  angles: "angles",
  nodes: "vni",
  moments: "moments",
  verdict: "check",
  region: "death",
};

/**
 * The command whose JSON holds the same numbers, bit for bit.
 *
 * @example
 * commandLine("verdict", initialSettings) // "sonde check 1-2x9-1"
 */
export function commandLine(question: Question, settings: Settings, { columns, networks, model }: CommandDetails = {}): string {
  const options =
    model !== undefined ? [] : Object.entries(chosen(settings)).map(([name, value]) => `${optionName(name)} ${value}`);
  const { seed } = settings;
  const data = dataOption(settings);
  if (data !== undefined) options.push(`--data ${data}`);
  if (networks !== undefined && question !== "predict") options.push(`--networks ${networks}`);
  if (seed !== 0 && question !== "predict") options.push(`--seed ${seed}`);
  return ["sonde", commands[question], model ?? notation(settings, columns), ...options].join(" ");
}

/** The command that draws the map of the settings, whatever their own width and depth. */
export function regionCommand(settings: Settings, columns?: number): string {
  return `${commandLine("region", { ...settings, width: 2, depth: 1 }, { columns })} --safe-region`;
}

function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
