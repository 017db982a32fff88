import { FormatError, quote } from "@sonde/core";
import type { ByteSource } from "../byte-source.js";
import { elementBytes } from "../element-type.js";
import { byteCount } from "../limits.js";
import { parsedJson } from "./json.js";
import { modelLimits } from "./limits.js";
import type { ModelFile, ModelTensor } from "./model-file.js";
import { checkedCount, isElementType, storedTensor } from "./tensor.js";

/** The types of elements by their names in the header; others are named, not decoded. */
const types: Readonly<Record<string, string>> = {
  BOOL: "bool",
  U8: "uint8",
  I8: "int8",
  U16: "uint16",
  I16: "int16",
  U32: "uint32",
  I32: "int32",
  U64: "uint64",
  I64: "int64",
  F16: "float16",
  BF16: "bfloat16",
  F32: "float32",
  F64: "float64",
};

/** Whether the bytes begin as a safetensors file: the length of a header, and the header. */
export function looksLikeSafetensors(head: Uint8Array): boolean {
  return head.length > 8 && head[8] === 0x7b && head[7] === 0 && head[6] === 0;
}

/**
 * The tensors of a safetensors file: a length, a JSON header and the bytes, without holes.
 *
 * Throws `FormatError` where the header is longer than 100 MB or no such header, or where sizes and offsets do not fit one another or the file.
 *
 * Source: huggingface/safetensors, *Format*.
 */
export function readSafetensors(source: ByteSource): ModelFile {
  const view = source.read(0, 8);
  const length = Number(new DataView(view.buffer, view.byteOffset, 8).getBigUint64(0, true));
  if (length > modelLimits.json || 8 + length > source.size)
    throw new FormatError(
      `its header promises ${byteCount(length)}, and the file has ${byteCount(source.size)}: it is truncated or no safetensors file`,
    );
  const { __metadata__, ...entries } = parsedJson(source.read(8, length), "the header");
  const names = Object.keys(entries);
  if (names.length > modelLimits.tensors) throw new FormatError(`it has more than ${modelLimits.tensors} tensors`);
  const found = names.map((name) => tensorOf(source, 8 + length, name, entries[name]));
  checkTiled(found, source.size - 8 - length);
  const metadata = Object.entries((__metadata__ ?? {}) as Record<string, unknown>).map(([key, value]) => [key, String(value)]);
  return {
    format: "safetensors",
    version: "safetensors",
    producer: metadata.find(([key]) => key === "format")?.[1] === "pt" ? "PyTorch" : null,
    inputs: [],
    outputs: [],
    tensors: found.map(({ tensor }) => tensor),
    nodes: null,
    shapes: {},
    metadata: Object.fromEntries(metadata),
    notes: [],
  };
}

interface Placed {
  readonly tensor: ModelTensor;
  readonly begin: number;
  readonly end: number;
}

function tensorOf(source: ByteSource, data: number, name: string, entry: unknown): Placed {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Array.isArray(shape) || !Array.isArray(data_offsets) || data_offsets.length !== 2)
    throw new FormatError(`the entry of ${quote(name)} in the header lacks dtype, shape or data_offsets`);
  const [begin, end] = data_offsets as number[];
  const count = checkedCount(name, shape as number[]);
  const type = types[dtype] ?? dtype;
  if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin < 0 || end < begin)
    throw new FormatError(`${quote(name)} has the impossible offsets ${quote(data_offsets.join(" to "))}`);
  if (isElementType(type) && end - begin !== count * elementBytes(type))
    throw new FormatError(
      `${quote(name)} [${(shape as number[]).join(", ")}] of ${dtype} takes ${count * elementBytes(type)} bytes, but its offsets give it ${end - begin}`,
    );
  return { tensor: storedTensor(name, shape as number[], type, { source, offset: data + begin }), begin, end };
}

/** The tensors lie one after the other, from the first byte to the last. */
function checkTiled(found: readonly Placed[], size: number): void {
  let at = 0;
  for (const { tensor, begin, end } of [...found].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw new FormatError(`${quote(tensor.name)} does not begin where the tensor before it ends`);
    at = end;
  }
  if (at !== size)
    throw new FormatError(
      `its tensors take ${at} bytes, but the file holds ${size}: ${at > size ? "it is truncated" : "that is too many"}`,
    );
}
