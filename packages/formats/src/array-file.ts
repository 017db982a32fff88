import { FormatError } from "@sonde/core";
import { decodeElements, type ElementType, elementBytes, type NumericArray } from "./element-type.js";

/** An array as a file holds it: `data` in row-major order (the last index runs fastest), whatever the order in the file. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: NumericArray;
  /** What the file called the elements; `bool` and `float16` have no typed array of their own. */
  readonly type: ElementType;
}

/** What the header of an array file says: enough to find every element without reading any. */
export interface ArrayLayout {
  readonly format: "IDX" | "npy";
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** Whether the last index runs fastest; otherwise the first does (Fortran order). */
  readonly rowMajor: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly offset: number;
  /** Bytes of the whole file. */
  readonly size: number;
}

/** The layout with its size, computed from the rest. Throws `FormatError` if the shape is beyond counting. */
export function arrayLayout(fields: Omit<ArrayLayout, "size">): ArrayLayout {
  const size = fields.offset + elementCount(fields.shape) * elementBytes(fields.type);
  if (!Number.isSafeInteger(size))
    throw new FormatError(`the ${fields.format} header promises an array larger than any file, so it is not an honest header`);
  return { ...fields, size };
}

/** The product of the sizes; 1 for no axes, 0 as soon as one of them is 0. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** Throws `FormatError` unless the file has exactly the size that its header promises. */
export function checkSize(layout: ArrayLayout, size: number): void {
  if (size === layout.size) return;
  const difference = size < layout.size ? "it is truncated" : "that is too many";
  throw new FormatError(
    `the ${layout.format} header promises ${layout.size} bytes in all (shape ${layout.shape.join(" x ") || "()"}, ${layout.type}), but there are ${size}: ${difference}`,
  );
}

/** The array in `bytes`, the whole file. */
export function decodeArray(layout: ArrayLayout, bytes: Uint8Array): NdArray {
  checkSize(layout, bytes.length);
  const elements = bytes.subarray(layout.offset);
  const ordered = layout.rowMajor ? elements : toRowMajor(elements, layout.shape, elementBytes(layout.type));
  return { shape: layout.shape, data: decodeElements(ordered, layout.type, layout.littleEndian), type: layout.type };
}

/** Elements of `size` bytes, moved from Fortran order (first index fastest) to row-major order. */
export function toRowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const strides: number[] = [];
  shape.reduce((stride, length) => {
    strides.push(stride);
    return stride * length;
  }, size);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < bytes.length; to += size) {
    for (let k = 0; k < size; k++) result[to + k] = bytes[from + k];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
