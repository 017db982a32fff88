import { ConfigError, quote, ShapeError, SondeError } from "@sonde/core";
import type { LayerInit } from "../architecture.js";
import { heldWeights } from "../graph/draw-weights.js";
import { fromGraph } from "../graph/from-graph.js";
import type { Graph, GraphNode } from "../graph/graph.js";
import { graphShapes } from "../graph/graph-shapes.js";
import type { Weights } from "../graph/layer-kind.js";
import { toGraph } from "../graph/to-graph.js";
import { isObject } from "../guards.js";
import { limits } from "../limits.js";
import { inferShapes, type ShapedLayer } from "../shapes.js";
import { validateArchitecture } from "../validate.js";
import { type Fields, spelledOut } from "./layer-spellings.js";
import type { ReadArchitecture } from "./read-architecture.js";

/** Whether a parsed file names the layers that its layers take, and so is a graph and no list. */
export function isGraphForm(value: Fields): boolean {
  return (
    "output" in value ||
    (Array.isArray(value.layers) && value.layers.some((layer) => isObject(layer) && layer.inputs !== undefined))
  );
}

/** A layer of a file as it says where it stands. */
interface Placed {
  /** In the file. */
  readonly path: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly fields: Fields;
}

/**
 * The architecture of a file in graph form: `layers` with a `name`, and the names of the `inputs` that each takes, the one before it where none are named, the first the network's `input`. The kinds are those of lists, and `add` and
 * `concat` of several inputs. `output` names the layer that comes out, by default the last.
 *
 * Throws `ConfigError` or `ShapeError` with the path or name of the first layer that is wrong, or that has no place in a list of layers.
 *
 * @example
 * const layers = [
 *   { name: "a", kind: "dense", units: 4, activation: "relu" },
 *   { name: "b", kind: "dense", units: 4 },
 *   { kind: "add", inputs: ["a", "b"] },
 * ];
 * readGraph({ input: 3, layers }).architecture.layers.map(({ kind }) => kind) // ["dense", "activation", "residual"]
 */
export function readGraph(value: Fields): ReadArchitecture {
  const { input: given, layers, output, name, $schema: _schema, ...unknown } = value;
  const input = typeof given === "number" ? [given] : given;
  validateArchitecture({ input, layers: [], ...(name !== undefined && { name }), ...unknown });
  if (!Array.isArray(layers) || layers.length > limits.entries)
    throw new ConfigError(`layers must be a list of at most ${limits.entries} layers`);
  const shape = input as number[];
  const reading = nodeReader(shape);
  const placed = placedLayers(layers);
  for (const layer of placed) reading.add(layer);
  const end = output ?? placed[placed.length - 1]?.name ?? "input";
  if (typeof end !== "string" || !reading.has(end))
    throw new ConfigError(`output is ${quote(String(end))}, which is no layer: give the name of one`);
  const graph: Graph = {
    inputs: [{ name: "input", shape: [1, ...shape] }],
    nodes: reading.nodes,
    outputs: [reading.endOf(end)],
    ...(typeof name === "string" && { name }),
  };
  const idle = reading.idle(graph.outputs[0]);
  if (idle !== undefined)
    throw new ConfigError(`layer ${quote(idle)} leads to no output: name it among the inputs of another, or leave it out`);
  const { architecture, notes } = listOf(graph, reading);
  return { architecture, notes: [...reading.notes, ...notes] };
}

/** A graph that is no list is said to be one of another kind. */
function listOf(graph: Graph, { init, weights }: ReturnType<typeof nodeReader>) {
  try {
    return fromGraph(graph, { init, weights });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      `${error.message}: a file in graph form holds ways that part and meet again within one another; sonde check runs any graph from a model file (ONNX)`,
      { cause: error },
    );
  }
}

function placedLayers(layers: readonly unknown[]): Placed[] {
  const names = new Set(["input"]);
  let before = "input";
  return layers.map((entry, k) => {
    const path = `layers[${k}]`;
    if (!isObject(entry)) throw new ConfigError(`${path} must be an object, got ${quote(String(JSON.stringify(entry)))}`);
    const { name = path, inputs = [before], ...fields } = entry;
    if (typeof name !== "string" || name === "")
      throw new ConfigError(`${path}.name must be a text, got ${quote(String(JSON.stringify(name)))}`);
    if (names.has(name))
      throw new ConfigError(
        `${path}.name is ${quote(name)}, as that of a layer before it (or the network's input): give each its own`,
      );
    const list = typeof inputs === "string" ? [inputs] : inputs;
    if (!Array.isArray(list) || list.length === 0 || list.length > limits.branches)
      throw new ConfigError(`${path}.inputs must be a list of 1 to ${limits.branches} names of layers`);
    for (const from of list)
      if (typeof from !== "string" || !names.has(from))
        throw new ConfigError(
          `${path}.inputs names ${quote(String(from))}, which is no layer before it: name "input" or one that is, or change the order`,
        );
    names.add(name);
    before = name;
    return { path, name, inputs: list, fields };
  });
}

/** Puts layers down as nodes of a graph, one after the other. */
function nodeReader(input: readonly number[]) {
  const nodes: GraphNode[] = [];
  const shapes = new Map<string, readonly number[]>([["input", input]]);
  const ends = new Map([["input", "input"]]);
  const inits = new Map<string, LayerInit>();
  const constants = new Map<string, Weights>();
  const owners = new Map<string, string>();
  const notes: string[] = [];

  const put = (node: GraphNode, owner: string): void => {
    nodes.push(node);
    owners.set(node.name, owner);
  };

  /** Ways that meet. */
  const join = ({ path, name, inputs, fields: { kind, factors, ...unknown } }: Placed): void => {
    const [odd] = Object.keys(unknown);
    if (odd !== undefined)
      throw new ConfigError(`${path}.${odd} is not known: ${kind} of several inputs takes factors only, and only add`);
    const wrong =
      factors !== undefined &&
      (kind !== "add" || !Array.isArray(factors) || factors.length !== inputs.length || !factors.every(Number.isFinite));
    if (wrong) throw new ConfigError(`${path}.factors must be one number for each of the ${inputs.length} inputs of an add`);
    const node = {
      name,
      kind: kind as "add" | "concat",
      inputs: inputs.map((from) => ends.get(from) as string),
      ...(factors !== undefined && { factors }),
    } as GraphNode;
    const given = inputs.map((from, k) => ({ name: `${k}`, shape: [1, ...(shapes.get(from) as number[])] }));
    if (kind === "add" && given.some(({ shape }) => String(shape) !== String(given[0].shape)))
      throw new ShapeError(
        `${path} (add) adds ${given.map(({ shape }) => `[${shape.slice(1).join(", ")}]`).join(" to ")}: let all its inputs have one shape`,
      );
    const part: Graph = { inputs: given, nodes: [{ ...node, inputs: given.map((own) => own.name) }], outputs: [name] };
    const [{ output }] = graphShapes(part);
    put(node, name);
    shapes.set(name, output.slice(1));
    ends.set(name, name);
  };

  /** Layers of a list, one after the other, as the nodes that they are. */
  const chain = ({ path, name, inputs: [from] }: Placed, layers: readonly Fields[]): void => {
    let value = ends.get(from) as string;
    let shape = shapes.get(from) as readonly number[];
    for (const [k, layer] of layers.entries()) {
      const own = k === layers.length - 1 ? name : `${name}/${k}`;
      const architecture = named(path, () => validateArchitecture({ input: shape, layers: [layer] }));
      const rename = (other: string) => (other === "input" ? value : other.replace(/^layers\[0\]/, () => own));
      const part = toGraph(architecture, 1);
      for (const node of part.nodes) put({ ...node, name: rename(node.name), inputs: node.inputs.map(rename) }, name);
      const visit = (list: readonly ShapedLayer[]): void => {
        for (const shaped of list) {
          keep(rename(shaped.path), shaped);
          shaped.branches.forEach(visit);
        }
      };
      const shaped = inferShapes(architecture);
      visit(shaped);
      value = rename(part.outputs[0]);
      shape = shaped[0].output;
    }
    ends.set(name, value);
    shapes.set(name, shape);
  };

  const keep = (at: string, { layer, input: own }: ShapedLayer): void => {
    if (layer.kind === "dense" || layer.kind === "conv") {
      const { init, weightVariance, bias } = layer;
      const set = { init, weightVariance, bias };
      inits.set(at, Object.fromEntries(Object.entries(set).filter(([, entry]) => entry !== undefined)));
    }
    if (layer.kind !== "norm") return;
    const channels = own[own.length - 1];
    for (const [role, number] of [
      ["scale", layer.gamma ?? 1],
      ["shift", layer.beta ?? 0],
    ] as const)
      constants.set(`${at}/${role}`, { value: heldWeights([channels], new Float64Array(channels).fill(number)) });
  };

  return {
    nodes,
    notes,
    init: (layer: string) => inits.get(layer),
    weights: (layer: string) => constants.get(layer) ?? {},
    has: (name: string) => ends.has(name),
    endOf: (name: string) => ends.get(name) as string,
    add(placed: Placed): void {
      const { path, inputs, fields } = placed;
      const joins = fields.kind === "add" || (fields.kind === "concat" && !("body" in fields) && !("branches" in fields));
      if (joins) {
        named(path, () => join(placed));
        return;
      }
      if (inputs.length > 1)
        throw new ConfigError(`${path} (${String(fields.kind)}) takes ${inputs.length} inputs: only add and concat take several`);
      const read = spelledOut(fields, { axes: input.length - 1, note: (text) => notes.push(`${path}: ${text}`) });
      // Something that does nothing at initialisation hands on what it takes.
      chain(placed, read);
    },
    /** A layer that nothing takes, other than the output. */
    idle(output: string): string | undefined {
      const used = new Set([output, ...nodes.flatMap((node) => node.inputs)]);
      const node = nodes.find(({ name }) => !used.has(name));
      return node && owners.get(node.name);
    },
  };
}

/** What is wrong with a layer that was read alone is said with its path in the file. */
function named<Result>(path: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const Same = error instanceof ShapeError ? ShapeError : ConfigError;
    throw new Same(
      error.message.replace(/layers\[0\]/g, () => path),
      { cause: error },
    );
  }
}
