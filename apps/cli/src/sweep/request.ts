import { readFileSync } from "node:fs";
import { ConfigError, FormatError, quote } from "@sonde/core";
import { axisValues, type Grid, parseGrid } from "@sonde/sweep";
import { readPlanFile, type SweepRequest } from "@sonde/sweep/node";
import { understand } from "./understand.js";

/**
 * What a sweep asks: a command with a grid, a plan file, or what the store says.
 *
 * Throws `ConfigError` for anything else.
 */
export function requestOf(words: readonly string[], grid: readonly string[] | undefined, store: string): SweepRequest {
  const [first, ...rest] = words;
  if (first === undefined) {
    if (grid)
      throw new ConfigError(
        "--grid needs the command that it is a grid of, as in sonde sweep death --grid width=2..20 depth=1..50",
      );
    const file = readPlanFile(store);
    if (file) return file;
    throw new ConfigError(
      `${quote(store)} holds no sweep to go on with: give a command and its grid, as in sonde sweep death --grid width=2..20 depth=1..50`,
    );
  }
  if (/\.json$/i.test(first)) {
    if (rest.length > 0 || grid)
      throw new ConfigError(`the plan file ${quote(first)} says everything: leave out ${grid ? "--grid" : quote(rest[0])}`);
    return fromFile(first);
  }
  if (!grid) throw new ConfigError("--grid says what is varied, as in --grid width=2..20 depth=1..200:log");
  const named = understand(needsModel(words) ? [first, "1-1", ...rest] : words);
  const model = needsModel(words) ? undefined : named.model;
  return { command: named.command.name(), ...(model !== undefined && { model }), options: named.given, grids: [parseGrid(grid)] };
}

/** Whether the model is left to the axes: what follows the command is an option, or nothing. */
function needsModel([name, second]: readonly string[]): boolean {
  return name !== "phase" && (second === undefined || second.startsWith("-"));
}

function fromFile(path: string): SweepRequest {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(
      `the plan file ${quote(path)} cannot be read (${(error as NodeJS.ErrnoException).code}): give the path of a file`,
    );
  }
  const example = '{"command": "death", "grids": [{"width": "2..20", "depth": "1..200:log"}]}';
  const refuse = (what: string) => new FormatError(`the plan file ${quote(path)} ${what}: a plan looks like ${example}`);
  let plan: Record<string, unknown>;
  try {
    plan = JSON.parse(text);
  } catch {
    throw refuse("is not JSON");
  }
  if (plan === null || typeof plan !== "object" || Array.isArray(plan)) throw refuse("is no JSON object");
  const { command, model, options = {}, grid, grids = grid === undefined ? undefined : [grid] } = plan;
  if (typeof command !== "string") throw refuse("has no command");
  if (model !== undefined && typeof model !== "string") throw refuse("has a model that is no text");
  if (!Array.isArray(grids) || grids.length === 0) throw refuse("has no grids");
  if (options === null || typeof options !== "object") throw refuse("has options that are no object");
  const texts = Object.entries(options).map(([name, value]) => {
    if (typeof value === "boolean") return [name, value] as const;
    if (typeof value === "string" || typeof value === "number") return [name, String(value)] as const;
    throw refuse(`gives ${quote(name)} a value that is no text, number or truth value`);
  });
  return {
    command,
    ...(model !== undefined && { model }),
    options: Object.fromEntries(texts),
    grids: grids.map((one): Grid => gridOf(one, refuse)),
  };
}

/** An axis is a text as on the command line, or a list of values as they are. */
function gridOf(value: unknown, refuse: (what: string) => FormatError): Grid {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw refuse("has a grid that is no object");
  return Object.fromEntries(
    Object.entries(value).map(([name, values]) => {
      if (typeof values === "string") return [name, axisValues(name, values)];
      const plain =
        Array.isArray(values) && values.length > 0 && values.every((one) => ["string", "number", "boolean"].includes(typeof one));
      if (plain) return [name, [...new Set((values as unknown[]).map(String))]];
      throw refuse(`gives the axis ${quote(name)} no text and no list of values`);
    }),
  );
}
