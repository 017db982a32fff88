import fc from "fast-check";
import type { NumericArray } from "../src/index.js";

/** Arrays of every kind: any typed array, any bits in it, cut to a shape. */
export function arrays(
  kinds: readonly (typeof typedArrays)[number][] = typedArrays,
): fc.Arbitrary<{ shape: number[]; data: NumericArray }> {
  return fc
    .record({
      shape: fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 }),
      kind: fc.constantFrom(...kinds),
      bytes: fc.uint8Array({ minLength: 2048, maxLength: 2048 }),
    })
    .map(({ shape, kind, bytes }) => ({
      shape,
      data: new kind(
        bytes.slice().buffer,
        0,
        shape.reduce((n, size) => n * size, 1),
      ),
    }));
}

const typedArrays = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
] as const;

/** Damaged copies of a file: some bytes replaced, then cut or extended. */
export function damaged(file: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      changes: fc.array(fc.tuple(fc.nat({ max: Math.min(file.length - 1, 150) }), fc.nat({ max: 255 })), { maxLength: 4 }),
      length: fc.option(fc.nat({ max: file.length + 8 })),
    })
    .map(({ changes, length }) => {
      const result = new Uint8Array(length ?? file.length);
      result.set(file.subarray(0, result.length));
      for (const [at, byte] of changes) if (at < result.length) result[at] = byte;
      return result;
    });
}

/** Whether two arrays hold the same numbers; for long ones, on which a test runner's own comparison takes seconds. */
export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
}
