import type { ModelFile, ModelNode } from "../model-file.js";

/** Operators whose outputs are no values of layers. */
const ofShapes: ReadonlySet<string> = new Set(["Constant", "ConstantOfShape", "Shape", "Size"]);

/**
 * The values between the operators of an ONNX graph that may be made outputs of it: those of the graph itself, not of graphs and functions within it. Constants, shapes and the statistics that batch norm in training puts out are left out, and what is an output already.
 */
export function exposableValues({ nodes, outputs, inputs }: Pick<ModelFile, "nodes" | "outputs" | "inputs">): string[] {
  const known = new Set([...outputs, ...inputs].map(({ name }) => name));
  const inner = new Set((nodes ?? []).flatMap((node) => node.inner ?? []));
  return [...new Set((nodes ?? []).flatMap(valuesOf))].filter((name) => name !== "" && !known.has(name) && !inner.has(name));
}

function valuesOf({ operator, domain, outputs }: ModelNode): readonly string[] {
  if (domain !== "") return outputs;
  if (ofShapes.has(operator)) return [];
  return operator === "BatchNormalization" ? outputs.slice(0, 1) : outputs;
}

/**
 * What makes values outputs of an ONNX model when it is appended to its bytes: a second field `graph` (7) of outputs (12) that have a name (1) and no type, which protobuf merges with the first.
 *
 * Source: Protocol Buffers documentation, *Encoding*; ONNX, `onnx.proto`.
 */
export function exposing(names: readonly string[]): Uint8Array<ArrayBuffer> {
  if (names.length === 0) return new Uint8Array(0);
  const encoder = new TextEncoder();
  return field(7, joined(names.map((name) => field(12, field(1, encoder.encode(name))))));
}

/** A field whose bytes follow their length. */
function field(number: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
