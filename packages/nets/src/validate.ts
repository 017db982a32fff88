import { activation, ConfigError, SondeError } from "@sonde/core";
import { initialiser } from "@sonde/init";
import type { Architecture, Layer, LayerInit } from "./architecture.js";
import { type Fields, fieldsOf, finite, flag, type Guard, isObject, listOf, nonNegative, oneOf, text, whole } from "./guards.js";
import { limits } from "./limits.js";
import { inferShapes } from "./shapes.js";

/**
 * The value as an architecture, after checking that it is one: fields and their types, unknown keys, names of activations and initialisers, shapes
 * that fit, limits. Returns the value itself. `readArchitecture` also understands what other programs call things.
 *
 * Throws `ConfigError` with the paths of the first things that are wrong, or `ShapeError` with that of the first layer that does not fit.
 *
 * @example
 * validateArchitecture({ input: [2], layers: [{ kind: "dense", units: 1 }] }).layers.length // 1
 */
export function validateArchitecture(value: unknown): Architecture {
  const names = new Map<string, readonly string[]>();
  const problems = fieldsOf({
    required: { input: listOf(whole, 1, 3), layers: layerList(names, 0) },
    optional: { name: text, $schema: text },
  })(value, "");
  if (problems.length > 0) throw new ConfigError(together(problems));
  const architecture = value as Architecture;
  inferShapes(architecture);
  return architecture;
}

/** Problems that one message lists. */
const mostShown = 4;

/** What is wrong as one sentence. */
function together(problems: readonly string[]): string {
  if (problems.length === 1) return problems[0];
  const shown = saidOnce(problems.slice(0, mostShown)).join("; ");
  const more = problems.length - mostShown;
  return `${problems.length} things are wrong: ${shown}${more > 0 ? `; and ${more} more` : ""}`;
}

/** What is wrong in the same way at several paths is said of all of them together. */
function saidOnce(problems: readonly string[]): string[] {
  const paths = new Map<string, string[]>();
  for (const problem of problems) {
    const [, path = "", what = problem] = /^(\S+): (.*)$/.exec(problem) ?? [];
    paths.set(what, [...(paths.get(what) ?? []), path]);
  }
  return [...paths].map(([what, own]) => (own[0] === "" ? what : `${own.join(", ")}: ${what}`));
}

const initFields = { init: text, weightVariance: nonNegative, bias: text };
const none = {};

/** The fields of every kind of layer without branches. */
const fields: Readonly<Record<Exclude<Layer["kind"], "residual" | "concat">, Fields>> = {
  dense: { required: { units: whole }, optional: initFields },
  conv: {
    required: { channels: whole, kernel: listOf(whole, 1, 2) },
    optional: { stride: whole, padding: oneOf(["zero", "periodic", "symmetric", "valid"]), ...initFields },
  },
  embedding: { required: { units: whole }, optional: { implied: flag } },
  activation: { required: { activation: text }, optional: none },
  norm: {
    required: { norm: oneOf(["batch", "layer", "rms"]) },
    optional: { epsilon: nonNegative, gamma: finite, beta: finite },
  },
  softmax: { required: none, optional: none },
  flatten: { required: none, optional: none },
  pool: { required: { pool: oneOf(["average", "max"]), window: windowSize }, optional: none },
};
const kind = oneOf([...Object.keys(fields), "residual", "concat"]);

/** The fields of a layer of this kind, or what is wrong with it. */
function fieldsOfKind({ kind: name, ...rest }: Readonly<Record<string, unknown>>, list: Guard): Fields {
  if (name === "residual") return { required: { body: list }, optional: { scale: finite, shortcut: list } };
  if (name !== "concat") return fields[name as keyof typeof fields];
  // `body` is the short form of two branches.
  return "branches" in rest
    ? { required: { branches: listOf(list, 1, limits.branches) }, optional: none }
    : { required: { body: list }, optional: none };
}

function windowSize(value: unknown, path: string): readonly string[] {
  return value === "global" ? [] : whole(value, path);
}

/** The names that were looked up, with what was found wrong, so that deep networks are checked fast. */
type Known = Map<string, readonly string[]>;

/** The guard of a list of layers. */
function layerList(known: Known, depth: number): Guard {
  const list = listOf((entry, path) => layer(entry, path, known, depth), 0, limits.entries);
  return (value, path) =>
    depth > limits.nesting ? [`${path} is nested too deep: blocks nest at most ${limits.nesting} deep`] : list(value, path);
}

function layer(value: unknown, path: string, known: Known, depth: number): readonly string[] {
  if (!isObject(value)) return fieldsOf({ required: none, optional: none })(value, path);
  if (value.kind === undefined) return [`${path}.kind is missing: add it`];
  const unknown = kind(value.kind, `${path}.kind`);
  if (unknown.length > 0) return unknown;
  const { kind: _kind, ...rest } = value;
  const problems = fieldsOf(fieldsOfKind(value, layerList(known, depth + 1)))(rest, path);
  return problems.length > 0 ? problems : namesIn(value as unknown as Layer, path, known);
}

function namesIn(layer: Layer, path: string, known: Known): readonly string[] {
  if (layer.kind === "activation")
    return lookUp(`activation ${layer.activation}`, `${path}.activation`, known, () => activation(layer.activation));
  if (layer.kind !== "dense" && layer.kind !== "conv") return [];
  const { init, weightVariance, bias }: LayerInit = layer;
  return lookUp(`init ${JSON.stringify([init, weightVariance, bias])}`, path, known, () =>
    initialiser({ init, weightVariance, bias }),
  );
}

/** What a look-up that throws for unknown names says, with the path in front; once for equal keys. */
function lookUp(key: string, path: string, known: Known, run: () => void): readonly string[] {
  let found = known.get(key);
  if (!found) {
    found = complaint(run);
    known.set(key, found);
  }
  return found.map((message) => `${path}: ${message}`);
}

function complaint(run: () => void): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof SondeError) return [error.message];
    throw error;
  }
}
