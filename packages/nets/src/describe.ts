import type { Architecture, Layer } from "./architecture.js";
import { branchesOf } from "./branches.js";
import { total } from "./parameter-count.js";
import { inferShapes, type ShapedLayer, showShape } from "./shapes.js";

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
  const heading = `${title}${showShape(architecture.input)} -> ${showShape(output)}, ${count} hidden ${count === 1 ? "layer" : "layers"}, ${total(shaped)} parameters`;
  const table = collapse(stages(shaped)).flatMap(({ numbers, lines }) =>
    lines.map((cells, index) => [index === 0 ? numbers : "", ...cells]),
  );
  return [heading, ...align([["layer", "kind", "output", "parameters", "initialisation"], ...table])].join("\n");
}

/** Layers that belong to one hidden layer, or to none, as cells of the table. */
interface Stage {
  readonly hidden?: number;
  readonly lines: readonly (readonly string[])[];
}

function stages(layers: readonly ShapedLayer[]): Stage[] {
  const result: Stage[] = [];
  let lines: string[][] = [];
  let begun = false;
  const end = (hidden?: number): void => {
    if (lines.length > 0) result.push({ hidden, lines });
    lines = [];
    begun = false;
  };
  for (const shaped of layers) {
    // What comes before a hidden layer's weights or block, such as an embedding or pooling, is not part of it.
    if (beginners.has(shaped.layer.kind) && !begun) {
      end();
      begun = true;
    }
    lines.push(...cells(shaped, ""));
    if (shaped.hidden !== undefined) end(shaped.hidden);
  }
  end();
  return result;
}

const beginners: ReadonlySet<string> = new Set(["dense", "conv", "residual", "concat"]);

/** Joins neighbours with the same lines; `numbers` says which hidden layers they are. */
function collapse(all: readonly Stage[]): (Stage & { numbers: string })[] {
  const runs: { first: Stage; last: Stage; key: string }[] = [];
  for (const stage of all) {
    const key = JSON.stringify(stage.lines);
    const previous = runs[runs.length - 1];
    if (previous?.key === key && stage.hidden !== undefined) previous.last = stage;
    else runs.push({ first: stage, last: stage, key });
  }
  return runs.map(({ first, last }) => ({
    ...first,
    numbers: first === last ? `${first.hidden ?? ""}` : `${first.hidden}-${last.hidden}`,
  }));
}

function cells(shaped: ShapedLayer, indent: string): string[][] {
  const parameters = total([shaped]);
  const line = [indent + kindOf(shaped.layer), showShape(shaped.output), parameters ? `${parameters}` : "", initOf(shaped.layer)];
  const branches = shaped.branches.map((branch) => branch.flatMap((inner) => cells(inner, `${indent}  `)));
  // Where more than one branch has layers, each begins with a line of its own.
  const several = branches.filter((branch) => branch.length > 0).length > 1;
  const heads = branchesOf(shaped.layer).map(({ place }) => [`${indent} ${place}`, "", "", ""]);
  return [line, ...branches.flatMap((branch, k) => (several && branch.length > 0 ? [heads[k], ...branch] : branch))];
}

function kindOf(layer: Layer): string {
  switch (layer.kind) {
    case "activation":
      return layer.activation;
    case "norm":
      return [`${layer.norm} norm`, ...noted("gamma", layer.gamma), ...noted("beta", layer.beta)].join(" ");
    case "conv":
      return `conv ${layer.kernel.join("x")}${layer.stride && layer.stride > 1 ? ` stride ${layer.stride}` : ""} ${layer.padding ?? "zero"}`;
    case "pool":
      return `${layer.pool} pool ${layer.window}`;
    case "residual":
      return ["residual", ...noted("scale", layer.scale)].join(" ");
    default:
      return layer.kind;
  }
}

function noted(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`${name} ${value}`];
}

function initOf(layer: Layer): string {
  if (layer.kind === "embedding") return "normal, weight variance 1";
  if (layer.kind !== "dense" && layer.kind !== "conv") return "";
  const { init = "he-normal", weightVariance, bias } = layer;
  return [init, weightVariance === undefined ? [] : `weight variance ${weightVariance}`, bias === undefined ? [] : `bias ${bias}`]
    .flat()
    .join(", ");
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
