import { activation, ConfigError, SondeError } from "@sonde/core";
import { initialiser } from "@sonde/init";
import type { Architecture, Layer, LayerInit } from "./architecture.js";
import {
  checkFields,
  type Fields,
  flag,
  type Guard,
  listOf,
  nonNegative,
  object,
  oneOf,
  positive,
  text,
  whole,
} from "./guards.js";
import { limits } from "./limits.js";
import { inferShapes } from "./shapes.js";

/**
 * The value as an architecture, after checking that it is one: fields and their types, unknown keys, names of activations and initialisers, shapes
 * that fit, limits. Returns the value itself.
 *
 * Throws `ConfigError` or `ShapeError` with the path of the first thing that is wrong.
 *
 * @example
 * validateArchitecture({ input: [2], layers: [{ kind: "dense", units: 1 }] }).layers.length // 1
 */
export function validateArchitecture(value: unknown): Architecture {
  const names = new Set<string>();
  checkFields(
    object(value, ""),
    {
      required: { input: listOf(whole, 1, 3), layers: layerList(names, 0) },
      optional: { name: text, $schema: text },
    },
    "",
  );
  const architecture = value as Architecture;
  inferShapes(architecture);
  return architecture;
}

const initFields = { init: text, weightVariance: positive, bias: text };
const none = {};

/** The fields of every kind of layer, except for the bodies of blocks. */
const fields: Readonly<Record<Layer["kind"], Fields>> = {
  dense: { required: { units: whole }, optional: initFields },
  conv: {
    required: { channels: whole, kernel: listOf(whole, 1, 2) },
    optional: { stride: whole, padding: oneOf(["zero", "periodic", "symmetric", "valid"]), ...initFields },
  },
  embedding: { required: { units: whole }, optional: { implied: flag } },
  activation: { required: { activation: text }, optional: none },
  norm: { required: { norm: oneOf(["batch", "layer", "rms"]) }, optional: { epsilon: nonNegative } },
  residual: { required: none, optional: none },
  concat: { required: none, optional: none },
  flatten: { required: none, optional: none },
  pool: { required: { pool: oneOf(["average", "max"]), window: windowSize }, optional: none },
};
const kind = oneOf(Object.keys(fields));

function windowSize(value: unknown, path: string): void {
  if (value !== "global") whole(value, path);
}

/** The guard of a list of layers; `known` collects what names were found good, so that deep networks are checked fast. */
function layerList(known: Set<string>, depth: number): Guard {
  return (value, path) => {
    if (depth > limits.nesting) throw new ConfigError(`${path} is nested too deep: blocks nest at most ${limits.nesting} deep`);
    listOf((entry, path) => layer(entry, path, known, depth), 0, limits.entries)(value, path);
  };
}

function layer(value: unknown, path: string, known: Set<string>, depth: number): void {
  const { kind: name, ...rest } = object(value, path);
  if (name === undefined) throw new ConfigError(`${path}.kind is missing: add it`);
  kind(name, `${path}.kind`);
  const { required, optional } = fields[name as Layer["kind"]];
  const block = name === "residual" || name === "concat";
  checkFields(rest, { required: block ? { body: layerList(known, depth + 1) } : required, optional }, path);
  checkNames(value as Layer, path, known);
}

function checkNames(layer: Layer, path: string, known: Set<string>): void {
  if (layer.kind === "activation")
    check(`activation ${layer.activation}`, `${path}.activation`, known, () => activation(layer.activation));
  if (layer.kind !== "dense" && layer.kind !== "conv") return;
  const { init, weightVariance, bias }: LayerInit = layer;
  check(`init ${JSON.stringify([init, weightVariance, bias])}`, path, known, () => initialiser({ init, weightVariance, bias }));
}

/** Runs a check that throws for unknown names, unless it passed before, and puts the path in front of its message. */
function check(key: string, path: string, known: Set<string>, run: () => void): void {
  if (known.has(key)) return;
  try {
    run();
  } catch (error) {
    throw error instanceof SondeError ? new ConfigError(`${path}: ${error.message}`, { cause: error }) : error;
  }
  known.add(key);
}
