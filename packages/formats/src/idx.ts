import { FormatError, ShapeError } from "@sonde/core";
import { type ArrayLayout, arrayLayout, decodeArray, elementCount, type NdArray } from "./array-file.js";
import { type ElementType, elementTypeOf, encodeElements, type NumericArray } from "./element-type.js";

/** The third byte of an IDX file. */
const types: Readonly<Record<number, ElementType>> = {
  8: "uint8",
  9: "int8",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64",
};

/** Whether the bytes begin like an IDX file: two zeros, a known type, at least one axis. */
export function looksLikeIdx(head: Uint8Array): boolean {
  return head.length >= 4 && head[0] === 0 && head[1] === 0 && head[2] in types && head[3] > 0;
}

/** What the header of an IDX file says. Throws `FormatError` if it is not one. */
export function idxLayout(head: Uint8Array): ArrayLayout {
  if (!looksLikeIdx(head))
    throw new FormatError("not an IDX file: expected two zero bytes, a type (8, 9, 11, 12, 13 or 14) and the number of axes");
  const offset = 4 + 4 * head[3];
  if (head.length < offset)
    throw new FormatError(`the IDX header needs ${offset} bytes, but there are ${head.length}: it is truncated`);
  const view = new DataView(head.buffer, head.byteOffset);
  const shape = Array.from({ length: head[3] }, (_, axis) => view.getUint32(4 + 4 * axis));
  return arrayLayout({ format: "IDX", type: types[head[2]], littleEndian: false, rowMajor: true, shape, offset });
}

/**
 * The array in an IDX file, the format of MNIST: two zero bytes, type, number of axes, sizes as 32-bit big-endian numbers, then the elements,
 * big-endian and row-major.
 *
 * Throws `FormatError` if the bytes are not exactly one such file.
 *
 * Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".
 *
 * @example
 * parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)).data[1] // 9
 */
export function parseIdx(bytes: Uint8Array): NdArray {
  return decodeArray(idxLayout(bytes), bytes);
}

/**
 * An IDX file of the array; `[...shape] -> bytes`.
 *
 * Throws `ShapeError` if the shape does not match the data or has not 1 to 255 axes of at most 2^32 - 1, `FormatError` for elements that IDX
 * has no type for (64-bit and unsigned integers beyond uint8).
 *
 * @example
 * writeIdx({ shape: [2], data: Uint8Array.of(7, 9) }).length // 10
 */
export function writeIdx(array: { readonly shape: readonly number[]; readonly data: NumericArray }): Uint8Array {
  const { shape, data } = array;
  if (shape.length < 1 || shape.length > 255) throw new ShapeError(`an IDX array has 1 to 255 axes, got ${shape.length}`);
  if (elementCount(shape) !== data.length || shape.some((size) => size >>> 0 !== size))
    throw new ShapeError(`an IDX array of shape ${shape.join(" x ")} cannot hold ${data.length} elements`);
  const type = elementTypeOf(data);
  const code = Object.keys(types).find((key) => types[Number(key)] === type);
  if (code === undefined)
    throw new FormatError(`IDX has no type for ${type}: convert to one of ${Object.values(types).join(", ")}`);
  const result = new Uint8Array(4 + 4 * shape.length + data.byteLength);
  result.set([0, 0, Number(code), shape.length]);
  const view = new DataView(result.buffer);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  result.set(encodeElements(data, false), 4 + 4 * shape.length);
  return result;
}
