import { FormatError, quote } from "@sonde/core";
import { isRecord } from "../json.js";
import { modelLimits } from "../limits.js";
import type { Dimension, ModelNode, ModelValue } from "../model-file.js";

/** The layers of a Keras model, in the order of its configuration, models within it laid open. */
export interface Topology {
  readonly nodes: readonly ModelNode[];
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly notes: readonly string[];
}

/** A layer with weights: its name, its class, and the path of models that it lies in. */
type Config = Readonly<Record<string, unknown>>;

/**
 * The graph in a Keras configuration: Sequential or functional, of Keras 2, 3 or TensorFlow.js. Every call of a layer is a node whose operator is the layer's class; `weightsOf` says which tensors belong to a layer.
 *
 * Throws `FormatError` for anything else, and `undefined` is returned for subclassed models, whose layers are Python code.
 */
export function topologyOf(model: unknown, weightsOf: (layer: string) => readonly string[]): Topology | undefined {
  const nodes: ModelNode[] = [];
  const notes: string[] = [];
  const made = modelNodes(model, { nodes, notes, weightsOf, prefix: "", depth: 0 }, undefined);
  if (!made) return undefined;
  const inputNodes = nodes.filter(({ operator }) => operator === "InputLayer");
  return {
    nodes: nodes.filter(({ operator }) => operator !== "InputLayer"),
    inputs: inputNodes.map(({ name, attributes }) => ({ name, shape: shapeOf(attributes), type: typeOf(attributes) })),
    outputs: made.map((name) => ({ name, shape: null, type: null })),
    notes,
  };
}

interface Building {
  readonly nodes: ModelNode[];
  readonly notes: string[];
  readonly weightsOf: (layer: string) => readonly string[];
  readonly prefix: string;
  readonly depth: number;
}

/** Adds the layers of a model and returns the values that it puts out; `given` are the values that a model within another is called on. */
function modelNodes(model: unknown, building: Building, given: readonly string[] | undefined): readonly string[] | undefined {
  if (building.depth > modelLimits.nesting)
    throw new FormatError(`it has models within models more than ${modelLimits.nesting} deep`);
  if (!isRecord(model)) throw new FormatError("its configuration holds no model");
  const config = isRecord(model.config) ? model.config : Array.isArray(model.config) ? { layers: model.config } : {};
  const layers = config.layers;
  if (!Array.isArray(layers)) return undefined;
  if (layers.length > modelLimits.nodes) throw new FormatError(`it has more than ${modelLimits.nodes} layers`);
  const functional = layers.some((layer) => isRecord(layer) && Array.isArray(layer.inbound_nodes));
  return functional ? functionalNodes(config, layers, building, given) : sequentialNodes(layers, building, given);
}

function sequentialNodes(
  layers: readonly unknown[],
  building: Building,
  given: readonly string[] | undefined,
): readonly string[] {
  let values = given ? [...given] : [];
  for (const [k, layer] of layers.entries()) {
    const { operator, config, name } = layerOf(layer, k);
    if (operator === "InputLayer" && given) continue;
    // The first layer of a file may carry the input's shape itself.
    if (values.length === 0 && operator !== "InputLayer") {
      const input = {
        name: "input",
        operator: "InputLayer",
        domain: "",
        inputs: [],
        outputs: ["input"],
        attributes: firstInput(layer, config),
      };
      building.nodes.push(input);
      values = ["input"];
    }
    values = [...addLayer(layer, { operator, config, name }, values, building)];
  }
  return values;
}

function functionalNodes(
  config: Config,
  layers: readonly unknown[],
  building: Building,
  given: readonly string[] | undefined,
): readonly string[] {
  const produced = new Map<string, readonly string[]>();
  const pending: { layer: unknown; k: number; call: unknown; index: number }[] = [];
  const inputNames = references(config.input_layers, true).map(({ layer }) => layer);
  for (const [k, layer] of layers.entries()) {
    const { name, operator } = layerOf(layer, k);
    const calls = isRecord(layer) && Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes : [];
    if (operator === "InputLayer" || calls.length === 0) {
      const at = inputNames.indexOf(name);
      if (given) produced.set(`${name}/0`, [given[Math.max(0, at)] ?? given[0]]);
      else {
        const made = addLayer(layer, { ...layerOf(layer, k), operator: "InputLayer" }, [], building);
        produced.set(`${name}/0`, made);
      }
      continue;
    }
    for (const [index, call] of calls.entries()) pending.push({ layer, k, call, index });
  }
  // Layers are listed in an order in which they can be computed, but for shared ones, of which later calls have to wait.
  let waiting = pending;
  let steps = 0;
  while (waiting.length > 0) {
    const still: typeof pending = [];
    for (const item of waiting) {
      if (++steps > modelLimits.nodes * 4) throw new FormatError("its layers refer to one another in circles");
      const { layer, k, call, index } = item;
      const described = layerOf(layer, k);
      const sources = references(call, false).map(({ layer: from, node, tensor }) => {
        const values = produced.get(`${from}/${node}`);
        return values && (values[tensor] ?? values[0]);
      });
      if (sources.some((value) => value === undefined)) {
        still.push(item);
        continue;
      }
      const name = index === 0 ? described.name : `${described.name}:${index}`;
      produced.set(`${described.name}/${index}`, addLayer(layer, { ...described, called: name }, sources as string[], building));
    }
    if (still.length === waiting.length)
      throw new FormatError(`its layer ${quote(layerOf(still[0].layer, still[0].k).name)} refers to layers that are not there`);
    waiting = still;
  }
  const outputs = references(config.output_layers, true);
  return outputs.flatMap(({ layer, node, tensor }) => {
    const values = produced.get(`${layer}/${node}`);
    return values ? [values[tensor] ?? values[0]] : [];
  });
}

interface Described {
  readonly operator: string;
  readonly config: Config;
  readonly name: string;
  /** The name of this call, where a layer is called more than once. */
  readonly called?: string;
}

function layerOf(layer: unknown, k: number): Described {
  if (!isRecord(layer) || typeof layer.class_name !== "string") throw new FormatError(`its layer ${k + 1} has no class`);
  const config = isRecord(layer.config) ? layer.config : {};
  const name = typeof layer.name === "string" ? layer.name : typeof config.name === "string" ? config.name : `layer_${k}`;
  return { operator: layer.class_name.slice(0, 200), config, name: name.slice(0, 1000) };
}

/** Adds the node of a layer, or those of the model that it is. */
function addLayer(
  layer: unknown,
  { operator, config, name, called }: Described,
  inputs: readonly string[],
  building: Building,
): readonly string[] {
  const path = `${building.prefix}${called ?? name}`;
  if (Array.isArray(config.layers) || (operator === "Sequential" && Array.isArray((layer as Config).config))) {
    const made = modelNodes(layer, { ...building, prefix: `${path}/`, depth: building.depth + 1 }, inputs);
    if (made) return made;
  }
  if (building.nodes.length >= modelLimits.nodes) throw new FormatError(`it has more than ${modelLimits.nodes} layers`);
  // A layer around another (TimeDistributed, Bidirectional) is told by what it wraps.
  building.nodes.push({
    name: path,
    operator,
    domain: "",
    inputs: [...inputs, ...building.weightsOf(`${building.prefix}${name}`)],
    outputs: [path],
    attributes: config,
  });
  return [path];
}

interface Reference {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** The values that a call is made on, as Keras 2 (`[name, node, tensor, {}]`) and Keras 3 (`keras_history`) write them, wherever they stand. */
function references(value: unknown, bare: boolean): Reference[] {
  const found: Reference[] = [];
  const queue: [value: unknown, depth: number][] = [[value, 0]];
  for (const [item, depth] of queue) {
    if (depth > modelLimits.nesting || found.length > modelLimits.list) break;
    const history = isRecord(item) && isRecord(item.config) ? item.config.keras_history : undefined;
    if (isReference(history)) found.push(reference(history));
    else if (isReference(item) && (bare || !isRecord(item[0]))) {
      found.push(reference(item));
      if (isRecord(item[3])) queue.push([item[3], depth + 1]);
    } else if (Array.isArray(item)) for (const inner of item) queue.push([inner, depth + 1]);
    else if (isRecord(item))
      for (const inner of Object.values(item)) if (typeof inner === "object") queue.push([inner, depth + 1]);
  }
  return found;
}

function isReference(value: unknown): value is [string, number, number, unknown?] {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number" && typeof value[2] === "number";
}

function reference([layer, node, tensor]: readonly [string, number, number, unknown?]): Reference {
  return { layer, node, tensor };
}

/** What the first layer of a Sequential model says of the input. */
function firstInput(layer: unknown, config: Config): Config {
  const built = isRecord(layer) && isRecord(layer.build_config) ? layer.build_config.input_shape : undefined;
  return { batch_shape: config.batch_shape ?? config.batch_input_shape ?? built, dtype: config.dtype };
}

function shapeOf(config: Config): Dimension[] | null {
  const shape = config.batch_shape ?? config.batch_input_shape;
  if (!Array.isArray(shape) || shape.length > modelLimits.axes) return null;
  return shape.map((size, k) => (typeof size === "number" ? size : k === 0 ? "batch" : `axis ${k}`));
}

function typeOf({ dtype }: Config): string | null {
  if (typeof dtype === "string") return dtype;
  return isRecord(dtype) && isRecord(dtype.config) && typeof dtype.config.name === "string" ? dtype.config.name : null;
}
