import { ConfigError, ShapeError } from "@sonde/core";
import type { Architecture } from "../architecture.js";
import { isObject } from "../guards.js";
import { limits } from "../limits.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";
import { validateArchitecture } from "../validate.js";
import { type Fields, spelledOut } from "./layer-spellings.js";
import { isGraphForm, listOfGraph } from "./read-graph.js";

/** An architecture as it was understood. */
export interface ReadArchitecture {
  readonly architecture: Architecture;
  /** How things that are not Sonde's own were understood, with their paths; none for most files. */
  readonly notes: readonly string[];
}

/**
 * The architecture that a parsed file describes, in Sonde's words or in those of PyTorch and Keras where they mean the same: `"input": 10`, `"kernel": 3`, a dense layer with its activation, kinds such as
 * `Linear`, `conv2d`, `BatchNorm1d`, `relu`, `MaxPooling2D`, names such as `filters` and `kaiming_normal_`. Dropout, which does nothing at initialisation, is left out.
 *
 * Layers that name their `inputs` make it a graph, which must be a list in its long form; `readGraph` reads any.
 *
 * Throws `ConfigError` or `ShapeError` as `validateArchitecture` does, with the paths of the file.
 *
 * @example
 * readArchitecture({ input: 10, layers: [{ kind: "Linear", out_features: 2, activation: "ReLU" }] }).architecture.layers.length // 2
 */
export function readArchitecture(value: unknown): ReadArchitecture {
  if (!isObject(value) || !("layers" in value)) return { architecture: validateArchitecture(value), notes: [] };
  if (isGraphForm(value)) return listOfGraph(value);
  const input = typeof value.input === "number" ? [value.input] : value.input;
  const reader = layerReader(Array.isArray(input) ? input.length - 1 : 0);
  const spelled = { ...value, ...(input !== undefined && { input }), layers: reader.list(value.layers, "layers", "layers", 0) };
  const check = (): Architecture => {
    const architecture = validateArchitecture(spelled);
    if (reader.expected.size > 0) checkInputs(inferShapes(architecture), reader.expected);
    return architecture;
  };
  return { architecture: located(check, reader.origins), notes: reader.notes() };
}

function checkInputs(layers: readonly ShapedLayer[], expected: ReadonlyMap<string, unknown>): void {
  for (const { path, layer, input, branches } of layers) {
    checkInputs(branches.flat(), expected);
    const said = expected.get(path);
    const units = input[input.length - 1];
    if (said !== undefined && said !== units)
      throw new ShapeError(
        `${path} (${layer.kind}) is said to take ${said} inputs but gets ${units}: correct one of them, or leave the first out`,
      );
  }
}

/** Reads lists of layers, and keeps where each layer came from and what is to be told. */
function layerReader(axes: number) {
  const origins = new Map<string, string>();
  const told = new Map<string, string[]>();
  /** Units that layers say they take, by their paths in what was read. */
  const expected = new Map<string, unknown>();

  /** The list at `from` in the file as the one at `to`. */
  const list = (entries: unknown, from: string, to: string, depth: number): unknown => {
    if (!Array.isArray(entries) || depth > limits.nesting) return entries;
    const layers: unknown[] = [];
    entries.forEach((entry, index) => {
      const origin = `${from}[${index}]`;
      const note = (text: string): void => {
        const paths = told.get(text) ?? [];
        paths.push(origin);
        told.set(text, paths);
      };
      const { in_features: features, in_channels: inputs = features, ...own } = isObject(entry) ? entry : {};
      if (inputs !== undefined) expected.set(`${to}[${layers.length}]`, inputs);
      for (const layer of isObject(entry) ? spelledOut(own, { axes, note }) : [entry]) {
        const path = `${to}[${layers.length}]`;
        if (path !== origin) origins.set(path, origin);
        layers.push(isObject(layer) ? withBodies(layer, origin, path, depth + 1) : layer);
      }
    });
    return layers;
  };

  const withBodies = (layer: Fields, from: string, to: string, depth: number): Fields => {
    const result: Record<string, unknown> = { ...layer };
    for (const key of ["body", "shortcut"])
      if (key in layer) result[key] = list(layer[key], `${from}.${key}`, `${to}.${key}`, depth);
    if (Array.isArray(layer.branches))
      result.branches = layer.branches.map((branch, index) =>
        list(branch, `${from}.branches[${index}]`, `${to}.branches[${index}]`, depth),
      );
    return result;
  };

  const notes = (): string[] => [...told].map(([text, paths]) => `${places(paths)}: ${text}`);
  return { origins, expected, list, notes };
}

function places(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}

/** Runs a check whose errors name paths of what was read, and makes them name those of the file. */
function located<Result>(check: () => Result, origins: ReadonlyMap<string, string>): Result {
  try {
    return check();
  } catch (error) {
    const Kind = [ConfigError, ShapeError].find((known) => error instanceof known);
    if (!Kind || origins.size === 0) throw error;
    throw new Kind(originally((error as Error).message, origins), { cause: error });
  }
}

/** The message with every path in it as in the file: the longest part of it that came from elsewhere is replaced. */
function originally(message: string, origins: ReadonlyMap<string, string>): string {
  return message.replace(/layers(?:\.(?:body|shortcut|branches)|\[\d+\])+/g, (path) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf("]", end - 2) + 1) {
      const origin = origins.get(path.slice(0, end));
      if (origin !== undefined) return origin + path.slice(end);
    }
    return path;
  });
}
