import type { CheckRecord } from "./check-record.js";
import { plain } from "./text.js";

/**
 * The command that leads to a record again, with all of its settings.
 *
 * @example
 * repeatCommand({ command: "check", settings: { model: "1-2x9-1", seed: 0, failOn: "degenerate", relaxedSimd: false } })
 * // "sonde check 1-2x9-1 --seed=0 --fail-on=degenerate"
 */
export function repeatCommand({ command, settings }: Pick<CheckRecord, "command" | "settings">): string {
  const { model, ...others } = settings;
  const options = Object.entries(others).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === true) return [option];
    if (value === false || value === null || value === undefined) return [];
    return [`${option}=${quoted(Array.isArray(value) ? value.join(",") : String(value))}`];
  });
  return ["sonde", command, ...(typeof model === "string" ? [quoted(model)] : []), ...options].join(" ");
}

/** A word as a shell takes it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${plain(text).replaceAll("'", `'\\''`)}'`;
}
