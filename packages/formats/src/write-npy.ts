import { ShapeError } from "@sonde/core";
import { elementCount } from "./array-file.js";
import { elementTypeOf, encodeElements, type NumericArray } from "./element-type.js";
import { npyMagic, npyTypes } from "./npy.js";

/**
 * An npy file (version 1.0, little-endian, C order) of the array; `[...shape] -> bytes`.
 *
 * Throws `ShapeError` if the shape does not match the data or has more than NumPy's 64 axes.
 *
 * @example
 * writeNpy({ shape: [2, 1], data: Float64Array.of(7, 9) }).length // 144
 */
export function writeNpy(array: { readonly shape: readonly number[]; readonly data: NumericArray }): Uint8Array {
  const { shape, data } = array;
  if (shape.length > 64) throw new ShapeError(`an npy array has at most 64 axes, got ${shape.length}`);
  if (elementCount(shape) !== data.length || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new ShapeError(`an npy array of shape ${shape.join(" x ") || "()"} cannot hold ${data.length} elements`);
  const type = elementTypeOf(data);
  const code = Object.keys(npyTypes).find((key) => npyTypes[key] === type) as string;
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const descr = `${data.BYTES_PER_ELEMENT === 1 ? "|" : "<"}${code}`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  // The elements begin at a multiple of 64, as NumPy asks, with a line end before them
  const offset = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = new TextEncoder().encode(`${text.padEnd(offset - 11)}\n`);
  const result = new Uint8Array(offset + data.byteLength);
  result.set([...npyMagic, 1, 0, header.length & 255, header.length >> 8]);
  result.set(header, 10);
  result.set(encodeElements(data, true), offset);
  return result;
}
