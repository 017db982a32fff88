/// <reference path="./jsfive.d.ts" />
import { FormatError, quote, SondeError } from "@sonde/core";
import { Dataset, File, type Group } from "jsfive";
import { type ByteSource, bytesSource } from "../../byte-source.js";
import { elementBytes } from "../../element-type.js";
import { byteCount } from "../../limits.js";
import { modelLimits } from "../limits.js";
import type { ModelTensor } from "../model-file.js";
import { checkedCount, constantTensor, isElementType, storedTensor } from "../tensor.js";

/** A group of an HDF5 file, read step by step: nothing is followed but what is asked for. */
export interface Hdf5Group {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
  /** `undefined` where there is no such group. */
  readonly group: (name: string) => Hdf5Group | undefined;
  /** `undefined` where there is no such data set. */
  readonly tensor: (name: string, as: string) => ModelTensor | undefined;
}

/**
 * The root of an HDF5 file by jsfive, which opens no other file, behind guards: it takes copies through a buffer that counts them, since links and trees of a hostile file may lead in circles; values are read
 * from where they lie in a row, as Keras writes them; chunks, which may unpack to anything, are refused.
 *
 * Throws `FormatError` for anything that is no such file, is damaged, or goes beyond `modelLimits`.
 */
export function openHdf5(source: ByteSource): Hdf5Group {
  if (source.size > modelLimits.hdf5)
    throw new FormatError(`it has ${byteCount(source.size)}, and HDF5 files of at most ${byteCount(modelLimits.hdf5)} are read`);
  const buffer = new CountedBuffer(source.size);
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < source.size; at += 2 ** 22) bytes.set(source.read(at, Math.min(2 ** 22, source.size - at)), at);
  const view = new DataView(buffer);
  return guarded(() => {
    checkHeader(view, rootAddress(view));
    return groupOf(new File(buffer as unknown as ArrayBuffer), view, bytesSource(bytes));
  });
}

/** A buffer that allows so many copies of its parts and no more: what jsfive does that could go on for ever takes one at every step. */
class CountedBuffer extends ArrayBuffer {
  private left = 100_000 + this.byteLength / 32;
  private bytes = 2 ** 26 + 4 * this.byteLength;

  static override get [Symbol.species]() {
    return ArrayBuffer;
  }

  override slice(start = 0, end = this.byteLength): ArrayBuffer {
    const length = Math.max(0, Math.min(end, this.byteLength) - start);
    this.bytes -= length || 0;
    if (--this.left < 0 || this.bytes < 0)
      throw new FormatError("its HDF5 structure leads in circles, or has far too many parts");
    return super.slice(start, end);
  }
}

/** jsfive throws texts and errors of every kind at what is damaged, and warns of attributes that it does not know. */
function guarded<Result>(read: () => Result): Result {
  const { warn } = console;
  console.warn = () => {};
  try {
    return read();
  } catch (error) {
    if (error instanceof SondeError) throw error;
    const why = typeof error === "string" ? error : error instanceof Error ? error.message : "";
    throw new FormatError(`its HDF5 structure is damaged, or of a kind that is not read (${quote(why).slice(1, -1)})`);
  } finally {
    console.warn = warn;
  }
}

function groupOf(group: Group, view: DataView, source: ByteSource): Hdf5Group {
  const names = guarded(() => group.keys);
  if (names.length > modelLimits.tensors) throw new FormatError(`it has a group of more than ${modelLimits.tensors} entries`);
  const child = (name: string) => {
    if (!names.includes(name)) return undefined;
    const address = group._links[name];
    // A soft link is a path: nothing that Keras writes.
    if (typeof address !== "number") return undefined;
    return guarded(() => {
      checkHeader(view, address);
      return group.get(name);
    });
  };
  return {
    get attributes() {
      return guarded(() => group.attrs);
    },
    keys: names,
    group: (name) => {
      const found = child(name);
      return found && !(found instanceof Dataset) ? groupOf(found, view, source) : undefined;
    },
    tensor: (name, as) => {
      const found = child(name);
      return found instanceof Dataset ? guarded(() => tensorOf(found, as, view, source)) : undefined;
    },
  };
}

/** The elements' types by jsfive's names of them. */
const types: Readonly<Record<string, string>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
};

/** Types of the messages that name other files, and that say where the values lie. */
const externalMessage = 7;
const layoutMessage = 8;

function tensorOf(dataset: Dataset, name: string, view: DataView, source: ByteSource): ModelTensor {
  const { shape, dtype } = dataset;
  const [, order, code] = /^([<>|=]?)([fiu]\d)$/.exec(String(dtype)) ?? [];
  const type = types[code] ?? String(Array.isArray(dtype) ? dtype[0] : dtype).slice(0, 40);
  const count = checkedCount(name, shape);
  if (!isElementType(type)) return storedTensor(name, shape, type, { source, offset: 0 });
  if (dataset._dataobjects.find_msg_type(externalMessage).length > 0)
    throw new FormatError(`the data set ${quote(name)} keeps its values in another file, which is not opened`);
  const message = dataset._dataobjects.find_msg_type(layoutMessage)[0]?.get("offset_to_message");
  if (message === undefined) throw new FormatError(`the data set ${quote(name)} does not say where its values lie`);
  const version = view.getUint8(message);
  const layout = view.getUint8(message + (version < 3 ? 2 : 1));
  if (version > 4 || layout > 1)
    throw new FormatError(
      `the data set ${quote(name)} is stored in chunks, which Keras does not write and which are not read: h5repack -l CONTI -f NONE makes it plain`,
    );
  const compact = layout === 0;
  const offset = compact
    ? message + (version < 3 ? 8 + 4 * view.getUint8(message + 1) + 4 : 4)
    : Number(view.getBigUint64(message + (version < 3 ? 8 : 2), true));
  if (!compact && offset >= 2 ** 63) return constantTensor(name, shape, type, 0);
  if (offset + count * elementBytes(type) > source.size)
    throw new FormatError(`the data set ${quote(name)} lies beyond the end of the file: it is truncated`);
  return storedTensor(name, shape, type, { source, offset, littleEndian: order !== ">" });
}

/** Where the root group's header is. */
function rootAddress(view: DataView): number {
  const version = view.getUint8(8);
  return Number(view.getBigUint64(version < 2 ? 64 + (version === 1 ? 4 : 0) : 36, true));
}

/** Messages that an object's header may hold. */
const mostMessages = 10_000;

/** Walks the messages of a header of version 2 before jsfive does, which would follow as many as a large file can hold. */
function checkHeader(view: DataView, address: number): void {
  if (!(address + 8 <= view.byteLength) || view.getUint32(address, false) !== 0x4f484452) return;
  const flags = view.getUint8(address + 5);
  let at = address + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  const size =
    width === 1
      ? view.getUint8(at)
      : width === 2
        ? view.getUint16(at, true)
        : width === 4
          ? view.getUint32(at, true)
          : Number(view.getBigUint64(at, true));
  at += width;
  const head = 4 + (flags & 4 ? 2 : 0);
  const blocks: [start: number, size: number][] = [[at, size]];
  let messages = 0;
  for (let b = 0; b < blocks.length; b++) {
    const [start, length] = blocks[b];
    for (let local = 0; local + head <= length; local += head + view.getUint16(start + local + 1, true)) {
      if (++messages > mostMessages) throw new FormatError(`it has an object of more than ${mostMessages} parts`);
      if (view.getUint8(start + local) !== 0x10) continue;
      const next = start + local + head;
      blocks.push([Number(view.getBigUint64(next, true)) + 4, Number(view.getBigUint64(next + 8, true)) - 8]);
    }
  }
}
