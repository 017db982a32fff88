import { FormatError, quote } from "@sonde/core";
import { type ArrayLayout, arrayLayout, decodeArray, type NdArray } from "./array-file.js";
import type { ElementType } from "./element-type.js";
import { maxNpyHeaderBytes } from "./limits.js";

/** NumPy's type codes: kind and bytes. */
export const npyTypes: Readonly<Record<string, ElementType>> = {
  b1: "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

/** The first bytes of an npy file. */
export const npyMagic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Whether the bytes begin like an npy file. */
export function looksLikeNpy(head: Uint8Array): boolean {
  return npyMagic.every((byte, i) => head[i] === byte);
}

/** What the header of an npy file says. Throws `FormatError` if it is not one that Sonde reads. */
export function npyLayout(head: Uint8Array): ArrayLayout {
  if (!looksLikeNpy(head)) throw new FormatError('not an npy file: it does not begin with the byte 0x93 and "NUMPY"');
  const version = head[6];
  if (head.length >= 8 && !(version >= 1 && version <= 3))
    throw new FormatError(`npy version ${version}.${head[7]} is unknown: expected 1.0, 2.0 or 3.0`);
  const start = version === 1 ? 10 : 12;
  if (head.length < start) throw new FormatError("the npy header is truncated: save the array again");
  const view = new DataView(head.buffer, head.byteOffset);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxNpyHeaderBytes)
    throw new FormatError(`the npy header claims ${length} bytes, more than the ${maxNpyHeaderBytes} that Sonde reads`);
  if (head.length < start + length)
    throw new FormatError(`the npy header claims ${length} bytes, but only ${head.length - start} follow: it is truncated`);
  const text = new TextDecoder().decode(head.subarray(start, start + length));
  return arrayLayout({ format: "npy", ...description(text), offset: start + length });
}

/** The three entries of the header, a Python dictionary such as `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`. */
function description(text: string): Pick<ArrayLayout, "type" | "littleEndian" | "rowMajor" | "shape"> {
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|\[)/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!descr || !order || !shape) throw new FormatError(`the npy header ${quote(text)} lacks descr, fortran_order or shape`);
  const [, byteOrder, code] = /^([<>|=]?)([biuf]\d)$/.exec(descr[1] ?? "records") ?? [];
  const type = npyTypes[code];
  if (!type)
    throw new FormatError(
      `npy elements of type ${quote(descr[1] ?? "record")} are not numbers that Sonde reads: save with one of ${Object.values(npyTypes).join(", ")}`,
    );
  // Python 2 wrote long integers as 3L
  const sizes = shape[1].replaceAll("L", "").split(",");
  if (sizes[sizes.length - 1].trim() === "") sizes.pop();
  const axes = sizes.map((size) => (/^\s*\d+\s*$/.test(size) ? Number(size) : Number.NaN));
  if (!axes.every(Number.isSafeInteger))
    throw new FormatError(`the npy header has an unreadable shape ${quote(`(${shape[1]})`)}`);
  return { type, littleEndian: byteOrder !== ">", rowMajor: order[1] === "False", shape: axes };
}

/**
 * The array in an npy file, versions 1 to 3: any number of axes, either byte order, C or Fortran order; booleans, integers of 8 to 64 bits and
 * floats of 16 to 64 bits. The result is always row-major.
 *
 * Throws `FormatError` if the bytes are not exactly one such file, or hold complex numbers, text, dates, objects or records.
 *
 * Source: NumPy reference, `numpy.lib.format`.
 *
 * @example
 * parseNpy(writeNpy({ shape: [2, 1], data: Float64Array.of(7, 9) })).data[1] // 9
 */
export function parseNpy(bytes: Uint8Array): NdArray {
  return decodeArray(npyLayout(bytes), bytes);
}
