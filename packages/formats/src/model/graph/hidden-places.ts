import { type Graph, type GraphNode, graphShapes, moduleOf } from "@sonde/nets";
import type { FinishOptions } from "./graph-builder.js";
import type { HiddenPlace } from "./model-graph.js";
import { choosePlaces, type WiredLayer } from "./wiring.js";

/** Kinds of layers that have weights which learn. */
const weighted: ReadonlySet<string> = new Set(["dense", "conv", "conv-transpose", "embedding", "recurrent", "attention"]);

type Options = Pick<FinishOptions, "channelsFirst" | "pointAxes" | "everySum" | "inputAxes" | "points">;

/** The places of a graph that are looked at, see `choosePlaces`. */
export function hiddenPlaces(graph: Graph, options: Options): HiddenPlace[] {
  const { nodes } = graph;
  const axes = axesOf(graph, options);
  const made = new Set(nodes.map(({ name }) => name));
  const constants = new Set(nodes.filter(({ kind }) => kind === "constant").map(({ name }) => name));
  const layers = nodes.map((node): WiredLayer => {
    const { name, inputs, kind } = node;
    const values = inputs.filter((from) => made.has(from) && !constants.has(from));
    return { name, inputs, module: moduleOf(node), role: roleOf(node, values.length), weighted: weighted.has(kind) };
  });
  const wiring = { inputs: graph.inputs.map(({ name }) => name), layers, outputs: graph.outputs };
  const may = (name: string) => (axes.get(name)?.rank ?? 0) >= 2;
  return choosePlaces(wiring, { may, everySum: options.everySum }).map(({ layer: { name, module }, kind, main }) => {
    const { pointAxis, channelAxis } = axes.get(name) as Axes;
    return { layer: name, module, kind, pointAxis, channelAxis, main };
  });
}

function roleOf(node: GraphNode, values: number): WiredLayer["role"] {
  if (node.kind === "constant" || node.kind === "activation") return node.kind;
  if (node.kind === "recurrent") return (node.output ?? "all") === "last-cell" ? "other" : node.kind;
  return node.kind === "add" && values > 1 ? "sum" : "other";
}

interface Axes {
  readonly pointAxis: number;
  readonly channelAxis: number;
  readonly rank: number;
}

/** Where points and channels are in what every layer puts out. */
function axesOf(graph: Graph, { channelsFirst, pointAxes, inputAxes, points }: Options): ReadonlyMap<string, Axes> {
  const found = new Map<string, Axes>();
  for (const { name, shape } of graph.inputs) {
    const channelAxis = channelsFirst && shape.length > 3 ? 1 : shape.length - 1;
    found.set(name, { pointAxis: inputAxes[name] ?? 0, channelAxis, rank: shape.length });
  }
  for (const { node, output } of graphShapes(graph)) {
    const rank = output.length;
    const [first] = node.inputs.map((name) => found.get(name)).sort((a, b) => (b?.rank ?? 0) - (a?.rank ?? 0));
    const pointAxis = pointAxes?.(node.name) ?? movedAxis(node, first?.pointAxis ?? 0, output, points);
    found.set(node.name, { pointAxis, channelAxis: channelAxisOf(node, first, rank), rank });
  }
  return found;
}

function movedAxis(node: GraphNode, before: number, output: readonly number[], points: number): number {
  if (node.kind === "transpose") return node.order.indexOf(before);
  if (node.kind === "recurrent") return node.pointsFirst ? 0 : (node.output ?? "all") === "all" ? 2 : 1;
  return output[before] === points ? before : Math.max(0, output.indexOf(points));
}

function channelAxisOf(node: GraphNode, first: Axes | undefined, rank: number): number {
  switch (node.kind) {
    case "conv":
    case "conv-transpose":
    case "pool":
      return node.channelsFirst && rank > 2 ? 1 : rank - 1;
    case "norm":
      return node.channelsFirst ? 1 : (first?.channelAxis ?? rank - 1);
    case "dense":
    case "matmul":
    case "recurrent":
    case "embedding":
    case "flatten":
    case "reshape":
    case "gather":
    case "reduce":
      return rank - 1;
    case "transpose":
      return first ? node.order.indexOf(first.channelAxis) : rank - 1;
    default:
      return first && first.rank === rank ? first.channelAxis : rank - 1;
  }
}
