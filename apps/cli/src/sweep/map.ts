import { ConfigError, nearest, quote } from "@sonde/core";
import type { CellRecord } from "@sonde/sweep";
import type { Merged, SweepRequest } from "@sonde/sweep/node";
import type { FigureOf } from "../plot.js";
import { numberAt, questionOf } from "./measured.js";
import type { MergeOptions } from "./options.js";

/** Maps that are drawn beside each other at most. */
const mostMaps = 12;

/** The map of a sweep: a value over two axes of its grid, a panel for each combination of the others. Throws `ConfigError` where there is none. */
export function mapOf(
  request: SweepRequest,
  merged: Merged,
  options: Pick<MergeOptions, "x" | "y" | "value" | "levels">,
): FigureOf {
  const { x, y, others } = axesOf(request, options);
  const [path, words] = coloured(request.command, options.value);
  const maps = new Map<string, Map<string, number | null>>();
  let found = false;
  for (const { record } of merged.records()) {
    const name = others.map((axis) => `${axis} ${record.axes[axis]}`).join(", ");
    const map = maps.get(name) ?? new Map<string, number | null>();
    const value = look(record, path);
    found ||= value !== null;
    map.set(`${record.axes[x]} ${record.axes[y]}`, value);
    maps.set(name, map);
  }
  if (!found)
    throw new ConfigError(`no cell has a number ${quote(path)}: give --value a column of the table cells, or of layers`);
  if (maps.size > mostMaps)
    throw new ConfigError(
      `the grid has ${others.join(", ")} beside ${x} and ${y}, which makes ${maps.size} maps, more than ${mostMaps}: sweep fewer values, or choose other axes by --x and --y`,
    );
  const [xs, ys] = [x, y].map((axis) => valuesOf(request, axis));
  const panels = [...maps].map(([title, map]) => ({
    ...(title !== "" && { title }),
    values: ys.flatMap((b) => xs.map((a) => map.get(`${a} ${b}`) ?? null)),
  }));
  const axis = (name: string, values: readonly number[]) => ({ label: labels[name] ?? name, values });
  return (plots, text) =>
    plots.sweepMapFigure({ x: axis(x, xs), y: axis(y, ys), value: words, levels: options.levels, panels }, text);
}

const labels: Readonly<Record<string, string>> = { width: "width of the hidden layers", depth: "hidden layers" };

/** A number of a record: of the cell, or of its last layer. */
function look({ result }: CellRecord, path: string): number | null {
  return numberAt(result, path) ?? numberAt(result, `layers.${path}`);
}

function coloured(command: string, value: string | undefined): readonly [path: string, words: string] {
  if (value !== undefined) return [value, value];
  const question = questionOf(command);
  if (question) return question;
  throw new ConfigError(`--plot of ${command} needs --value: a column of the table cells, or of layers`);
}

function axesOf({ grids }: SweepRequest, { x, y }: { readonly x?: string; readonly y?: string }) {
  const names = [...new Set(grids.flatMap((grid) => Object.keys(grid)))];
  const several = names.filter((name) => new Set(grids.flatMap((grid) => grid[name] ?? [])).size > 1);
  const numeric = several.filter((name) =>
    grids.every((grid) => (grid[name] ?? []).every((text) => Number.isFinite(Number(text)))),
  );
  for (const name of [x, y])
    if (name !== undefined && !numeric.some((one) => camel(one) === camel(name))) throw noAxis(name, numeric);
  const dashed = (name?: string) => numeric.find((one) => name !== undefined && camel(one) === camel(name));
  const across = dashed(x) ?? numeric.find((name) => name !== dashed(y));
  const up = dashed(y) ?? numeric.find((name) => name !== across);
  if (across === undefined || up === undefined || across === up)
    throw new ConfigError(
      `a map needs two axes with several numbers, and the grid has ${numeric.length === 0 ? "none" : `only ${numeric.join(", ")}`}`,
    );
  return { x: camel(across), y: camel(up), others: several.filter((name) => name !== across && name !== up).map(camel) };
}

function noAxis(name: string, numeric: readonly string[]): ConfigError {
  const near = nearest(name, numeric);
  return new ConfigError(
    `${quote(name)} is no axis of the grid with several numbers: ${near ? `did you mean ${near}?` : `there are ${numeric.join(", ")}`}`,
  );
}

/** The numbers of an axis, rising. */
function valuesOf({ grids }: SweepRequest, axis: string): number[] {
  const texts = grids.flatMap((grid) => Object.entries(grid).flatMap(([name, values]) => (camel(name) === axis ? values : [])));
  return [...new Set(texts.map(Number))].sort((a, b) => a - b);
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
