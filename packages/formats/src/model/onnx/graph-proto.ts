import { FormatError, quote } from "@sonde/core";
import { modelLimits } from "../limits.js";
import type { Dimension, ModelNode, ModelTensor, ModelValue } from "../model-file.js";
import type { AttributeReference, LocalFunction } from "./functions.js";
import { elementTypeName, type OpenExternal, readTensor } from "./tensor-proto.js";
import type { Field, WireReader } from "./wire.js";

/** A graph within a node (the branches of `If`, the body of `Loop`). */
export interface RawGraph {
  readonly name: string;
  readonly nodes: readonly ModelNode[];
  readonly tensors: readonly ModelTensor[];
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** Shapes that the file gives for values between the operators. */
  readonly between: readonly ModelValue[];
}

/** What reading a graph needs beside its bytes; `counted` are the nodes and tensors so far, over all graphs. */
interface Reading {
  readonly reader: WireReader;
  readonly external: OpenExternal;
  readonly counted: { nodes: number; tensors: number; numbers: number };
}

/**
 * A GraphProto with those within it, and the functions that a file defines of its own. Throws `FormatError` where it is damaged or larger than `modelLimits`.
 *
 * Source: ONNX, `onnx.proto` (GraphProto, NodeProto, AttributeProto, ValueInfoProto, FunctionProto).
 */
export function readGraph(
  reader: WireReader,
  graphs: readonly Field[],
  external: OpenExternal,
  functions: readonly Field[] = [],
): { readonly graph: RawGraph; readonly functions: readonly LocalFunction[] } {
  const reading = { reader, external, counted: { nodes: 0, tensors: 0, numbers: 0 } };
  return { graph: graphOf(reading, graphs, 0), functions: functions.map((field) => functionOf(reading, field)) };
}

function graphOf(reading: Reading, graphs: readonly Field[], depth: number): RawGraph {
  if (depth > modelLimits.nesting) throw new FormatError(`it has graphs within graphs more than ${modelLimits.nesting} deep`);
  const { reader, counted, external } = reading;
  let name = "";
  const nodes: ModelNode[] = [];
  const tensors: ModelTensor[] = [];
  const [inputs, outputs, between]: ModelValue[][] = [[], [], []];
  // A message that is there twice is merged, as protobuf has it.
  for (const graph of graphs)
    for (const field of reader.fields(graph.start, graph.end))
      if (field.number === 1) {
        if (++counted.nodes > modelLimits.nodes) throw new FormatError(`it has more than ${modelLimits.nodes} operators`);
        nodes.push(nodeOf(reading, field, depth));
      } else if (field.number === 2) name = reader.text(field);
      else if (field.number === 5) {
        if (++counted.tensors > modelLimits.tensors) throw new FormatError(`it has more than ${modelLimits.tensors} tensors`);
        tensors.push(readTensor(reader, field, external));
      } else if (field.number === 11) inputs.push(valueInfo(reader, field));
      else if (field.number === 12) outputs.push(valueInfo(reader, field));
      else if (field.number === 13) between.push(valueInfo(reader, field));
  return { name, nodes, tensors, inputs, outputs, between };
}

function functionOf(reading: Reading, { start, end }: Field): LocalFunction {
  const { reader, counted } = reading;
  let [name, domain] = ["", ""];
  let opset: number | undefined;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: ModelNode[] = [];
  const defaults: Record<string, unknown> = Object.create(null);
  for (const field of reader.fields(start, end)) {
    if (field.number === 1) name = nameIn(reader, field);
    else if (field.number === 4) inputs.push(nameIn(reader, field));
    else if (field.number === 5) outputs.push(nameIn(reader, field));
    else if (field.number === 7) {
      if (++counted.nodes > modelLimits.nodes) throw new FormatError(`it has more than ${modelLimits.nodes} operators`);
      nodes.push(nodeOf(reading, field, 0));
    } else if (field.number === 9) {
      const set = operatorSet(reader, field);
      if (set.domain === "") opset = set.version;
    } else if (field.number === 10) domain = nameIn(reader, field);
    else if (field.number === 11) {
      const [key, value] = attributeOf(reading, field, 0);
      defaults[key] = value;
    }
    if (inputs.length + outputs.length > modelLimits.list)
      throw new FormatError(`the function ${quote(name)} has more than ${modelLimits.list} inputs and outputs`);
  }
  return { name, domain, inputs, outputs, nodes, defaults, ...(opset !== undefined && { opset }) };
}

/** An OperatorSetIdProto; the standard's own domain is empty. */
export function operatorSet(reader: WireReader, set: Field): { readonly domain: string; readonly version: number } {
  let domain = "";
  let version = 0;
  for (const field of reader.fields(set.start, set.end))
    if (field.number === 1) domain = reader.text(field, 200);
    else if (field.number === 2) version = field.varint;
  return { domain: domain === "ai.onnx" ? "" : domain, version };
}

function nameIn(reader: WireReader, field: Field): string {
  if (field.end - field.start > modelLimits.name) throw new FormatError(`a name of it is longer than ${modelLimits.name} bytes`);
  return reader.text(field);
}

function nodeOf(reading: Reading, node: Field, depth: number): ModelNode {
  const { reader } = reading;
  let [name, operator, domain] = ["", "", ""];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Record<string, unknown> = Object.create(null);
  for (const field of reader.fields(node.start, node.end)) {
    if (field.number === 1) inputs.push(nameIn(reader, field));
    else if (field.number === 2) outputs.push(nameIn(reader, field));
    else if (field.number === 3) name = nameIn(reader, field);
    else if (field.number === 4) operator = nameIn(reader, field);
    else if (field.number === 5) {
      const [key, value] = attributeOf(reading, field, depth);
      attributes[key] = value;
    } else if (field.number === 7) domain = nameIn(reader, field);
    if (inputs.length + outputs.length > modelLimits.list)
      throw new FormatError(`the operator ${quote(name)} has more than ${modelLimits.list} inputs and outputs`);
  }
  if (operator === "") throw new FormatError("it is no ONNX model, or a damaged one: an operator has no kind");
  return { name, operator, domain: domain === "ai.onnx" ? "" : domain, inputs, outputs, attributes };
}

function attributeOf(reading: Reading, attribute: Field, depth: number): [name: string, value: unknown] {
  const { reader, external, counted } = reading;
  let name = "";
  let single: unknown;
  const many: unknown[] = [];
  const graphs: Field[] = [];
  for (const field of reader.fields(attribute.start, attribute.end)) {
    const { number, wire, start, end } = field;
    if (number === 1) name = nameIn(reader, field);
    else if (number === 2 && wire === 5) single = reader.float(start);
    else if (number === 3) single = field.varint;
    else if (number === 4) single = reader.text(field);
    else if (number === 5) single = readTensor(reader, field, external);
    else if (number === 6) graphs.push(field);
    else if (number === 7) {
      for (let at = start; at + 4 <= end && many.length <= modelLimits.list; at += 4) many.push(reader.float(at));
    } else if (number === 8 && wire === 0) many.push(field.varint);
    else if (number === 8) reader.varints(start, end, (value) => many.push(value) <= modelLimits.list);
    else if (number === 9) many.push(reader.text(field));
    else if (number === 21) single = { attribute: nameIn(reader, field) } satisfies AttributeReference;
    else if (number === 11) many.push(graphOf(reading, [field], depth + 1));
    if (many.length > modelLimits.list)
      throw new FormatError(`the attribute ${quote(name)} lists more than ${modelLimits.list} values`);
  }
  counted.numbers += many.length;
  if (counted.numbers > modelLimits.numbers) throw new FormatError(`its attributes hold more than ${modelLimits.numbers} values`);
  if (graphs.length > 0) single = graphOf(reading, graphs, depth + 1);
  return [name, single ?? many];
}

/** A ValueInfoProto: name, type and shape. */
function valueInfo(reader: WireReader, value: Field): ModelValue {
  let name = "";
  let type: string | null = null;
  let shape: Dimension[] | null = null;
  for (const field of reader.fields(value.start, value.end)) {
    if (field.number === 1) name = nameIn(reader, field);
    if (field.number !== 2) continue;
    for (const kind of reader.fields(field.start, field.end)) {
      if (kind.number !== 1 || kind.wire !== 2) continue;
      for (const part of reader.fields(kind.start, kind.end)) {
        if (part.number === 1) type = elementTypeName(part.varint);
        else if (part.number === 2 && part.wire === 2) shape = dimensionsOf(reader, part);
      }
    }
  }
  return { name, shape, type };
}

function dimensionsOf(reader: WireReader, shape: Field): Dimension[] {
  const dimensions: Dimension[] = [];
  for (const axis of reader.fields(shape.start, shape.end)) {
    if (axis.number !== 1 || axis.wire !== 2) continue;
    let size: Dimension = "?";
    for (const part of reader.fields(axis.start, axis.end))
      if (part.number === 1) size = part.varint > 0 ? part.varint : "?";
      else if (part.number === 2) size = reader.text(part) || "?";
    if (dimensions.push(size) > modelLimits.axes) throw new FormatError(`it has a value of more than ${modelLimits.axes} axes`);
  }
  return dimensions;
}
