import { type Graph, type GraphNode, graphShapes, moduleOf } from "@sonde/nets";
import type { FinishOptions } from "./graph-builder.js";
import type { HiddenPlace } from "./model-graph.js";

/** Kinds of layers that have weights which learn. */
const weighted: ReadonlySet<string> = new Set(["dense", "conv", "conv-transpose", "embedding", "recurrent", "attention"]);

type Options = Pick<FinishOptions, "channelsFirst" | "pointAxes" | "everySum" | "inputAxes" | "points">;

/**
 * The places of a graph that are looked at: activations, recurrent layers, and the sums that blocks end with; none behind the last layer with weights, which is the output's. A sum that an activation of its own
 * module follows is not the end of it.
 */
export function hiddenPlaces(graph: Graph, options: Options): HiddenPlace[] {
  const { nodes } = graph;
  const users = new Map<string, GraphNode[]>();
  for (const node of nodes) for (const name of new Set(node.inputs)) users.set(name, [...(users.get(name) ?? []), node]);
  const before = leadsToWeights(nodes);
  const axes = axesOf(graph, options);
  const cuts = cutNodes(graph);
  const made = new Set(nodes.map(({ name }) => name));
  const constants = new Set(nodes.filter(({ kind }) => kind === "constant").map(({ name }) => name));
  const places = nodes.flatMap((node): HiddenPlace[] => {
    const found = axes.get(node.name);
    if (!before.has(node.name) || !found || found.rank < 2) return [];
    const values = node.inputs.filter((name) => made.has(name) && !constants.has(name));
    const sum = node.kind === "add" && node.inputs.length > 1 && values.length > 1;
    const activation = node.kind === "activation" || (node.kind === "recurrent" && (node.output ?? "all") !== "last-cell");
    if (!activation && !(sum && (options.everySum || !endsInside(node, users.get(node.name) ?? [])))) return [];
    const { pointAxis, channelAxis } = found;
    return [
      {
        layer: node.name,
        module: moduleOf(node),
        kind: sum ? "block" : "activation",
        pointAxis,
        channelAxis,
        main: cuts.has(node.name),
      },
    ];
  });
  // A module that ends with several sums, one after the other, ends with the last.
  const last = new Map(places.filter(({ kind }) => kind === "block").map((place) => [place.module, place]));
  return places.filter((place) => place.kind === "activation" || last.get(place.module) === place);
}

/** Whether an activation of the same module follows a sum. */
function endsInside(node: GraphNode, users: readonly GraphNode[]): boolean {
  const own = moduleOf(node);
  return users.some((user) => {
    if (user.kind !== "activation") return false;
    const other = moduleOf(user);
    return (
      other === own ||
      other.startsWith(`${own}.`) ||
      (own.includes("/") && parentOf(own) === parentOf(other)) ||
      own === node.name
    );
  });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** The layers whose values go into a layer with weights somewhere behind them. */
function leadsToWeights(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of [...nodes].reverse())
    if (weighted.has(node.kind) || found.has(node.name)) for (const name of node.inputs) found.add(name);
  return found;
}

/** The layers through which every way from the inputs to the outputs leads. */
function cutNodes({ inputs, nodes, outputs }: Graph): ReadonlySet<string> {
  const fed = new Set(inputs.map(({ name }) => name));
  for (const node of nodes) if (node.inputs.some((name) => fed.has(name))) fed.add(node.name);
  // What begins at constants is no way from the inputs.
  const order = new Map(nodes.filter(({ name }) => fed.has(name)).map(({ name }, k) => [name, k]));
  const lastUse = new Map<string, number>();
  for (const node of nodes) {
    const at = order.get(node.name);
    if (at === undefined) continue;
    for (const name of node.inputs) if (fed.has(name)) lastUse.set(name, at);
  }
  const end = order.size;
  for (const name of outputs) lastUse.set(name, end);
  let reach = Math.max(0, ...inputs.map(({ name }) => lastUse.get(name) ?? 0));
  const cuts = new Set<string>();
  for (const [name, at] of order) {
    if (reach <= at) cuts.add(name);
    reach = Math.max(reach, lastUse.get(name) ?? 0);
  }
  return cuts;
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
