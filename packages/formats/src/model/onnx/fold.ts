import { FormatError, quote } from "@sonde/core";
import { elementCount } from "../../array-file.js";
import { modelLimits } from "../limits.js";
import type { Dimension, ModelFile, ModelNode, ModelTensor, ModelValue } from "../model-file.js";
import { heldTensor, isElementType, numbers, sameValues } from "../tensor.js";
import { type TakenBranch, takenBranch } from "./branches.js";
import { capturedValues } from "./captured.js";
import { foldable } from "./constants.js";
import { type FreshNames, freshNames } from "./functions.js";
import type { RawGraph } from "./graph-proto.js";
import { inferShape } from "./shapes.js";

/** What is known of the values while a graph is walked in order. */
export interface Known {
  readonly opset: number;
  readonly tensors: Map<string, ModelTensor>;
  readonly shapes: Map<string, readonly Dimension[]>;
  /** Values of small integer tensors that shape computations make, of which some entries may be names of open axes. */
  readonly symbolic: Map<string, readonly Dimension[]>;
  /** Values that are known only if open axes are none of the sizes that they are compared with, such as -1. */
  readonly assumed: Set<string>;
  /** How many tensors are read for one that was put together of others, by name. */
  readonly reads: Map<string, number>;
  /** Elements that may still be looked at. */
  readonly left: { elements: number };
}

/** The numbers of a small tensor whose every entry is known. */
export function knownNumbers(known: Known, name: string | undefined): readonly number[] | undefined {
  const entries = knownEntries(known, name);
  return entries?.every((entry): entry is number => typeof entry === "number") ? entries : undefined;
}

/** The entries of a small tensor, of which some may be names of open axes. */
export function knownEntries(
  { tensors, symbolic, left }: Pick<Known, "tensors" | "symbolic" | "left">,
  name: string | undefined,
): readonly Dimension[] | undefined {
  if (name === undefined || name === "") return undefined;
  const held = symbolic.get(name);
  if (held) return held;
  const tensor = tensors.get(name);
  if (!tensor || !isElementType(tensor.type) || elementCount(tensor.shape) > modelLimits.folded) return undefined;
  left.elements -= elementCount(tensor.shape);
  if (left.elements < 0) return undefined;
  try {
    return numbers(tensor.values());
  } catch {
    // Its bytes lie in a file that is not there.
    return undefined;
  }
}

/**
 * The graph without what only prepares it: constants become tensors, `Identity` another name, shape computations numbers, an `If` whose condition is known the branch that it takes.
 *
 * Throws `FormatError` where a value is made twice, or taken before it is made.
 */
export function foldGraph(
  graph: RawGraph,
  opset: number,
): Pick<ModelFile, "inputs" | "outputs" | "tensors" | "nodes" | "shapes" | "notes"> {
  const makers = checkOrder(graph);
  const known: Known = {
    opset,
    tensors: new Map(),
    shapes: new Map(),
    symbolic: new Map(),
    assumed: new Set(),
    reads: new Map(),
    left: { elements: modelLimits.foldedInAll },
  };
  for (const tensor of graph.tensors) known.tensors.set(tensor.name, tensor);
  for (const tensor of graph.tensors) known.shapes.set(tensor.name, tensor.shape);
  // Files of IR version 3 list their weights among the inputs too.
  const inputs = graph.inputs.filter(({ name }) => !known.tensors.has(name));
  for (const { name, shape } of [...graph.between, ...graph.outputs, ...inputs])
    if (shape) known.shapes.set(name, named(name, shape));
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const aliases = new Map<string, string>();
  const nodes: ModelNode[] = [];
  const chosen: string[] = [];
  let fresh: FreshNames | undefined;
  const place = (raw: ModelNode, k: number): void => {
    const node = resolved(raw, k, aliases);
    if (foldAway(node, known, aliases, outputs)) return;
    const condition = conditionOf(node, known);
    if (condition !== undefined) fresh ??= namesBeside(graph);
    const branch = condition === undefined || !fresh ? undefined : takenBranch(node, condition, fresh);
    if (branch) {
      checkBranch(branch, makers, k);
      for (const tensor of branch.tensors) {
        known.tensors.set(tensor.name, tensor);
        known.shapes.set(tensor.name, tensor.shape);
      }
      chosen.push(node.name);
      for (const own of branch.nodes) place(own, k);
      return;
    }
    const shapes = inferShape(node, known);
    for (const [i, name] of node.outputs.entries()) {
      const shape = shapes[i];
      if (name !== "" && shape && !moreTelling(known.shapes.get(name), shape)) known.shapes.set(name, shape);
    }
    nodes.push(node);
  };
  for (const [k, raw] of graph.nodes.entries()) place(raw, k);
  const kept = nodes.map((node) => withShape(node, known));
  const used = new Set(kept.flatMap((node) => [...node.inputs, ...capturedValues(node)]));
  return {
    inputs,
    outputs: graph.outputs.map((output) => ({ ...output, shape: output.shape ?? known.shapes.get(output.name) ?? null })),
    tensors: [...known.tensors.values()].filter(({ name }) => used.has(name) || outputs.has(name)),
    nodes: kept,
    shapes: Object.fromEntries(known.shapes),
    notes: [...notesOf(graph, inputs), ...chosenNote(chosen)],
  };
}

/** The condition of an `If` that is known. Before operator set 6 casts within it name their types. */
function conditionOf({ operator, domain, inputs }: ModelNode, known: Known): number | undefined {
  if (operator !== "If" || domain !== "" || known.opset < 6 || known.assumed.has(inputs[0])) return undefined;
  const values = knownNumbers(known, inputs[0]);
  return values?.length === 1 ? values[0] : undefined;
}

/** Names that nothing in a graph has yet. */
function namesBeside({ nodes, tensors, inputs }: RawGraph): FreshNames {
  const values = nodes.flatMap((node) => [...node.inputs, ...node.outputs, ...capturedValues(node)]);
  return {
    value: freshNames([...values, ...[...tensors, ...inputs].map(({ name }) => name)]),
    node: freshNames(nodes.map(({ name }) => name)),
  };
}

/** A branch takes nothing that is made behind its `If`, the k-th operator. */
function checkBranch({ nodes, captured }: TakenBranch, makers: ReadonlyMap<string, number>, k: number): void {
  checkOrder({ nodes });
  for (const name of captured) checkMade("If", name, makers, k);
}

function chosenNote(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).map((name) => quote(name));
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return [
    names.length === 1
      ? `the branch that the If ${shown[0]} takes is known before it runs, and stands in its place`
      : `the branches that the If operators ${shown.join(", ")}${more} take are known before they run, and stand in their places`,
  ];
}

/** Whoever follows values back to what made them must come to an end: which operator makes a value. */
function checkOrder({ nodes }: Pick<RawGraph, "nodes">): Map<string, number> {
  const makers = new Map<string, number>();
  for (const [k, { operator, outputs }] of nodes.entries())
    for (const name of outputs) {
      if (name !== "" && makers.has(name))
        throw new FormatError(`two operators of it make ${quote(name)}, the second a ${quote(operator).slice(1, -1)}`);
      makers.set(name, k);
    }
  for (const [k, { operator, inputs }] of nodes.entries()) for (const name of inputs) checkMade(operator, name, makers, k);
  return makers;
}

function checkMade(operator: string, name: string, makers: ReadonlyMap<string, number>, k: number): void {
  if (name !== "" && (makers.get(name) ?? -1) >= k)
    throw new FormatError(
      `its operators are in no order in which they can be computed: a ${quote(operator).slice(1, -1)} takes ${quote(name)} before it is made`,
    );
}

/** Open axes that the file does not name are told apart by the value's name. */
function named(name: string, shape: readonly Dimension[]): Dimension[] {
  return shape.map((size, k) => (size === "?" ? `${name}.${k}` : size));
}

/** Whether what is known has as many fixed axes as what was found. */
function moreTelling(old: readonly Dimension[] | undefined, found: readonly Dimension[]): boolean {
  const fixed = (shape: readonly Dimension[]) => shape.filter((size) => typeof size === "number").length;
  return old !== undefined && fixed(old) >= fixed(found);
}

function resolved(raw: ModelNode, k: number, aliases: ReadonlyMap<string, string>): ModelNode {
  const inputs = raw.inputs.map((name) => aliases.get(name) ?? name);
  return { ...raw, name: raw.name || `${raw.operator}_${k}`, inputs };
}

/** Whether the node is done with: what it makes is known. */
function foldAway(node: ModelNode, known: Known, aliases: Map<string, string>, outputs: ReadonlySet<string>): boolean {
  const { operator, domain, inputs, outputs: made } = node;
  const isOutput = made.some((name) => outputs.has(name));
  if (domain !== "") return false;
  if (operator === "Identity" && made.length === 1 && (!isOutput || known.tensors.has(inputs[0]))) {
    const tensor = known.tensors.get(inputs[0]);
    if (tensor && isOutput) known.tensors.set(made[0], sameValues(tensor, { name: made[0] }));
    else aliases.set(made[0], inputs[0]);
    return true;
  }
  const folded = foldable(node, known);
  if (!folded) return false;
  if (isAssumed(node, known)) for (const name of made) known.assumed.add(name);
  if ("tensor" in folded) {
    // A tensor of a tensor of a tensor is read through all of them each time: what would take long stays a computation.
    const reads = views.has(operator) ? 1 + inputs.reduce((sum, name) => sum + (known.reads.get(name) ?? 0), 0) : 0;
    const elements = Math.max(1, elementCount(folded.tensor.shape));
    if (reads > modelLimits.views || (reads > 2 && reads * elements > modelLimits.viewed)) return false;
    known.reads.set(made[0], reads);
    known.tensors.set(made[0], sameValues(folded.tensor, { name: made[0] }));
    known.shapes.set(made[0], folded.tensor.shape);
    return true;
  }
  const { entries, shape } = folded;
  // Divided by zero, say: what such a shape is cannot be told.
  if (entries.some((entry) => typeof entry === "number" && !Number.isFinite(entry))) return false;
  known.shapes.set(made[0], shape);
  if (entries.every((entry): entry is number => typeof entry === "number")) {
    const data = BigInt64Array.from(entries, (entry) => BigInt(Math.trunc(entry)));
    known.tensors.set(made[0], heldTensor(made[0], shape, "int64", data));
    return true;
  }
  known.symbolic.set(made[0], entries);
  return !isOutput;
}

function isAssumed({ operator, inputs }: ModelNode, { assumed, symbolic }: Known): boolean {
  const open = (name: string) => symbolic.get(name)?.some((entry) => typeof entry === "string") ?? false;
  return inputs.some((name) => assumed.has(name) || (operator === "Equal" && open(name)));
}

/** Operators whose result is read out of their inputs' tensors. */
const views: ReadonlySet<string> = new Set(["Cast", "Concat", "Expand", "Reshape", "Slice", "Squeeze", "Transpose", "Unsqueeze"]);

/** Reshape and its like by a shape that is partly open: the shape becomes an attribute, since no tensor holds it. */
function withShape(node: ModelNode, known: Known): ModelNode {
  const at = node.inputs.findIndex((name) => known.symbolic.has(name) && !known.tensors.has(name));
  if (at < 0) return node;
  const asked = known.symbolic.get(node.inputs[at]);
  return {
    ...node,
    inputs: node.inputs.map((name, k) => (k === at ? "" : name)),
    attributes: { ...node.attributes, [at === 1 ? "shape" : `input${at}`]: asked },
  };
}

/** What the file tells of how it was exported. */
function notesOf(graph: RawGraph, inputs: readonly ModelValue[]): string[] {
  const normed = graph.nodes.some(({ operator }) => operator === "BatchNormalization");
  const convolved = graph.nodes.some(({ operator }) => operator === "Conv");
  const foldedNames = graph.tensors.some(({ name }) => /^onnx::Conv_\d+$/.test(name));
  return [
    ...(convolved && !normed && foldedNames
      ? [
          "no batch norm is in this file, and the weights of convolutions have lost their names: the exporter folded batch norm into them; export with model.eval() and training=torch.onnx.TrainingMode.PRESERVE to keep it",
        ]
      : []),
    ...(inputs.length === 0 ? ["the graph has no inputs"] : []),
  ];
}
