import { FormatError, ShapeError } from "@sonde/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseIdx, writeIdx } from "../src/index.js";
import { arrays } from "./arrays.js";

it("parseIdx reads the layout of the MNIST page byte by byte", () => {
  const { shape, data, type } = parseIdx(Uint8Array.of(0, 0, 0x0b, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0x01, 0x02, 0xff, 0xfe));
  expect(shape).toEqual([2, 1]);
  expect(type).toBe("int16");
  expect(data).toEqual(Int16Array.of(258, -2));
});

it("writeIdx and parseIdx keep every bit", () => {
  fc.assert(
    fc.property(arrays([Uint8Array, Int8Array, Int16Array, Int32Array, Float32Array, Float64Array]), ({ shape, data }) => {
      const back = parseIdx(writeIdx({ shape, data }));
      expect(back.shape).toEqual(shape);
      expect(back.data.constructor).toBe(data.constructor);
      expect(new Uint8Array(back.data.buffer)).toEqual(new Uint8Array(data.buffer, 0, data.byteLength));
    }),
  );
});

it("parseIdx reads bytes that begin inside a larger buffer", () => {
  const file = writeIdx({ shape: [2], data: Int32Array.of(7, -9) });
  const pool = new Uint8Array(file.length + 3);
  pool.set(file, 3);
  expect(parseIdx(pool.subarray(3)).data).toEqual(Int32Array.of(7, -9));
});

it.each<[string, number[], string]>([
  ["nothing", [], "not an IDX file: expected two zero bytes, a type (8, 9, 11, 12, 13 or 14) and the number of axes"],
  ["an unknown type", [0, 0, 10, 1, 0, 0, 0, 0], "not an IDX file"],
  ["no axes", [0, 0, 8, 0], "not an IDX file"],
  ["half a header", [0, 0, 8, 2, 0, 0, 0, 1], "the IDX header needs 12 bytes, but there are 8: it is truncated"],
  [
    "too few elements",
    [0, 0, 8, 1, 0, 0, 0, 3, 1, 2],
    "the IDX header promises 11 bytes in all (shape 3, uint8), but there are 10: it is truncated",
  ],
  [
    "too many elements",
    [0, 0, 8, 1, 0, 0, 0, 1, 1, 2],
    "the IDX header promises 9 bytes in all (shape 1, uint8), but there are 10: that is too many",
  ],
  [
    "more than can be counted",
    [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255],
    "the IDX header promises an array larger than any file, so it is not an honest header",
  ],
])("parseIdx refuses %s", (_, bytes, message) => {
  expect(() => parseIdx(Uint8Array.from(bytes))).toThrow(FormatError);
  expect(() => parseIdx(Uint8Array.from(bytes))).toThrow(message);
});

it("writeIdx refuses what IDX cannot hold", () => {
  expect(() => writeIdx({ shape: [1], data: Uint16Array.of(1) })).toThrow(
    new FormatError("IDX has no type for uint16: convert to one of uint8, int8, int16, int32, float32, float64"),
  );
  expect(() => writeIdx({ shape: [], data: Uint8Array.of(1) })).toThrow(new ShapeError("an IDX array has 1 to 255 axes, got 0"));
  expect(() => writeIdx({ shape: [2, 2], data: Uint8Array.of(1) })).toThrow(
    new ShapeError("an IDX array of shape 2 x 2 cannot hold 1 elements"),
  );
});
