import { FormatError, quote } from "@sonde/core";
import { modelLimits } from "../limits.js";
import type { ModelNode } from "../model-file.js";

/** A function that a file defines of its own: operators in the place of one. */
export interface LocalFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly ModelNode[];
  /** What its attributes are where a call gives none. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Version of the standard operators that it is written in. */
  readonly opset?: number;
}

/** In a function, an attribute that is the one of this name of the call. */
export interface AttributeReference {
  readonly attribute: string;
}

/**
 * The operators of a graph with those of its functions in the places where they are called; inner values are named after the call. Calls stay where the function is written in another version of the standard operators than the
 * graph, or has graphs within it, whose names are not looked into.
 *
 * Throws `FormatError` for functions that call each other without end, are called more than `modelLimits.calls` times, or make more than `modelLimits.nodes` operators.
 *
 * Source: ONNX, `onnx.proto` (FunctionProto).
 */
export function inlineFunctions(nodes: readonly ModelNode[], functions: readonly LocalFunction[], opset: number): ModelNode[] {
  const known = new Map(functions.filter((own) => canInline(own, opset)).map((own) => [keyOf(own.domain, own.name), own]));
  const fresh = {
    value: freshNames(nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])),
    node: freshNames(nodes.map(({ name }) => name)),
  };
  const result: ModelNode[] = [];
  let calls = 0;
  const put = (node: ModelNode, depth: number): void => {
    const called = known.get(keyOf(node.domain, node.operator));
    if (!called) {
      result.push(
        Object.values(node.attributes).some(isReference) ? { ...node, attributes: referred(node.attributes, {}) } : node,
      );
      if (result.length > modelLimits.nodes) throw new FormatError(`it has more than ${modelLimits.nodes} operators`);
      return;
    }
    if (depth >= modelLimits.nesting)
      throw new FormatError(
        `its functions call each other more than ${modelLimits.nesting} deep, ${quote(called.name)} among them: export it again`,
      );
    // Functions of nothing but calls make many of them without an operator.
    if (++calls > modelLimits.calls) throw new FormatError(`it calls functions more than ${modelLimits.calls} times`);
    for (const inner of bodyOf(called, node, fresh)) put(inner, depth + 1);
  };
  for (const node of nodes) put(node, 0);
  const given = new Set(nodes.flatMap(({ outputs }) => outputs));
  return result.map((node) => {
    const inner = node.outputs.filter((name) => name !== "" && !given.has(name));
    return inner.length > 0 ? { ...node, inner } : node;
  });
}

/** Gives names that no value has yet; of all of them together no more than `modelLimits.texts` bytes. */
export function freshNames(names: readonly string[]): (name: string) => string {
  const used = new Set(names);
  // Numbers are tried on from the last, so that many of one name do not try all of them each time.
  const last = new Map<string, number>();
  let bytes = 0;
  return (name) => {
    let found = name;
    let k = last.get(name) ?? 1;
    while (used.has(found)) found = `${name}:${++k}`;
    if (k > 1) last.set(name, k);
    bytes += found.length;
    if (bytes > modelLimits.texts)
      throw new FormatError(`the names within its functions take more than ${modelLimits.texts} bytes`);
    used.add(found);
    return found;
  };
}

/** What tells an operator, or a function, from others. */
export function keyOf(domain: string, name: string): string {
  return `${domain}:${name}`;
}

function canInline({ domain, nodes, opset: own }: LocalFunction, opset: number): boolean {
  const graphs = nodes.some(({ attributes }) => Object.values(attributes).some(isGraph));
  return domain !== "" && !graphs && (own === undefined || own === opset);
}

function isGraph(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isGraph) : typeof value === "object" && value !== null && "nodes" in value;
}

/** Gives names that no value, and no node, has yet. */
export interface FreshNames {
  readonly value: (name: string) => string;
  readonly node: (name: string) => string;
}

/** The operators of a function as one call has them; `names` are those of the values in it, and what they are called outside. */
export function* bodyOf(
  { inputs, outputs, nodes, defaults }: Pick<LocalFunction, "inputs" | "outputs" | "nodes" | "defaults">,
  call: ModelNode,
  fresh: FreshNames,
  names = new Map<string, string>(),
): Generator<ModelNode, void> {
  const name = call.name || call.outputs.find(Boolean) || call.operator;
  names.set("", "");
  for (const [k, input] of inputs.entries()) names.set(input, call.inputs[k] ?? "");
  const handedOn: [from: string, to: string][] = [];
  for (const [k, output] of outputs.entries()) {
    const outer = call.outputs[k] ?? "";
    // What is an input too, or is put out twice.
    if (names.has(output)) handedOn.push([output, outer]);
    else if (outer !== "") names.set(output, outer);
  }
  const value = (inner: string): string => {
    const found = names.get(inner) ?? fresh.value(`${name}/${inner}`);
    names.set(inner, found);
    return found;
  };
  const given = { ...defaults, ...call.attributes };
  for (const node of nodes)
    yield {
      ...node,
      name: fresh.node(`${name}/${node.name || node.outputs.find(Boolean) || node.operator}`),
      inputs: node.inputs.map(value),
      outputs: node.outputs.map(value),
      attributes: referred(node.attributes, given),
    };
  for (const [from, to] of handedOn)
    if (to !== "") yield { name: to, operator: "Identity", domain: "", inputs: [value(from)], outputs: [to], attributes: {} };
}

/** Attributes with what they refer to; without those that refer to nothing. */
function referred(attributes: ModelNode["attributes"], given: ModelNode["attributes"]): ModelNode["attributes"] {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, own]) => {
      if (!isReference(own)) return [[key, own]];
      return Object.hasOwn(given, own.attribute) ? [[key, given[own.attribute]]] : [];
    }),
  );
}

function isReference(value: unknown): value is AttributeReference {
  return typeof value === "object" && value !== null && "attribute" in value;
}
