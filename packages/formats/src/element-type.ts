/** The types of array elements that Sonde reads, by NumPy's names; NumPy itself has no bfloat16, model files do. */
export type ElementType =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64";

/** Typed arrays that hold elements. `bool` lives in a `Uint8Array` of 0 and 1, `float16` and `bfloat16` (exactly) in a `Float32Array`. */
export type NumericArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** How elements of each type are stored: the typed array with their size. */
const storage = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<ElementType, unknown>;

/** Bytes of one element. */
export function elementBytes(type: ElementType): number {
  return storage[type].BYTES_PER_ELEMENT;
}

/** The element type that a typed array holds. */
export function elementTypeOf(data: NumericArray): ElementType {
  const types = Object.keys(storage) as ElementType[];
  return types.find((type) => type !== "bool" && data instanceof storage[type]) as ElementType;
}

/** The elements in `bytes`, copied. The number of bytes must be a multiple of the element's size. */
export function decodeElements(bytes: Uint8Array, type: ElementType, littleEndian: boolean): NumericArray {
  const { buffer } = inHostOrder(bytes, elementBytes(type), littleEndian);
  if (type === "float16") return fromFloat16(new Uint16Array(buffer));
  if (type === "bfloat16") return fromBfloat16(new Uint16Array(buffer));
  return new storage[type](buffer);
}

/** The bytes of the elements, copied. */
export function encodeElements(data: NumericArray, littleEndian: boolean): Uint8Array<ArrayBuffer> {
  return inHostOrder(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), data.BYTES_PER_ELEMENT, littleEndian);
}

/** A copy in which every element's bytes are reversed if their order is not this machine's; the same map leads in and out. */
function inHostOrder(bytes: Uint8Array, size: number, littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (littleEndian !== hostIsLittleEndian)
    for (let at = 0; at < copy.length; at += size) for (let k = 0; k < size; k++) copy[at + k] = bytes[at + size - 1 - k];
  return copy;
}

/** A typed array of zeros that holds decoded elements of the type. */
export function zerosOf(type: ElementType, length: number): NumericArray {
  return new (type === "float16" || type === "bfloat16" ? Float32Array : storage[type])(length);
}

/** bfloat16 is the upper half of binary32. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length);
  const bits = new Uint32Array(result.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return result;
}

/** IEEE binary16 to binary32 by moving the bits; subnormals are multiples of 2^-24. */
function fromFloat16(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length);
  const bits = new Uint32Array(result.buffer);
  for (let i = 0; i < halves.length; i++) {
    const sign = (halves[i] & 0x8000) << 16;
    const exponent = (halves[i] >> 10) & 31;
    const fraction = halves[i] & 1023;
    if (exponent === 0) result[i] = (sign === 0 ? 1 : -1) * fraction * 5.9604644775390625e-8;
    else bits[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13);
  }
  return result;
}
