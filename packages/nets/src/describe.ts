import type { Architecture, Layer } from "./architecture.js";
import { total } from "./parameter-count.js";
import { inferShapes, type ShapedLayer } from "./shapes.js";

/**
 * The architecture as a table to read: a line for each layer with its output shape, its number of parameters and its initialisation; hidden layers
 * that repeat share their lines, and the first column counts them.
 *
 * @example
 * describe(mlp("784-128x2-10")).split("\n")[0] // "[784] -> [10], 2 hidden layers, 118282 parameters"
 */
export function describe(architecture: Architecture): string {
  const shaped = inferShapes(architecture);
  const output = shaped[shaped.length - 1]?.output ?? architecture.input;
  const count = shaped.reduce((most, layer) => Math.max(most, layer.hidden ?? 0), 0);
  const title = architecture.name === undefined ? "" : `${architecture.name}: `;
  const heading = `${title}${show(architecture.input)} -> ${show(output)}, ${count} hidden ${count === 1 ? "layer" : "layers"}, ${total(shaped)} parameters`;
  const table = collapse(stages(shaped)).flatMap(({ numbers, lines }) =>
    lines.map((cells, index) => [index === 0 ? numbers : "", ...cells]),
  );
  return [heading, ...align([["layer", "kind", "output", "parameters", "initialisation"], ...table])].join("\n");
}

/** The layers up to and with one hidden layer, as cells of the table. */
interface Stage {
  readonly hidden?: number;
  readonly lines: readonly (readonly string[])[];
}

function stages(layers: readonly ShapedLayer[]): Stage[] {
  const result: Stage[] = [];
  let lines: string[][] = [];
  for (const shaped of layers) {
    lines.push(...cells(shaped, ""));
    if (shaped.hidden === undefined) continue;
    result.push({ hidden: shaped.hidden, lines });
    lines = [];
  }
  return lines.length > 0 ? [...result, { lines }] : result;
}

/** Joins neighbours with the same lines. */
function collapse(all: readonly Stage[]): { numbers: string; lines: Stage["lines"] }[] {
  const result: { first?: number; last?: number; key: string; lines: Stage["lines"] }[] = [];
  for (const { hidden, lines } of all) {
    const key = JSON.stringify(lines);
    const previous = result[result.length - 1];
    if (previous?.key === key && hidden !== undefined) previous.last = hidden;
    else result.push({ first: hidden, last: hidden, key, lines });
  }
  return result.map(({ first, last, lines }) => ({
    numbers: first === undefined ? "" : first === last ? `${first}` : `${first}-${last}`,
    lines,
  }));
}

function cells(shaped: ShapedLayer, indent: string): string[][] {
  const parameters = total([shaped]);
  const line = [indent + kindOf(shaped.layer), show(shaped.output), parameters ? `${parameters}` : "", initOf(shaped.layer)];
  return [line, ...shaped.body.flatMap((inner) => cells(inner, `${indent}  `))];
}

function kindOf(layer: Layer): string {
  switch (layer.kind) {
    case "activation":
      return layer.activation;
    case "norm":
      return `${layer.norm} norm`;
    case "conv":
      return `conv ${layer.kernel.join("x")}${layer.stride && layer.stride > 1 ? ` stride ${layer.stride}` : ""} ${layer.padding ?? "zero"}`;
    case "pool":
      return `${layer.pool} pool ${layer.window}`;
    default:
      return layer.kind;
  }
}

function initOf(layer: Layer): string {
  if (layer.kind === "embedding") return "normal, weight variance 1";
  if (layer.kind !== "dense" && layer.kind !== "conv") return "";
  const { init = "he-normal", weightVariance, bias } = layer;
  return [init, weightVariance === undefined ? [] : `weight variance ${weightVariance}`, bias === undefined ? [] : `bias ${bias}`]
    .flat()
    .join(", ");
}

function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** Cells padded to columns, numbers of parameters to the right. */
function align(table: readonly (readonly string[])[]): string[] {
  const widths = table[0].map((_, column) => table.reduce((most, cells) => Math.max(most, cells[column].length), 0));
  return table.map((line) =>
    line
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}
