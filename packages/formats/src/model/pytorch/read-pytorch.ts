import { FormatError, quote } from "@sonde/core";
import { elementCount } from "../../array-file.js";
import type { ByteSource } from "../../byte-source.js";
import { bytesSource } from "../../byte-source.js";
import { elementBytes, zerosOf } from "../../element-type.js";
import { byteCount } from "../../limits.js";
import type { ZipMember } from "../../zip.js";
import { modelLimits } from "../limits.js";
import type { ModelFile, ModelTensor } from "../model-file.js";
import { checkedCount, isElementType, lazyTensor, storedTensor, stridedElements } from "../tensor.js";
import { isObject, type Pickled, type PickledCall, type PickledDict, readPickle } from "./pickle.js";

/** The types of elements by the storages that hold them. */
const types: Readonly<Record<string, string>> = {
  DoubleStorage: "float64",
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  ComplexFloatStorage: "complex64",
  ComplexDoubleStorage: "complex128",
};

/** Why files of PyTorch in other layouts are not read, by their first bytes; `undefined` for what is none. */
export function refusedPytorch(head: Uint8Array): string | undefined {
  const again = "save it again with torch.save(model.state_dict(), ...) of PyTorch 1.6 or later, which writes a zip archive";
  if (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) {
    const legacy = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9].every((byte, k) => head[k + 2] === byte);
    return legacy
      ? `it is in the format of PyTorch before 1.6, a row of bare pickles: ${again}`
      : `it is a bare Python pickle, which is not read: ${again}`;
  }
  const tar = new TextDecoder().decode(head.subarray(257, 262)) === "ustar";
  return tar ? `it is a tar archive, as PyTorch before 0.2 wrote them: ${again}` : undefined;
}

/**
 * The tensors of a PyTorch state dict (`torch.save(model.state_dict(), ...)`, or a checkpoint that holds one), in its order. Nothing in the file is run: the pickle may name a dozen types of PyTorch, and any other name is refused.
 *
 * Throws `FormatError` for whole modules, TorchScript, and damaged files.
 *
 * Source: PyTorch, `torch/serialization.py`, `torch/_utils.py`.
 */
export async function readPytorch(source: ByteSource, members: readonly ZipMember[]): Promise<ModelFile> {
  const pickle = members.find(({ name }) => /(^|\/)data\.pkl$/.test(name));
  if (!pickle) throw new FormatError("it is a zip archive without data.pkl, so not from torch.save");
  const folder = pickle.name.slice(0, -"data.pkl".length);
  if (members.some(({ name }) => name.startsWith(`${folder}code/`)))
    throw new FormatError(
      "it is a TorchScript program, not weights alone: load it in Python and save torch.save(model.state_dict(), ...)",
    );
  if (pickle.size > modelLimits.pickle)
    throw new FormatError(
      `its pickle has ${byteCount(pickle.size)}, more than the ${byteCount(modelLimits.pickle)} that are read`,
    );
  const order = members.find(({ name }) => name === `${folder}byteorder`);
  const littleEndian = !order || order.size > 16 || !new TextDecoder().decode(await order.read()).startsWith("big");
  const root = readPickle(await pickle.read());
  const found = stateDict(root);
  const files = new Map(members.map((member) => [member.name, member]));
  const packed = await unpacked(members, folder);
  const tensors = found.tensors.map(([name, call]) =>
    tensorOf(name, call, (key) => {
      const member = files.get(`${folder}data/${key}`);
      if (!member) throw new FormatError(`the bytes of ${quote(name)} are missing in the archive`);
      const held = packed.get(member.name);
      return held
        ? { source: bytesSource(held), offset: 0, size: held.length, littleEndian }
        : { source, offset: member.stored as number, size: member.size, littleEndian };
    }),
  );
  return {
    format: "pytorch",
    version: "PyTorch zip",
    producer: "PyTorch",
    inputs: [],
    outputs: [],
    tensors,
    nodes: null,
    shapes: {},
    metadata: found.beside,
    notes: found.notes,
  };
}

/** Deflated storages, which PyTorch itself never writes, are unpacked at once. */
async function unpacked(members: readonly ZipMember[], folder: string): Promise<Map<string, Uint8Array>> {
  const deflated = members.filter(({ name, stored }) => stored === undefined && name.startsWith(`${folder}data/`));
  const total = deflated.reduce((sum, { size }) => sum + size, 0);
  if (total > modelLimits.unpacked)
    throw new FormatError(
      `its packed storages unpack to ${byteCount(total)}, more than the ${byteCount(modelLimits.unpacked)} that are kept in memory`,
    );
  const result = new Map<string, Uint8Array>();
  for (const { name, read } of deflated) result.set(name, await read());
  return result;
}

interface Found {
  readonly tensors: readonly (readonly [name: string, call: PickledCall])[];
  /** Numbers and texts beside the weights, such as the epoch. */
  readonly beside: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** The state dict in what was saved: itself, or the entry of a checkpoint that holds it. */
function stateDict(root: Pickled): Found {
  if (isTensor(root)) return { tensors: [["tensor", root]], beside: {}, notes: [] };
  if (!isObject(root) || root.kind !== "dict")
    throw new FormatError("it holds no state dict: save torch.save(model.state_dict(), ...)");
  const own = tensorsOf(root, "");
  const beside = Object.fromEntries(
    [...root.entries].flatMap(([key, value]) =>
      typeof value === "number" || typeof value === "string" ? [[String(key).slice(0, 200), String(value).slice(0, 200)]] : [],
    ),
  );
  if ([...root.entries.values()].some(isTensor)) return { tensors: own, beside, notes: [] };
  const dicts = [...root.entries].filter(
    (entry): entry is [string, PickledDict] => isObject(entry[1]) && entry[1].kind === "dict" && typeof entry[0] === "string",
  );
  const chosen =
    dicts.find(([key]) => /^(model_)?state_dict$|^model$|^net$|^weights$|^params$/.test(key)) ??
    dicts.filter(([key, value]) => !/optim|sched|scaler/i.test(key) && tensorsOf(value, "").length > 0)[0];
  if (!chosen) throw new FormatError("it holds no tensors under names: save torch.save(model.state_dict(), ...)");
  const tensors = tensorsOf(chosen[1], "");
  if (tensors.length === 0) throw new FormatError(`its ${quote(chosen[0])} holds no tensors`);
  return { tensors, beside, notes: [`it is a checkpoint, of which ${quote(chosen[0])} was read`] };
}

/** Every dictionary is looked into once: one may hold itself. */
function tensorsOf(dict: PickledDict, prefix: string, depth = 0, seen = new Set<PickledDict>()): [string, PickledCall][] {
  if (seen.has(dict)) return [];
  seen.add(dict);
  if (depth > modelLimits.nesting)
    throw new FormatError(`it has dictionaries within dictionaries more than ${modelLimits.nesting} deep`);
  const found: [string, PickledCall][] = [];
  for (const [key, value] of dict.entries) {
    const name = `${prefix}${String(key)}`.slice(0, 1000);
    if (isTensor(value)) found.push([name, value]);
    else if (isObject(value) && value.kind === "dict") found.push(...tensorsOf(value, `${name}.`, depth + 1, seen));
    if (found.length > modelLimits.tensors) throw new FormatError(`it has more than ${modelLimits.tensors} tensors`);
  }
  return found;
}

function isTensor(value: Pickled): value is PickledCall {
  if (!isObject(value) || value.kind !== "call") return false;
  return value.name.startsWith("torch._utils._rebuild_");
}

interface Storage {
  readonly source: ByteSource;
  readonly offset: number;
  readonly size: number;
  readonly littleEndian: boolean;
}

/** A tensor by the call that rebuilds it: a storage, an offset into it, sizes and strides. */
function tensorOf(name: string, call: PickledCall, storageOf: (key: string) => Storage, depth = 0): ModelTensor {
  const [first, offset, size, stride] = call.args;
  if (call.name.includes("_rebuild_parameter")) {
    if (isObject(first) && first.kind === "call" && depth < 4) return tensorOf(name, first, storageOf, depth + 1);
    throw new FormatError(`${quote(name)} is a parameter without a tensor`);
  }
  const shape = wholeNumbers(size);
  const strides = wholeNumbers(stride);
  if (
    !isObject(first) ||
    first.kind !== "persistent" ||
    typeof offset !== "number" ||
    !shape ||
    !strides ||
    shape.length !== strides.length
  )
    throw new FormatError(`${quote(name)} is no tensor as PyTorch saves them`);
  const [, storageType, key] = first.args;
  const kind = isObject(storageType) && storageType.kind === "global" ? storageType.name.split(".").at(-1) : undefined;
  const type = types[kind ?? ""] ?? kind ?? "unknown";
  const count = checkedCount(name, shape);
  const storage = storageOf(String(key));
  if (!isElementType(type)) return lazyTensor(name, shape, type, () => zerosOf("float32", 0));
  const bytes = elementBytes(type);
  const last = count === 0 ? -1 : shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], offset);
  if (!Number.isSafeInteger(offset) || offset < 0 || (last + 1) * bytes > storage.size)
    throw new FormatError(`${quote(name)} [${shape.join(", ")}] reaches beyond the ${storage.size} bytes that are saved of it`);
  const inRow = shape.every((length, axis) => length === 1 || strides[axis] === elementCount(shape.slice(axis + 1)));
  const place = { source: storage.source, offset: storage.offset + offset * bytes, littleEndian: storage.littleEndian };
  if (inRow || count === 0) return storedTensor(name, shape, type, place);
  const span = storedTensor(name, [last + 1 - offset], type, place);
  return lazyTensor(name, shape, type, (...wanted) => stridedElements(span.values(), { shape, strides }, wanted));
}

function wholeNumbers(value: Pickled | undefined): number[] | undefined {
  if (!isObject(value)) return undefined;
  const items =
    value.kind === "tuple" || value.kind === "list" ? value.items : value.kind === "call" ? itemsOf(value.args[0]) : undefined;
  return items?.every((item): item is number => Number.isSafeInteger(item) && (item as number) >= 0) ? [...items] : undefined;
}

/** `torch.Size([...])`. */
function itemsOf(value: Pickled | undefined): readonly Pickled[] | undefined {
  return isObject(value) && (value.kind === "tuple" || value.kind === "list") ? value.items : undefined;
}
