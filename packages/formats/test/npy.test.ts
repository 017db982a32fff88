import { FormatError, ShapeError } from "@sonde/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseNpy, writeNpy } from "../src/index.js";
import { arrays } from "./arrays.js";
import { fixture } from "./fixture.js";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly shape: number[];
  readonly type: string;
  readonly values: string[];
}

const numpy = fixture<{ cases: Case[]; refused: Pick<Case, "name" | "file">[] }>("npy.json");
const bytesOf = (file: string) => new Uint8Array(Buffer.from(file, "base64"));

it.each(numpy.cases)("parseNpy reads what NumPy saved: $name", ({ file, shape, type, values }) => {
  const array = parseNpy(bytesOf(file));
  expect(array.shape).toEqual(shape);
  expect(array.type).toBe(type);
  const expected = values.map((value) =>
    type.endsWith("int64") ? BigInt(value) : value.endsWith("inf") ? (value === "inf" ? Infinity : -Infinity) : Number(value),
  );
  expect(Array.from<number | bigint>(array.data)).toEqual(expected);
});

it.each(numpy.refused)("parseNpy refuses $name with the types that it reads", ({ file }) => {
  expect(() => parseNpy(bytesOf(file))).toThrow(FormatError);
  expect(() => parseNpy(bytesOf(file))).toThrow(
    /^npy elements of type ".*" are not numbers that Sonde reads: save with one of bool, int8/,
  );
});

it("writeNpy writes the bytes of NumPy's own save", () => {
  const int32 = numpy.cases.find(({ name }) => name === "<i4 C");
  const data = Int32Array.from(int32?.values ?? [], Number);
  expect(writeNpy({ shape: [3, 4], data })).toEqual(bytesOf(int32?.file ?? ""));
});

it("writeNpy and parseNpy keep every bit", () => {
  fc.assert(
    fc.property(arrays(), ({ shape, data }) => {
      const back = parseNpy(writeNpy({ shape, data }));
      expect(back.shape).toEqual(shape);
      expect(back.data.constructor).toBe(data.constructor);
      expect(new Uint8Array(back.data.buffer)).toEqual(new Uint8Array(data.buffer, 0, data.byteLength));
    }),
  );
});

it("writeNpy writes arrays without axes", () => {
  expect(parseNpy(writeNpy({ shape: [], data: Float64Array.of(7) }))).toEqual({
    shape: [],
    data: Float64Array.of(7),
    type: "float64",
  });
});

/** An npy file, version 1, with the given header and no elements. */
function withHeader(text: string): Uint8Array {
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...new TextEncoder().encode(text),
  ]);
}

it("parseNpy reads headers as other writers lay them out", () => {
  const { shape, type } = parseNpy(withHeader('{"shape":(0L,3L),"fortran_order":False,"descr":"=u2"}'));
  expect(shape).toEqual([0, 3]);
  expect(type).toBe("uint16");
});

it.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(0), 'not an npy file: it does not begin with the byte 0x93 and "NUMPY"'],
  ["half a magic", withHeader("").subarray(0, 5), "not an npy file"],
  ["a magic alone", withHeader("").subarray(0, 6), "the npy header is truncated: save the array again"],
  ["version 9", withHeader("").map((byte, i) => (i === 6 ? 9 : byte)), "npy version 9.0 is unknown: expected 1.0, 2.0 or 3.0"],
  [
    "half a header",
    withHeader("{'descr': '<f8'").subarray(0, 20),
    "the npy header claims 15 bytes, but only 10 follow: it is truncated",
  ],
  [
    "a header of gigabytes",
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 127),
    "the npy header claims 2147483647 bytes, more than the 65536 that Sonde reads",
  ],
  ["a missing entry", withHeader("{'descr': '<f8'}"), "the npy header \"{'descr': '<f8'}\" lacks descr, fortran_order or shape"],
  [
    "an unreadable shape",
    withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (3,,4)}"),
    'the npy header has an unreadable shape "(3,,4)"',
  ],
  [
    "a type that is a property of every object",
    withHeader("{'descr': 'constructor', 'fortran_order': False, 'shape': (3,)}"),
    'npy elements of type "constructor" are not numbers',
  ],
  [
    "a shape beyond counting",
    withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740991, 9)}"),
    "the npy header promises an array larger than any file, so it is not an honest header",
  ],
  [
    "missing elements",
    withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)}"),
    "the npy header promises 163 bytes in all (shape 3 x 4, float64), but there are 67: it is truncated",
  ],
])("parseNpy refuses %s", (_, bytes, message) => {
  expect(() => parseNpy(bytes)).toThrow(FormatError);
  expect(() => parseNpy(bytes)).toThrow(message);
});

it("writeNpy refuses shapes that do not fit", () => {
  expect(() => writeNpy({ shape: [2, 2], data: Float64Array.of(1) })).toThrow(
    new ShapeError("an npy array of shape 2 x 2 cannot hold 1 elements"),
  );
  expect(() => writeNpy({ shape: new Array(65).fill(1), data: Float64Array.of(1) })).toThrow(
    new ShapeError("an npy array has at most 64 axes, got 65"),
  );
});
