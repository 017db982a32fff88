import { FormatError, quote } from "@sonde/core";
import type { ByteSource } from "../../byte-source.js";
import { modelLimits } from "../limits.js";
import type { ModelFile, ModelValue } from "../model-file.js";
import { foldGraph } from "./fold.js";
import { inlineFunctions, keyOf } from "./functions.js";
import { operatorSet, type RawGraph, readGraph } from "./graph-proto.js";
import { elementTypeNumber, type OpenExternal } from "./tensor-proto.js";
import { type Field, wireReader } from "./wire.js";

/** Versions of the standard operators that are read. */
const opsets = { first: 1, last: 24 };

/**
 * An ONNX model: IR version 3 on, operator sets 1 to 24. Weights stay where they lie; constants, shape computations and `Identity` are folded, so that what is left are the operators of the network.
 *
 * Throws `FormatError` for bytes that are no such model, are damaged, or go beyond `modelLimits`.
 *
 * Source: ONNX, `onnx.proto` (ModelProto).
 */
export function readOnnx(source: ByteSource, external: OpenExternal): ModelFile {
  const reader = wireReader(source);
  let ir = 0;
  const producer = ["", ""];
  const graphs: Field[] = [];
  const metadata: Record<string, string> = Object.create(null);
  const sets: { domain: string; version: number }[] = [];
  const functions: Field[] = [];
  let entries = 0;
  for (const field of reader.fields(0, source.size)) {
    const { number, wire } = field;
    if (number === 1 && wire === 0) ir = field.varint;
    else if (wire !== 2) continue;
    else if (number === 2 || number === 3) producer[number - 2] = reader.text(field, 200);
    else if (number === 7) graphs.push(field);
    else if (number === 8) sets.push(operatorSet(reader, field));
    else if (number === 14 && ++entries <= 1000) {
      const [key, value] = entry(reader, field);
      metadata[key] = value;
    } else if (number === 25) functions.push(field);
    if (graphs.length + sets.length + functions.length > modelLimits.list) break;
  }
  if (ir === 0 || graphs.length === 0) throw new FormatError("it is no ONNX model: it has no IR version or no graph");
  if (ir < 3) throw new FormatError(`it is an ONNX model of IR version ${ir}, and those from 3 on are read: export it again`);
  const opset = sets.find(({ domain }) => domain === "")?.version;
  if (opset !== undefined && (opset < opsets.first || opset > opsets.last))
    throw new FormatError(
      `it uses operator set ${opset}, and ${opsets.first} to ${opsets.last} are read: export it again with opset_version=17`,
    );
  const others = sets.filter(({ domain }) => domain !== "");
  const version = opset ?? opsets.last;
  const read = readGraph(reader, graphs, external, functions);
  const nodes = inlineFunctions(read.graph.nodes, read.functions, version);
  const raw = withNumberedTypes({ ...read.graph, nodes }, version);
  const operators = new Set(nodes.map(({ domain, operator }) => keyOf(domain, operator)));
  const domains = new Set(nodes.map(({ domain }) => domain));
  const called = read.functions.filter(({ domain, name }) => operators.has(keyOf(domain, name)));
  const about = {
    format: "onnx",
    version: `IR ${ir}, opset ${opset ?? "none"}`,
    producer: producer.filter(Boolean).join(" ") || null,
    metadata,
  } as const;
  const notes = [
    ...others
      .filter(({ domain }) => domains.has(domain))
      .map(
        ({ domain, version }) => `it uses operators of the domain ${quote(domain)}, version ${version}, beside the standard ones`,
      ),
    ...(called.length > 0
      ? [
          `it calls functions of its own that are not looked into, since they have graphs within or another operator set: ${called
            .slice(0, 3)
            .map(({ name }) => quote(name))
            .join(", ")}`,
        ]
      : []),
  ];
  const folded = (graph: ReturnType<typeof foldGraph>): ModelFile => ({ ...about, ...graph, notes: [...notes, ...graph.notes] });
  return {
    ...folded(foldGraph(raw, version)),
    withInputs: (shapes) => folded(foldGraph(withShapes(raw, shapes), version)),
  };
}

/** Casts of operator sets before 6 name their type; from then on it is a number. */
function withNumberedTypes(graph: RawGraph, opset: number): RawGraph {
  if (opset >= 6) return graph;
  const numbered = (node: RawGraph["nodes"][number]) => {
    const type = elementTypeNumber(String(node.attributes.to));
    return node.operator === "Cast" && type >= 0 ? { ...node, attributes: { ...node.attributes, to: type } } : node;
  };
  return { ...graph, nodes: graph.nodes.map(numbered) };
}

/** The graph with the shapes of its inputs fixed, and with them the axes of the same names. */
function withShapes(graph: RawGraph, shapes: Readonly<Record<string, readonly number[]>>): RawGraph {
  const sizes = new Map<string, number>();
  const changed = new Set<number>();
  for (const { name, shape } of graph.inputs)
    for (const [axis, size] of (shape ?? []).entries()) {
      const fixed = Object.hasOwn(shapes, name) ? shapes[name][axis] : undefined;
      if (fixed === undefined || fixed === size) continue;
      if (typeof size === "number") changed.add(size);
      else if (size !== "?") sizes.set(size, fixed);
    }
  const fixed = (value: ModelValue): ModelValue => ({
    ...value,
    shape: value.shape?.map((size) => (typeof size === "string" ? (sizes.get(size) ?? size) : size)) ?? null,
  });
  return {
    ...graph,
    inputs: graph.inputs.map((value) =>
      Object.hasOwn(shapes, value.name) ? { ...value, shape: shapes[value.name] } : fixed(value),
    ),
    outputs: graph.outputs.map(fixed),
    // Shapes that the file states for another number of points are computed anew.
    between: changed.size > 0 ? [] : graph.between.map(fixed),
  };
}

function entry(reader: ReturnType<typeof wireReader>, pair: Field): [key: string, value: string] {
  const texts = ["", ""];
  for (const field of reader.fields(pair.start, pair.end))
    if (field.number === 1 || field.number === 2) texts[field.number - 1] = reader.text(field);
  return [texts[0], texts[1]];
}
