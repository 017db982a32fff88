import { FormatError, quote } from "@sonde/core";
import type { ByteSource } from "../../byte-source.js";
import { decodeElements, type ElementType, elementBytes, type NumericArray, zerosOf } from "../../element-type.js";
import { modelLimits } from "../limits.js";
import type { ModelTensor } from "../model-file.js";
import { checkedCount, isElementType, lazyTensor, storedTensor } from "../tensor.js";
import type { Field, WireReader } from "./wire.js";

/** Names of ONNX's types of elements, by their numbers. */
const types = [
  "undefined",
  ..."float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64 complex128 bfloat16".split(
    " ",
  ),
  ..."float8e4m3fn float8e4m3fnuz float8e5m2 float8e5m2fnuz uint4 int4 float4e2m1 float8e8m0 uint2 int2".split(" "),
];

/** The name of an ONNX type of elements. */
export function elementTypeName(number: number): string {
  return types[number] ?? `type ${number}`;
}

/** The number of the type of elements that ONNX calls so (`FLOAT`, `INT64`); -1 where there is none. */
export function elementTypeNumber(name: string): number {
  const own = name.toLowerCase();
  return types.indexOf(own === "float" ? "float32" : own === "double" ? "float64" : own);
}

/** Opens the file that holds the bytes of external tensors. Throws `FormatError` where it may not be, or is not there. */
export type OpenExternal = (location: string) => ByteSource;

/** Bytes of typed data: packed, or each element after a tag of its own. */
interface Run {
  readonly start: number;
  end: number;
  /** Bytes of the tag before each element; 0 where they are packed. */
  readonly tag: number;
}

/** How elements of typed data are stored, by the field that holds them. */
const typedFields: Readonly<Record<number, "float32" | "float64" | "varint">> = {
  4: "float32",
  5: "varint",
  7: "varint",
  10: "float64",
  11: "varint",
};

/**
 * A TensorProto: dimensions, type and name now, values when they are asked for. Throws `FormatError` where it has not exactly the bytes that its dimensions ask for.
 *
 * Source: ONNX, `onnx.proto` (TensorProto).
 */
export function readTensor(reader: WireReader, { start, end }: Field, external: OpenExternal): ModelTensor {
  const dims: number[] = [];
  let type = 0;
  let name = "";
  let raw: Field | undefined;
  let outside = false;
  let textElements = 0;
  const place: Record<string, string> = {};
  const runs: Run[] = [];
  let stored: "float32" | "float64" | "varint" | undefined;
  for (const field of reader.fields(start, end)) {
    const { number, wire } = field;
    if (number === 1 && wire === 0) dims.push(field.varint);
    else if (number === 1) reader.varints(field.start, field.end, (size) => dims.push(size) <= modelLimits.axes);
    else if (number === 2) type = field.varint;
    else if (number === 8) name = reader.text(field);
    else if (number === 9) raw = field;
    else if (number === 6) textElements++;
    else if (number === 13) addEntry(reader, field, place);
    else if (number === 14) outside = field.varint === 1;
    else if (typedFields[number]) {
      if (stored !== undefined && stored !== typedFields[number])
        throw new FormatError(`the tensor ${quote(name)} holds values of two kinds`);
      stored = typedFields[number];
      addRun(runs, field);
    }
    if (dims.length > modelLimits.axes) break;
  }
  const count = checkedCount(name, dims);
  const typeName = elementTypeName(type);
  if (outside) return externalTensor(name, dims, typeName, place, external);
  if (raw) return rawTensor(reader, name, dims, typeName, raw, count);
  if (!isElementType(typeName) || count === 0 || textElements > 0)
    return lazyTensor(name, dims, typeName, () => zerosOf("float32", 0));
  return typedTensor(reader, name, dims, typeName, { runs, stored, count });
}

function addEntry(reader: WireReader, entry: Field, to: Record<string, string>): void {
  let key = "";
  let value = "";
  for (const field of reader.fields(entry.start, entry.end)) {
    if (field.number === 1) key = reader.text(field);
    else if (field.number === 2) value = reader.text(field);
  }
  if (["location", "offset", "length"].includes(key)) to[key] = value;
}

/** Elements with tags of their own that follow one another are one run. */
function addRun(runs: Run[], { wire, start, end, tag }: Field): void {
  const last = runs.at(-1);
  const own = wire === 2 ? 0 : start - tag;
  if (last && own > 0 && last.tag === own && last.end === tag) last.end = end;
  else if (runs.push({ start: own > 0 ? tag : start, end, tag: own }) > modelLimits.list)
    throw new FormatError("a tensor's values lie in more pieces than any program writes");
}

function rawTensor(
  { source }: WireReader,
  name: string,
  shape: readonly number[],
  type: string,
  { start, end }: Field,
  count: number,
): ModelTensor {
  if (isElementType(type) && end - start !== count * elementBytes(type))
    throw new FormatError(
      `the tensor ${quote(name)} [${shape.join(", ")}] of ${type} takes ${count * elementBytes(type)} bytes, but the file holds ${end - start}`,
    );
  return { ...storedTensor(name, shape, type, { source, offset: start }), place: { file: "", offset: start } };
}

function externalTensor(
  name: string,
  shape: readonly number[],
  type: string,
  place: Readonly<Record<string, string>>,
  external: OpenExternal,
): ModelTensor {
  const offset = Number(place.offset ?? 0);
  const file = place.location ?? "";
  const tensor = lazyTensor(name, shape, type, (start, count, elements) => {
    const source = external(file);
    const stored = storedTensor(name, shape, type, { source, offset });
    const needed = offset + checkedCount(name, shape) * elementBytes(elements);
    if (!Number.isSafeInteger(offset) || offset < 0 || needed > source.size)
      throw new FormatError(`the tensor ${quote(name)} lies beyond the end of ${quote(file)}, which has ${source.size} bytes`);
    return stored.values(start, count);
  });
  return { ...tensor, place: { file, offset } };
}

interface Typed {
  readonly runs: readonly Run[];
  readonly stored?: "float32" | "float64" | "varint";
  readonly count: number;
}

function typedTensor(
  reader: WireReader,
  name: string,
  shape: readonly number[],
  type: ElementType,
  { runs, stored, count }: Typed,
): ModelTensor {
  const bytes = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const width = stored === "float32" ? 4 : stored === "float64" ? 8 : undefined;
  const held = width && runs.reduce((sum, { start, end, tag }) => sum + (end - start) / (width + tag), 0);
  // A varint takes at least a byte; how many there are is seen when they are decoded.
  if (held === undefined ? bytes < count : held !== count)
    throw new FormatError(
      `the tensor ${quote(name)} [${shape.join(", ")}] has ${count} elements, but the file holds ${held ?? `${bytes} bytes`} of them`,
    );
  const fits = type === "float32" || type === "float64" ? stored === type : stored === "varint";
  if (!fits) throw new FormatError(`the tensor ${quote(name)} of ${type} holds its values as ${stored}`);
  const [run] = runs;
  if (width && runs.length === 1 && run.tag === 0)
    return {
      ...storedTensor(name, shape, type, { source: reader.source, offset: run.start }),
      place: { file: "", offset: run.start },
    };
  return lazyTensor(name, shape, type, (start, wanted) => {
    if (count > modelLimits.varints)
      throw new FormatError(
        `the tensor ${quote(name)} has ${count} elements one by one, more than the ${modelLimits.varints} that are decoded so`,
      );
    const all = width ? fixedWidth(reader.source, runs, type) : fromVarints(reader, runs, { name, count, type });
    return all.length === wanted ? all : all.slice(start, start + wanted);
  });
}

/** Elements of fixed width, each after a tag of its own or not. */
function fixedWidth(source: ByteSource, runs: readonly Run[], type: ElementType): NumericArray {
  const width = elementBytes(type);
  const joined = new Uint8Array(runs.reduce((sum, { start, end, tag }) => sum + ((end - start) / (width + tag)) * width, 0));
  let to = 0;
  for (const { start, end, tag } of runs) {
    const bytes = source.read(start, end - start);
    for (let from = tag; from < bytes.length; from += width + tag, to += width)
      joined.set(bytes.subarray(from, from + width), to);
  }
  return decodeElements(joined, type, true);
}

function fromVarints(
  reader: WireReader,
  runs: readonly Run[],
  { name, count, type }: { readonly name: string; readonly count: number; readonly type: ElementType },
): NumericArray {
  // Halves are stored as the numbers that their bits are.
  const half = type === "float16" || type === "bfloat16";
  const result = zerosOf(half ? "uint16" : type, count);
  let found = 0;
  const take = (value: number) => {
    if (found < count)
      if (result instanceof BigInt64Array || result instanceof BigUint64Array) result[found] = BigInt(value);
      else result[found] = value;
    return ++found <= count;
  };
  for (const { start, end, tag } of runs)
    if (tag === 0) reader.varints(start, end, take);
    else for (const { varint } of reader.fields(start, end)) if (!take(varint)) break;
  if (found !== count)
    throw new FormatError(
      `the tensor ${quote(name)} has ${count} elements, but the file holds ${found > count ? "more" : found} of them`,
    );
  return half ? decodeElements(new Uint8Array(result.buffer), type, true) : result;
}
