import { FormatError, quote } from "@sonde/core";
import { elementCount } from "../array-file.js";
import type { ByteSource } from "../byte-source.js";
import { decodeElements, type ElementType, elementBytes, type NumericArray, zerosOf } from "../element-type.js";
import { byteCount } from "../limits.js";
import { modelLimits } from "./limits.js";
import type { ModelTensor, TensorType } from "./model-file.js";

const elementTypes: ReadonlySet<string> = new Set([
  ..."bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 bfloat16 float32 float64".split(" "),
]);

/** Whether elements of the type are decoded. */
export function isElementType(type: TensorType): type is ElementType {
  return elementTypes.has(type);
}

/** Where the elements of a tensor lie: one after the other from `offset` on. */
export interface TensorPlace {
  readonly source: ByteSource;
  readonly offset: number;
  readonly littleEndian?: boolean;
}

/** Bytes that are decoded at a time, so that large tensors are not held twice. */
const step = 2 ** 22;

/** A tensor whose elements lie in a row in a file. */
export function storedTensor(name: string, shape: readonly number[], type: TensorType, place: TensorPlace): ModelTensor {
  const { source, offset, littleEndian = true } = place;
  return lazyTensor(name, shape, type, (start, count, elements) => {
    const size = elementBytes(elements);
    if (count * size <= step) return decodeElements(source.read(offset + start * size, count * size), elements, littleEndian);
    const result = zerosOf(elements, count);
    for (let at = 0; at < count; at += step / size) {
      const some = Math.min(step / size, count - at);
      const piece = decodeElements(source.read(offset + (start + at) * size, some * size), elements, littleEndian);
      (result as Float32Array).set(piece as Float32Array, at);
    }
    return result;
  });
}

/** A tensor of which every element is one number. */
export function constantTensor(name: string, shape: readonly number[], type: TensorType, constant: number): ModelTensor {
  const tensor = lazyTensor(name, shape, type, (_start, count, elements) => {
    const result = zerosOf(elements, count);
    return result instanceof BigInt64Array || result instanceof BigUint64Array
      ? result.fill(BigInt(Math.trunc(constant)))
      : result.fill(constant);
  });
  return { ...tensor, constant };
}

/** A tensor of values that are in memory. */
export function heldTensor(name: string, shape: readonly number[], type: ElementType, data: NumericArray): ModelTensor {
  return lazyTensor(name, shape, type, (start, count) => data.slice(start, start + count));
}

/** A tensor by a function that decodes `count` elements from `start` on; what is asked for is checked here. */
export function lazyTensor(
  name: string,
  shape: readonly number[],
  type: TensorType,
  decode: (start: number, count: number, type: ElementType) => NumericArray,
): ModelTensor {
  const size = elementCount(shape);
  return {
    name,
    shape,
    type,
    values: (start = 0, count = size - start) => {
      if (!isElementType(type))
        throw new FormatError(`${quote(name)} holds ${quote(type)}, not numbers that Sonde reads: save it as float32`);
      const bytes = count * Math.max(elementBytes(type), type === "float16" || type === "bfloat16" ? 4 : 1);
      if (bytes > modelLimits.tensorBytes)
        throw new FormatError(
          `${quote(name)} takes ${byteCount(bytes)} once decoded, more than the ${byteCount(modelLimits.tensorBytes)} that are kept in memory`,
        );
      return decode(start, count, type);
    },
  };
}

/** `count` elements of an array in memory from the `first` on, in the order of the indices of `shape`: each lies at `offset` and `strides[axis]` times its index on every axis. */
export function stridedElements(
  all: NumericArray,
  {
    shape,
    strides,
    offset = 0,
  }: { readonly shape: readonly number[]; readonly strides: readonly number[]; readonly offset?: number },
  [first, count, type]: readonly [first: number, count: number, type: ElementType],
): NumericArray {
  const result = zerosOf(type, count);
  for (let k = 0; k < count; k++) {
    let from = offset;
    let rest = first + k;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    result[k] = all[from];
  }
  return result;
}

/** The same values under another name or shape. */
export function sameValues(
  tensor: ModelTensor,
  changed: { readonly name?: string; readonly shape?: readonly number[] },
): ModelTensor {
  return { ...tensor, ...changed };
}

/** Throws `FormatError` for a shape that no tensor has; returns its number of elements. */
export function checkedCount(name: string, shape: readonly number[]): number {
  if (shape.length > modelLimits.axes)
    throw new FormatError(`${quote(name)} has ${shape.length} axes, more than the ${modelLimits.axes} that a tensor may have`);
  const count = elementCount(shape);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(count * 16))
    throw new FormatError(`${quote(name)} has the impossible shape [${shape.slice(0, 8).join(", ")}]`);
  return count;
}

/** Values as plain numbers. */
export function numbers(values: NumericArray): number[] {
  return Array.from(values as ArrayLike<number | bigint>, Number);
}
