import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { defaultPoints, isArchitectureFile } from "@sonde/checkup/asked";
import { ConfigError, nearest, quote } from "@sonde/core";
import { initialiserName } from "@sonde/init";
import { parseNotation } from "@sonde/nets";
import type { Point } from "@sonde/sweep";
import type { Expansion, SweepRequest } from "@sonde/sweep/node";
import type { Command, Option } from "commander";
import { resultVersion } from "./result-version.js";
import { understand } from "./understand.js";

/** Options that change nothing in the numbers, or belong to the sweep. */
const foreign = new Set(["threads", "json", "out", "quiet", "plot", "theme", "checkpoint", "save", "cure", "memory"]);

/** Axes that make the model out of its sizes. */
const sizes = ["inputs", "width", "depth", "outputs"] as const;

/** Options whose value is a file, or may be one: its contents count, not its name. */
const files = new Set(["data", "labels"]);

/** What the cells of a sweep are in terms of the command line. */
export interface CommandExpansion extends Expansion {
  /** The command line of a combination, without `sonde`. */
  readonly args: (point: Point) => string[];
}

/**
 * What the combinations of a request mean: command lines, complete settings, predicted costs. All values of all axes are read here, each once, so that nothing that a command refuses is found out by its cells.
 *
 * Throws `ConfigError` for an axis that is no option of the command, and for values that the command refuses.
 */
export function expansionOf({ command: name, model, options: given = {}, grids }: SweepRequest): CommandExpansion {
  const shared = Object.entries(given).flatMap(([option, value]) => (value === false ? [] : [word(option, value)]));
  const axes = new Map<string, Set<string>>();
  for (const grid of grids)
    for (const [axis, values] of Object.entries(grid)) axes.set(axis, new Set([...(axes.get(axis) ?? []), ...values]));
  const build = modelBuilder(model, [...axes.keys()]);
  const first = Object.fromEntries(Object.entries(grids[0] ?? {}).map(([axis, [value]]) => [axis, value]));
  const firstModel = build(first);
  const { command, options } = understand([name, ...(firstModel === undefined ? [] : [firstModel]), ...shared]);
  const fixed = new Set(Object.keys(given));
  for (const option of fixed)
    if (foreign.has(option))
      throw new ConfigError(`--${option} is for a single run: in a sweep leave it out of what is asked of each cell`);
  const digests = digester();
  const values = new Map<string, { readonly key: string; readonly of: ReadonlyMap<string, unknown>; readonly option?: Option }>();
  for (const [axis, texts] of axes) {
    if (axis === "model" || (sizes as readonly string[]).includes(axis)) continue;
    if (fixed.has(axis)) throw new ConfigError(`--${axis} is both an axis and an option: give it once`);
    const option = optionOf(command, axis);
    const parsed = new Map([...texts].map((text) => [text, digests(axis, parsedValue(option, text))] as const));
    values.set(axis, { key: option.attributeName(), of: parsed, option });
  }
  const base = withoutForeign(options, digests);
  const takesModel = command.registeredArguments.length > 0;
  if (!takesModel && firstModel !== undefined)
    throw new ConfigError(`${name} takes no model, so it has no axes width, depth or model: leave them out`);
  const open = Object.entries(defaults).filter(([key]) => command.options.some((option) => option.attributeName() === key));
  // Sorted, so that the same names need no sorting for each of many cells.
  const template: Record<string, unknown> = Object.fromEntries(
    [
      ...new Set([
        ...Object.keys(base),
        ...[...values.values()].map(({ key }) => key),
        "command",
        "model",
        ...Object.keys(defaults),
      ]),
    ]
      .sort()
      .map((key) => [key, key === "command" ? name : base[key]]),
  );
  const costs = modelCosts();
  const known = new Map<string, string>();
  const modelSetting = (text: string) => {
    let setting = known.get(text);
    if (setting === undefined) {
      // Said now rather than by each cell.
      if (takesModel && !isFile(text)) parseNotation(text);
      setting = digests("model", text) as string;
      known.set(text, setting);
    }
    return setting;
  };
  return {
    resultVersion,
    settings(point) {
      const settings = { ...template };
      for (const [axis, { key, of }] of values) if (axis in point) settings[key] = of.get(point[axis]);
      const text = build(point);
      if (text === undefined) return settings;
      settings.model = modelSetting(text);
      if (!isFile(text)) for (const [key, value] of open) settings[key] ??= value;
      return settings;
    },
    cost(point) {
      const number = (key: string, otherwise: number) => {
        const axis = values.get(key);
        const value = axis && key in point ? axis.of.get(point[key]) : base[key];
        return typeof value === "number" ? value : otherwise;
      };
      const text = build(point);
      const points = number("batch", number("points", defaultPoints));
      return (text === undefined ? 1 : costs(text)) * number("networks", number("runs", 100)) * number("steps", 1) * points;
    },
    args(point) {
      const text = build(point);
      const own = [...values].flatMap(([axis, { option }]) => (axis in point && option ? [wordOf(option, point[axis])] : []));
      return [name, ...(text === undefined ? [] : [text]), ...shared, ...own.flat()];
    },
  };
}

/** `--name=value`, or `--name` alone. */
function word(option: string, value: string | true): string {
  return value === true ? `--${option}` : `--${option}=${value}`;
}

function wordOf(option: Option, text: string): string[] {
  if (!option.isBoolean()) return [word(option.name(), text)];
  return truth(option, text)
    ? [`--${option.name()}`]
    : option.negate || option.name() === "standardize"
      ? [`--no-${option.attributeName()}`]
      : [];
}

function truth(option: Option, text: string): boolean {
  if (text === "on" || text === "true") return true;
  if (text === "off" || text === "false") return false;
  throw new ConfigError(`--${option.name()} has no value: as an axis it is on or off, got ${quote(text)}`);
}

/** The value that the command would get. */
function parsedValue(option: Option, text: string): unknown {
  if (option.isBoolean()) return truth(option, text) || undefined;
  const value = option.parseArg ? option.parseArg(text, undefined) : text;
  return option.name() === "init" ? initialiserName(String(value)) : value;
}

function optionOf(command: Command, axis: string): Option {
  const option = command.options.find((one) => one.name() === axis);
  if (foreign.has(axis)) throw new ConfigError(`${quote(axis)} changes no numbers, so it is no axis: leave it out`);
  if (option) return option;
  const names = [...sizes, "model", ...command.options.map((one) => one.name()).filter((one) => !foreign.has(one))];
  const near = nearest(axis, names);
  throw new ConfigError(
    `${quote(axis)} is no axis: ${near ? `did you mean ${near}?` : `take width, depth, model or an option of ${command.name()} without its dashes`}`,
  );
}

/** The model of a combination: as given, from the axis `model`, or made of sizes. */
function modelBuilder(model: string | undefined, axes: readonly string[]): (point: Point) => string | undefined {
  const made = sizes.filter((axis) => axes.includes(axis));
  if (made.length === 0) return (point) => point.model ?? model;
  if (axes.includes("model"))
    throw new ConfigError(`the axes model and ${made[0]} exclude each other: give models, or sizes that models are made of`);
  const { inputs, width, depth, outputs } = sizesOf(model);
  const missing = [
    width === undefined && !made.includes("width") && "width",
    depth === undefined && !made.includes("depth") && "depth",
  ].find(Boolean);
  if (missing) throw new ConfigError(`a model needs a ${missing}: give it as an axis, or a model such as 1-8x4-1 that has it`);
  return (point) => `${point.inputs ?? inputs}-${point.width ?? width}x${point.depth ?? depth}-${point.outputs ?? outputs}`;
}

/** The sizes of a model whose hidden layers are alike; those that it does not say are left to axes. */
function sizesOf(model?: string): Readonly<Record<(typeof sizes)[number], number | undefined>> {
  if (model === undefined) return { inputs: 1, width: undefined, depth: undefined, outputs: 1 };
  if (isFile(model))
    throw new ConfigError(`${quote(model)} is a file, whose sizes no axis can change: give widths such as 1-8x4-1`);
  const [inputs, ...rest] = parseNotation(model);
  const outputs = rest.pop();
  const [width] = rest;
  const alike = rest.every((units) => units === width);
  return { inputs, width: alike ? width : undefined, depth: rest.length || undefined, outputs };
}

function isFile(model: string): boolean {
  return isArchitectureFile(model) || !/^[\dx-]+$/.test(model);
}

/** The settings of options, each by its own name; absent ones have the default of the result version. */
function withoutForeign(options: Readonly<Record<string, unknown>>, digests: Digester): Record<string, unknown> {
  const kept = Object.entries(options).filter(([key]) => !foreign.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === "init" ? initialiserName(String(value)) : digests(key, value)]),
  );
}

/** Written out where the notation leaves them open. */
const defaults = { activation: "relu", init: "he-normal", norm: "none", skip: "none" } as const;

type Digester = (key: string, value: unknown) => unknown;

/** Puts the hash of its contents in the place of a file's name, where there is such a file. */
function digester(): Digester {
  const known = new Map<string, string>();
  return (key, value) => {
    if (typeof value !== "string" || (key !== "model" && !files.has(key))) return value;
    if (key === "model" && !isFile(value)) return value;
    let digest = known.get(value);
    digest ??= digestOf(value);
    known.set(value, digest);
    return digest;
  };
}

function digestOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return path;
  return `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}

/** Multiplications of one point through a model, once for each model. */
function modelCosts(): (model: string) => number {
  const known = new Map<string, number>();
  return (model) => {
    let cost = known.get(model);
    if (cost === undefined) {
      const widths = isFile(model) ? [1000, 1000] : parseNotation(model);
      cost = widths.reduce((sum, width, k) => (k === 0 ? 0 : sum + width * widths[k - 1]), 0);
      known.set(model, cost);
    }
    return cost;
  };
}
