import { ConfigError, quote } from "@sonde/core";
import type { Architecture, Layer, LayerInit } from "../architecture.js";
import { limits } from "../limits.js";
import { inferShapes, showShape } from "../shapes.js";
import { validateArchitecture } from "../validate.js";
import type { Graph, GraphNode } from "./graph.js";
import { graphShapes, moduleOf, type ShapedNode } from "./graph-shapes.js";
import { layerOfNode, type Place, refused } from "./list-layers.js";
import type { GraphWeights } from "./run-graph.js";

export interface FromGraphOptions {
  /** How the weights of a layer are drawn, by its name; default he-normal with zero bias. */
  readonly init?: (layer: string) => LayerInit | undefined;
  /** Constants of the graph, such as the factor behind a norm. */
  readonly weights?: GraphWeights;
}

/** A graph as the list that it is. */
export interface GraphAsList {
  readonly architecture: Architecture;
  /** Where the list is the graph in law only, and not weight by weight. */
  readonly notes: readonly string[];
}

/**
 * The list of layers that a graph is the long form of, as `toGraph` makes it and as exporters write residual, dense and inception networks: chains, sums of two ways, and ways beside each other, whichever axis holds the channels. So the
 * kernels, the law and the theory of lists serve it.
 *
 * Throws `ConfigError` that names the first layer which has no place in a list.
 *
 * @example
 * fromGraph(toGraph(mlp("2-8-1"), 1)).architecture.layers.map(({ kind }) => kind) // ["dense", "activation", "dense"]
 */
export function fromGraph(graph: Graph, options: FromGraphOptions = {}): GraphAsList {
  const [input, ...others] = graph.inputs;
  const [output, ...more] = graph.outputs;
  if (!input || others.length > 0) throw new ConfigError(`a list of layers has one input, this graph has ${graph.inputs.length}`);
  if (!output || more.length > 0)
    throw new ConfigError(`a list of layers has one output, this graph has ${graph.outputs.length}`);
  if (input.entries !== undefined)
    throw new ConfigError(`the input ${quote(input.name)} chooses from a table, which a list of layers has none of`);
  const shaped = graphShapes(graph);
  const ways = waysOf(graph, shaped, options);
  const layers = ways.between(input.name, output, 0);
  const shape = input.shape.slice(1);
  const architecture = validateArchitecture({
    input: ways.channelsFirst && shape.length > 1 ? [...shape.slice(1), shape[0]] : shape,
    layers,
    ...(graph.name !== undefined && { name: graph.name }),
  });
  checkShapes(architecture, ways.ends);
  return { architecture, notes: [...ways.notes] };
}

/** Walks a graph from its output back to its input. */
function waysOf(graph: Graph, shaped: readonly ShapedNode[], { init, weights }: FromGraphOptions) {
  const notes = new Set<string>();
  /** Shapes of one point that layers of the list must end with. */
  const ends = new Map<Layer, readonly number[]>();
  const steps = new Map(shaped.map((step) => [step.node.name, step]));
  const order = new Map([graph.inputs[0].name, ...shaped.map(({ node }) => node.name)].map((name, k) => [name, k]));
  const gates = gatesOf(graph, shaped, order);
  const placed = shaped.filter(({ node, output }) => /^(conv|pool|norm)$/.test(node.kind) && output.length > 2);
  const channelsFirst = placed.some(({ node }) => "channelsFirst" in node && node.channelsFirst);
  const seen = new Set<string>();

  /** What a layer takes that is no constant. */
  const valuesOf = ({ inputs }: GraphNode) => inputs.filter((name) => steps.get(name)?.node.kind !== "constant");

  const place = (step: ShapedNode): Place => ({
    step,
    channelsFirst,
    values: valuesOf(step.node),
    stepOf: (name) => steps.get(name),
    init: init?.(step.node.name) ?? {},
    constant: (name) => weights?.(name).value,
    note: (text) => notes.add(text),
  });

  /** The layers on all ways from one value to another. */
  const between = (start: string, end: string, depth: number): Layer[] => {
    if (depth > limits.nesting) throw new ConfigError(`blocks nest at most ${limits.nesting} deep in a list of layers`);
    const layers: Layer[] = [];
    const first = order.get(start) ?? 0;
    for (let at = end; at !== start; ) {
      const step = steps.get(at);
      if (!step || (order.get(at) ?? 0) < first)
        throw new ConfigError(
          `${quote(at)} leads around ${quote(start)}, so its ways do not lie within one another as in a list`,
        );
      if (seen.has(at))
        throw new ConfigError(`layer ${quote(moduleOf(step.node))} goes to several places that do not meet again as in a list`);
      seen.add(at);
      const { layer, next } = joined(step, depth) ?? layerOfNode(place(step));
      if (layer) {
        layers.push(layer);
        ends.set(layer, pointShape(step, channelsFirst));
      }
      at = next;
    }
    return layers.reverse();
  };

  /** Ways that meet, and where they part. */
  const joined = ({ node, inputs, output }: ShapedNode, depth: number): { layer: Layer; next: string } | undefined => {
    const values = valuesOf(node);
    if ((node.kind !== "add" && node.kind !== "concat") || values.length < 2) return undefined;
    const next = gates.get(node.name);
    if (next === undefined) throw refused(node, "joins ways that do not begin at one place");
    const branches = values.map((name) => between(next, name, depth + 1));
    if (node.kind === "concat") {
      const axis = node.axis ?? -1;
      const channels = channelsFirst && output.length > 2 ? 1 : output.length - 1;
      if ((axis < 0 ? axis + output.length : axis) !== channels)
        throw refused(node, "joins along another axis than the channels");
      return { layer: { kind: "concat", branches }, next };
    }
    if (values.length > 2) throw refused(node, `adds ${values.length} ways, where a list adds two`);
    if (String(inputs[0]) !== String(inputs[1])) throw refused(node, "adds values of two shapes");
    const { factors = [1, 1] } = node;
    // The shorter way is the shortcut.
    const short = branches[1].length < branches[0].length && factors[1] === 1 ? 1 : 0;
    if (factors[short] !== 1) throw refused(node, "has a factor on its shortcut");
    const [shortcut, body, scale] = [branches[short], branches[1 - short], factors[1 - short]];
    return {
      layer: { kind: "residual", body, ...(scale !== 1 && { scale }), ...(shortcut.length > 0 && { shortcut }) },
      next,
    };
  };
  return { between, notes, ends, channelsFirst };
}

/** By layer, the last value before it that all its ways from the input pass: where they part. */
function gatesOf(graph: Graph, shaped: readonly ShapedNode[], order: ReadonlyMap<string, number>): ReadonlyMap<string, string> {
  const gates = new Map<string, string>();
  const root = graph.inputs[0].name;
  const meet = (a: string, b: string): string | undefined => {
    let [x, y]: (string | undefined)[] = [a, b];
    while (x !== y) {
      if (x === undefined || y === undefined) return undefined;
      if ((order.get(x) ?? 0) > (order.get(y) ?? 0)) x = gates.get(x);
      else y = gates.get(y);
    }
    return x;
  };
  for (const { node } of shaped) {
    const from = node.inputs.filter((name) => name === root || gates.has(name));
    const gate = from.reduce<string | undefined>((a, b) => (a === undefined ? undefined : meet(a, b)), from[0]);
    if (gate !== undefined) gates.set(node.name, gate);
  }
  return gates;
}

/** Whether every layer of the list ends as in the graph: its windows may lie elsewhere. */
function checkShapes(architecture: Architecture, ends: ReadonlyMap<Layer, readonly number[]>): void {
  const visit = (list: ReturnType<typeof inferShapes>): void => {
    for (const { layer, output, path, branches } of list) {
      const end = ends.get(layer);
      const own = output.length === 1 ? [output[0]] : output;
      if (end && String(end.filter((size) => size !== 1)) !== String(own.filter((size) => size !== 1)))
        throw new ConfigError(
          `${path} (${layer.kind}) ends with ${showShape(output)} as a list and with ${showShape(end)} in the graph`,
        );
      branches.forEach(visit);
    }
  };
  visit(inferShapes(architecture));
}

/** The shape of one point behind a layer, channels last. */
function pointShape({ output }: ShapedNode, channelsFirst: boolean): readonly number[] {
  const [, first, ...rest] = output;
  return channelsFirst && output.length > 2 ? [...rest, first] : output.slice(1);
}
