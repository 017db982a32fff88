import { FormatError } from "@sonde/core";
import { type ByteSource, bytesSource } from "../../byte-source.js";
import { modelLimits } from "../limits.js";
import { type Field, type WireReader, wireReader } from "./wire.js";

/** Fields of messages that hold others, by the kind of the message: number of the field, kind of what it holds. Source: ONNX, `onnx.proto`. */
const within = {
  model: { 7: "graph", 20: "training", 25: "function" },
  training: { 1: "graph", 2: "graph" },
  function: { 7: "node", 11: "attribute" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  tensor: {},
} as const;

type Kind = keyof typeof within;

/**
 * The files beside an ONNX model that any tensor of it names, each once: those of graphs within graphs, of functions and of sparse tensors too, so that whoever hands the model to another program knows all that it may open.
 *
 * Throws `FormatError` for bytes that are damaged or beyond `modelLimits`.
 */
export function externalFiles(model: Uint8Array | ByteSource): string[] {
  const found = new Set<string>();
  const source = model instanceof Uint8Array ? bytesSource(model) : model;
  const reader = wireReader(source);
  collect(reader, { kind: "model", start: 0, end: source.size, depth: 0 }, found);
  return [...found];
}

interface Message {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

function collect(reader: WireReader, { kind, start, end, depth }: Message, found: Set<string>): void {
  // A graph within a graph is a node and an attribute further down.
  if (depth > 4 * modelLimits.nesting) throw new FormatError(`it has graphs within graphs more than ${modelLimits.nesting} deep`);
  const inner: Readonly<Record<number, Kind>> = within[kind];
  for (const field of reader.fields(start, end)) {
    if (field.wire !== 2) continue;
    if (kind === "tensor" && field.number === 13) {
      for (const location of locations(reader, field)) found.add(location);
      if (found.size > modelLimits.shards) throw new FormatError(`it is spread over more than ${modelLimits.shards} files`);
    }
    const next = inner[field.number];
    if (next) collect(reader, { kind: next, start: field.start, end: field.end, depth: depth + 1 }, found);
  }
}

/** Every value of an entry that has the key `location` among its keys. */
function locations(reader: WireReader, entry: Field): string[] {
  const keys: string[] = [];
  const values: string[] = [];
  for (const field of reader.fields(entry.start, entry.end))
    if (field.number === 1) keys.push(reader.text(field));
    else if (field.number === 2) values.push(reader.text(field));
  return keys.includes("location") ? values : [];
}
