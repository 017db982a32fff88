import { ConfigError, count as counted, quote, ShapeError, SondeError } from "@sonde/core";
import { limits } from "../limits.js";
import type { Graph, GraphNode } from "./graph.js";
import { type AnyLayerKind, composites, kinds } from "./kinds/list.js";
import type { WeightSpec } from "./layer-kind.js";
import { count } from "./tensor.js";

/** A layer of a graph with everything that follows from its place. */
export interface ShapedNode {
  readonly node: GraphNode;
  readonly kind: AnyLayerKind;
  /** Shapes of its inputs, and of what it puts out. */
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** The weights that it has, by role; none for layers without. */
  readonly weights: Readonly<Record<string, WeightSpec>>;
  /** Multiplications of a pass through it, where they are many. */
  readonly work: number;
}

const shapedGraphs = new WeakMap<Graph, readonly ShapedNode[]>();

/**
 * The layers of a graph with their shapes and weights, layers that are made of others taken apart. A graph is looked at once: asked again, the same records come back.
 *
 * Throws `ConfigError` for names that are not unique or not known (a layer may take only what comes before it), `ShapeError` where a layer cannot take what arrives; both name the layer.
 *
 * @example
 * const graph: Graph = {
 *   inputs: [{ name: "x", shape: [5, 8] }],
 *   nodes: [{ name: "fc", inputs: ["x"], kind: "dense", units: 3 }],
 *   outputs: ["fc"],
 * };
 * graphShapes(graph)[0].output // [5, 3]
 */
export function graphShapes(graph: Graph): readonly ShapedNode[] {
  const known = shapedGraphs.get(graph);
  if (known) return known;
  const shapes = new Map<string, readonly number[]>();
  for (const { name, shape } of graph.inputs) {
    if (!shape.every((size) => Number.isInteger(size) && size >= 0) || count(shape) > limits.weights)
      throw new ConfigError(
        `the input ${quote(name)} has the shape [${shape.join(", ")}]: sizes are whole numbers, of at most ${limits.weights} values together`,
      );
    add(shapes, name, shape);
  }
  const shaped: ShapedNode[] = [];
  const visit = (node: GraphNode): void => {
    if (shaped.length > limits.entries) throw new ConfigError(`a graph has at most ${limits.entries} layers: this one has more`);
    const inputs = node.inputs.map((name) => {
      const shape = shapes.get(name);
      if (!shape)
        throw new ConfigError(
          `layer ${quote(node.name)} takes ${quote(name)}, which is no input and no layer before it: name one that is, or change the order`,
        );
      return shape;
    });
    const parts = Object.hasOwn(composites, node.kind) ? composites[node.kind] : undefined;
    if (parts) {
      for (const part of located(node, () => parts.parts(node, node.name, node.inputs, inputs))) visit(part);
      return;
    }
    if (!Object.hasOwn(kinds, node.kind))
      throw new ConfigError(
        `layer ${quote(node.name)} is of the kind ${quote(String(node.kind))}: the kinds are ${[...Object.keys(kinds), ...Object.keys(composites)].sort().join(", ")}`,
      );
    const kind = kinds[node.kind as keyof typeof kinds];
    const [fewest, most] = kind.takes ?? [1, 1];
    if (inputs.length < fewest || inputs.length > most)
      throw new ConfigError(
        `layer ${quote(node.name)} (${node.kind}) takes ${inputs.length === 0 ? "no input" : counted(inputs.length, "input")}: give it ${fewest === most ? fewest : `${fewest} ${most === Number.POSITIVE_INFINITY ? "or more" : `to ${most}`}`}`,
      );
    const output = located(node, () => kind.shape(node, inputs));
    add(shapes, node.name, output);
    if (!(count(output) <= limits.weights))
      throw new ConfigError(
        `layer ${quote(node.name)} has [${output.join(", ")}] values, more than ${limits.weights}: take fewer points, or make it smaller`,
      );
    const specs = located(node, () => kind.weights?.(node, inputs) ?? {});
    const weights = Object.fromEntries(Object.entries(specs).filter(([role]) => !node.without?.includes(role)));
    shaped.push({ node, kind, inputs, output, weights, work: kind.work?.(node, inputs, output) ?? 0 });
  };
  for (const node of graph.nodes) visit(node);
  for (const name of graph.outputs)
    if (!shapes.has(name))
      throw new ConfigError(`the output ${quote(name)} is no input and no layer of the graph: name one that is`);
  shapedGraphs.set(graph, shaped);
  return shaped;
}

/** The name that people know a layer by. */
export function moduleOf({ module, name }: Pick<GraphNode, "module" | "name">): string {
  return module ?? name;
}

function add(shapes: Map<string, readonly number[]>, name: string, shape: readonly number[]): void {
  if (shapes.has(name)) throw new ConfigError(`there are two layers of the name ${quote(name)}: give each its own`);
  shapes.set(name, shape);
}

/** Runs what may find something wrong with a layer, and puts its name in front. */
export function located<Result>(node: GraphNode, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error instanceof ShapeError ? ShapeError : ConfigError;
    throw new SameError(`layer ${quote(moduleOf(node))} (${node.kind}): ${error.message}`, { cause: error });
  }
}
