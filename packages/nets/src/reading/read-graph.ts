import { ConfigError, quote, ShapeError, SondeError } from "@sonde/core";
import type { LayerInit } from "../architecture.js";
import { heldWeights } from "../graph/draw-weights.js";
import { fromGraph } from "../graph/from-graph.js";
import type { Graph, GraphNode } from "../graph/graph.js";
import { graphShapes } from "../graph/graph-shapes.js";
import type { GraphLayer } from "../graph/kinds/list.js";
import type { Weights } from "../graph/layer-kind.js";
import type { GraphWeights } from "../graph/run-graph.js";
import { toGraph } from "../graph/to-graph.js";
import { isObject } from "../guards.js";
import { limits } from "../limits.js";
import { inferShapes, type ShapedLayer, size } from "../shapes.js";
import { validateArchitecture } from "../validate.js";
import { type GraphKind, graphKindOf, problemsOf, windowFields } from "./graph-kinds.js";
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

/** A network that a file in graph form describes. */
export interface DescribedGraph {
  readonly graph: Graph;
  /** How the weights of a layer are drawn, by its name; nothing where the file does not say. */
  readonly init: (layer: string) => LayerInit | undefined;
  /** The constants of the graph, such as the factor behind a norm. */
  readonly given: GraphWeights;
  /** How things that are not Sonde's own were understood, with their paths. */
  readonly notes: readonly string[];
}

/**
 * The graph of a file in graph form, for so many points: `layers` with a `name`, and the names of the `inputs` that each takes, the one before it where none are named, the first the network's `input`. The kinds are those of lists; `add` and
 * `concat` of several inputs; and those that only graphs have (`attention`, `multiply`, `conv` with groups and so on), see `architectureSchema`. `output` names the layer that comes out, by default the last.
 *
 * Throws `ConfigError` or `ShapeError` with the path or name of the first layer that is wrong.
 *
 * @example
 * const layers = [
 *   { name: "a", kind: "dense", units: 4, activation: "relu" },
 *   { name: "b", kind: "tanh" },
 *   { name: "c", kind: "multiply", inputs: ["a", "b"] },
 *   { kind: "add", inputs: ["c", "b"] },
 * ];
 * const { graph, init, given } = readGraph({ input: 3, layers }, { points: 5 });
 * const weights = drawWeights(graph, stream(0), { init, given });
 * runGraph(graph, weights, { input: { shape: [5, 3], data: new Float64Array(15).fill(1) } })["layers[3]"].shape // [5, 4]
 */
export function readGraph(value: Fields, { points = 1 }: { readonly points?: number } = {}): DescribedGraph {
  const { input: given, layers, output, name, $schema: _schema, ...unknown } = value;
  const input = typeof given === "number" ? [given] : given;
  validateArchitecture({ input, layers: [], ...(name !== undefined && { name }), ...unknown });
  if (!Array.isArray(layers) || layers.length > limits.entries)
    throw new ConfigError(`layers must be a list of at most ${limits.entries} layers`);
  const shape = input as number[];
  const reading = nodeReader(shape, points);
  const placed = placedLayers(layers);
  for (const layer of placed) reading.add(layer);
  const end = output ?? placed[placed.length - 1]?.name ?? "input";
  if (typeof end !== "string" || !reading.has(end))
    throw new ConfigError(`output is ${quote(String(end))}, which is no layer: give the name of one`);
  const graph: Graph = {
    inputs: [{ name: "input", shape: [points, ...shape] }],
    nodes: reading.nodes,
    outputs: [reading.endOf(end)],
    ...(typeof name === "string" && { name }),
  };
  const idle = reading.idle(graph.outputs[0]);
  if (idle !== undefined)
    throw new ConfigError(`layer ${quote(idle)} leads to no output: name it among the inputs of another, or leave it out`);
  const { init, weights, notes } = reading;
  return { graph, init, given: weights, notes };
}

/** The list of layers that a file in graph form is. Throws `ConfigError` where it is none, with what takes it as it is. */
export function listOfGraph(value: Fields): ReadArchitecture {
  const { graph, init, given, notes } = readGraph(value);
  try {
    const list = fromGraph(graph, { init, weights: given });
    return { architecture: list.architecture, notes: [...notes, ...list.notes] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(
      `${error.message}, so it is no list of layers, which this needs; sonde check, death, angles, vni and moments take any graph`,
      { cause: error },
    );
  }
}

/**
 * Whether a file is in graph form and says what no list of layers can, so that it is for `readGraph` and not for `readArchitecture`.
 *
 * Throws `ConfigError` or `ShapeError` as `readGraph` does.
 *
 * @example
 * isBeyondLists({ input: 3, layers: [{ name: "a", kind: "dense", units: 3 }, { kind: "multiply", inputs: ["a", "input"] }] }); // true
 * isBeyondLists({ input: 3, layers: [{ name: "a", kind: "dense", units: 3 }, { kind: "add", inputs: ["a", "input"] }] }); // false
 */
export function isBeyondLists(value: Fields): boolean {
  if (!isGraphForm(value)) return false;
  readGraph(value);
  try {
    listOfGraph(value);
    return false;
  } catch (error) {
    if (error instanceof SondeError) return true;
    throw error;
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

/** What came out of a layer of the file: the node that put it out, and the shape of one point. */
interface Value {
  readonly node: string;
  readonly shape: readonly number[];
}

/** Puts layers down as nodes of a graph, one after the other. */
function nodeReader(input: readonly number[], points: number) {
  const nodes: GraphNode[] = [];
  const values = new Map<string, Value>([["input", { node: "input", shape: input }]]);
  const inits = new Map<string, LayerInit>();
  const constants = new Map<string, Weights>();
  /** Layers of the file by the nodes that they became. */
  const owners = new Map<string, string>();
  const notes: string[] = [];

  const put = (node: GraphNode, owner: string): void => {
    nodes.push(node);
    owners.set(node.name, owner);
  };

  /** Puts down one node that takes some values. */
  const alone = (layer: GraphLayer, name: string, taken: readonly Value[], owner: string): Value => {
    const inputs = taken.map(({ shape }, k) => ({ name: `${k}`, shape: [points, ...shape] }));
    const node = { ...layer, name, inputs: inputs.map((own) => own.name) } as GraphNode;
    const shaped = graphShapes({ inputs, nodes: [node], outputs: [name] });
    const { output } = shaped[shaped.length - 1];
    if (output.length < 2 || output[0] !== points)
      throw new ShapeError(`layer ${quote(name)} (${node.kind}) leaves no axis of units: keep one`);
    const heavy = shaped.some(({ weights }) => Object.values(weights).some(({ shape }) => size(shape) > limits.weights));
    if (heavy)
      throw new ConfigError(`layer ${quote(name)} (${node.kind}) has more than ${limits.weights} weights: make it smaller`);
    put({ ...node, inputs: taken.map((own) => own.node) }, owner);
    return { node: name, shape: output.slice(1) };
  };

  /** Ways that meet. */
  const join = ({ path, name, inputs, fields: { kind, factors, axis, ...unknown } }: Placed, taken: readonly Value[]): Value => {
    const [odd] = Object.keys(unknown);
    if (odd !== undefined)
      throw new ConfigError(
        `${path} has an unknown key ${quote(odd)}: add takes inputs and factors, concat inputs and the axis of a point`,
      );
    const wrong =
      factors !== undefined &&
      (kind !== "add" || !Array.isArray(factors) || factors.length !== inputs.length || !factors.every(Number.isFinite));
    if (wrong) throw new ConfigError(`${path}.factors must be one number for each of the ${inputs.length} inputs of an add`);
    if (axis !== undefined && (kind !== "concat" || !Number.isInteger(axis) || Number(axis) < 0))
      throw new ConfigError(`${path}.axis must be the number of an axis of a point, from 0, of a concat`);
    if (kind === "add" && taken.some(({ shape }) => String(shape) !== String(taken[0].shape)))
      throw new ShapeError(
        `${path} (add) adds ${taken.map(({ shape }) => `[${shape.join(", ")}]`).join(" to ")}: let all its inputs have one shape`,
      );
    const layer = {
      kind,
      ...(factors !== undefined && { factors }),
      ...(axis !== undefined && { axis: Number(axis) + 1 }),
    } as GraphLayer;
    return alone(layer, name, taken, name);
  };

  /** A layer of a kind that lists do not have. */
  const ofGraph = (path: string, at: string, own: GraphKind, fields: Fields, taken: readonly Value[], owner: string): Value => {
    const { kind, ...rest } = windowFields(fields);
    const problems = problemsOf(own, rest, path);
    if (problems.length > 0) throw new ConfigError(problems.slice(0, 3).join("; "));
    const { most = 1 } = own;
    if (taken.length > most)
      throw new ConfigError(
        `${path} (${quote(String(kind)).slice(1, -1)}) takes ${taken.length} inputs: it takes ${most === 1 ? "one" : `at most ${most}`}`,
      );
    const drawnBy = drawnAs(rest as LayerInit);
    for (const part of own.parts?.map((role) => `${at}/${role}`) ?? [at]) inits.set(part, drawnBy);
    return alone(own.layer(rest, taken[0].shape), at, taken, owner);
  };

  /** A layer of a list as the nodes that it is. */
  const ofList = (at: string, layer: Fields, { node: from, shape }: Value, owner: string): Value => {
    const architecture = validateArchitecture({ input: shape, layers: [layer] });
    const rename = (other: string) => (other === "input" ? from : other.replace(/^layers\[0\]/, () => at));
    const part = toGraph(architecture, points);
    for (const node of part.nodes) put({ ...node, name: rename(node.name), inputs: node.inputs.map(rename) }, owner);
    const visit = (list: readonly ShapedLayer[]): void => {
      for (const shaped of list) {
        keep(rename(shaped.path), shaped);
        shaped.branches.forEach(visit);
      }
    };
    const shaped = inferShapes(architecture);
    visit(shaped);
    return { node: rename(part.outputs[0]), shape: shaped[0].output };
  };

  const keep = (at: string, { layer, input: own }: ShapedLayer): void => {
    if (layer.kind === "dense" || layer.kind === "conv") inits.set(at, drawnAs(layer));
    if (layer.kind !== "norm") return;
    const channels = own[own.length - 1];
    for (const [role, number] of [
      ["scale", layer.gamma ?? 1],
      ["shift", layer.beta ?? 0],
    ] as const)
      constants.set(`${at}/${role}`, { value: heldWeights([channels], new Float64Array(channels).fill(number)) });
  };

  const read = ({ path, name, inputs, fields }: Placed): Value => {
    const taken = inputs.map((from) => values.get(from) as Value);
    const joins = fields.kind === "add" || (fields.kind === "concat" && !("body" in fields) && !("branches" in fields));
    if (joins) return join({ path, name, inputs, fields }, taken);
    const layers = spelledOut(fields, { axes: input.length - 1, note: (text) => notes.push(`${path}: ${text}`) });
    const [first] = layers;
    const own = first && graphKindOf(first, taken[0].shape);
    if (taken.length > 1 && !own)
      throw new ConfigError(
        `${path} (${quote(String(fields.kind)).slice(1, -1)}) takes ${taken.length} inputs: only add, concat, multiply and attention take several`,
      );
    // Something that does nothing at initialisation hands on what it takes.
    return layers.reduce((value: Value, layer, k) => {
      const at = k === layers.length - 1 ? name : `${name}/${k}`;
      const kind = graphKindOf(layer, value.shape);
      return kind ? ofGraph(path, at, kind, layer, k === 0 ? taken : [value], name) : ofList(at, layer, value, name);
    }, taken[0]);
  };

  return {
    nodes,
    notes,
    init: (layer: string) => inits.get(layer),
    weights: (layer: string) => constants.get(layer) ?? {},
    has: (name: string) => values.has(name),
    endOf: (name: string) => (values.get(name) as Value).node,
    add: (placed: Placed): void =>
      void values.set(
        placed.name,
        named(placed.path, () => read(placed)),
      ),
    /** A layer that nothing takes, other than the output. */
    idle(output: string): string | undefined {
      const used = new Set([output, ...nodes.flatMap((node) => node.inputs)]);
      const node = nodes.find(({ name }) => !used.has(name));
      return node && owners.get(node.name);
    },
  };
}

/** How a layer says that its weights are drawn. */
function drawnAs({ init, weightVariance, bias }: LayerInit): LayerInit {
  const set = { init, weightVariance, bias };
  return Object.fromEntries(Object.entries(set).filter(([, entry]) => entry !== undefined));
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
