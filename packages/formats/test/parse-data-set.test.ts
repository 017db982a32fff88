import { gzipSync } from "node:zlib";
import { ConfigError, DomainError, FormatError, ShapeError, stream } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDataSet, writeIdx, writeNpy } from "../src/index.js";
import { damaged, sameNumbers } from "./arrays.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const numbers = Float64Array.from({ length: 60 }, (_, i) => i - 0.5);
const npy = writeNpy({ shape: [20, 3], data: numbers });

it("parseDataSet reads the same points from every format, packed or not", async () => {
  const csv = bytesOf(Array.from({ length: 20 }, (_, i) => Array.from(numbers.subarray(3 * i, 3 * i + 3)).join()).join("\n"));
  const fortran = npy.slice();
  fortran.set(bytesOf("True, "), new TextDecoder("latin1").decode(npy).indexOf("False,"));
  const offset = npy.length - numbers.byteLength;
  const columns = Float64Array.from(numbers, (_, i) => numbers[(i % 20) * 3 + Math.floor(i / 20)]);
  fortran.set(new Uint8Array(columns.buffer), offset);
  for (const bytes of [npy, fortran, csv, writeIdx({ shape: [20, 3], data: numbers })])
    for (const file of [bytes, gzipSync(bytes)])
      for (const points of [undefined, 7]) {
        const set = await parseDataSet(file, { points, random: stream(3), inputs: 2 });
        const expected = await parseDataSet(npy, { points, random: stream(3), inputs: 2 });
        expect(set).toEqual(expected);
        expect(set.available).toBe(20);
        expect(set.points.rows).toBe(points ?? 20);
        expect(set.labels?.[0]).toBe(set.points.data[1] + 1);
      }
});

it("parseDataSet chooses distinct rows by the stream alone", async () => {
  const chosen = async (seed: number, points: number) => (await parseDataSet(npy, { points, random: stream(seed) })).points.data;
  expect(await chosen(1, 8)).toEqual(await chosen(1, 8));
  expect(await chosen(1, 8)).not.toEqual(await chosen(2, 8));
  expect((await chosen(1, 8)).subarray(0, 9)).toEqual(await chosen(1, 3));
  expect(new Set((await chosen(1, 19)).filter((_, i) => i % 3 === 0)).size).toBe(19);
  expect(await chosen(1, 20)).toEqual(numbers);
  expect(await chosen(1, 1000)).toEqual(numbers);
});

it("parseDataSet keeps the shape of images and reads their rows in runs", async () => {
  // Rows of 1 KiB, so that a block of 1 MiB ends inside
  const images = Uint8Array.from({ length: 1500 * 1024 }, (_, i) => (i * 7) >> 9);
  const { points, pointShape } = await parseDataSet(writeIdx({ shape: [1500, 32, 32], data: images }), { inputs: 1024 });
  expect(pointShape).toEqual([32, 32]);
  expect(sameNumbers(points.data, images)).toBe(true);
});

it("parseDataSet takes a one-axis array as points of one value", async () => {
  expect((await parseDataSet(writeNpy({ shape: [3], data: BigInt64Array.of(1n, 2n, -3n) }))).points).toEqual({
    rows: 3,
    cols: 1,
    data: Float64Array.of(1, 2, -3),
  });
});

it("parseDataSet finds the label in the column that the header names, else in the last", async () => {
  const first = await parseDataSet(bytesOf("Label,a,b\n7,1,2\n8,3,4"), { inputs: 2 });
  expect(first.points.data).toEqual(Float64Array.of(1, 2, 3, 4));
  expect(first.labels).toEqual(Float64Array.of(7, 8));
  const last = await parseDataSet(bytesOf("a,b,c\n1,2,7\n3,4,8"), { inputs: 2 });
  expect(last.points).toEqual(first.points);
  expect(last.labels).toEqual(first.labels);
  expect(last.labelNames).toBeUndefined();
  expect((await parseDataSet(bytesOf("a,b,c\n1,2,7"), { inputs: 3 })).labels).toBeUndefined();
});

it("parseDataSet numbers labels that are names", async () => {
  const { labels, labelNames } = await parseDataSet(bytesOf("5.1,3.5,setosa\n7.0,3.2,versicolor\n4.9,3.0,setosa"), { inputs: 2 });
  expect(labels).toEqual(Float64Array.of(0, 1, 0));
  expect(labelNames).toEqual(["setosa", "versicolor"]);
  await expect(parseDataSet(bytesOf("5.1,3.5,setosa\n7.0,3.2,\n"), { inputs: 2 })).rejects.toThrow(
    new FormatError('line 2, column 3 is the label "" where another is the name "setosa"'),
  );
  await expect(parseDataSet(bytesOf("5.1,3.5,1\n7.0,3.2,setosa\n"), { inputs: 2 })).rejects.toThrow(
    new FormatError('line 2, column 3: "setosa" is not a number'),
  );
  const many = Array.from({ length: 2 ** 16 + 1 }, (_, i) => `1,n${i}`).join("\n");
  await expect(parseDataSet(bytesOf(many), { inputs: 1 })).rejects.toThrow(
    new FormatError("column 2 holds more than 65536 different names: expected labels"),
  );
});

it.each<[string, Uint8Array, number | undefined, Error]>([
  ["an empty file", new Uint8Array(0), undefined, new FormatError("it is empty: expected points as IDX, npy or CSV")],
  [
    "zeros",
    new Uint8Array(1000),
    undefined,
    new FormatError("it begins with the bytes 00 00 00 00 and is none of IDX, npy and CSV (each may be packed by gzip)"),
  ],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 49, 0), undefined, new FormatError("it is UTF-16 text: save it as UTF-8")],
  ["gzip in gzip", gzipSync(gzipSync(npy)), undefined, new FormatError("it is packed by gzip twice: unpack it")],
  [
    "a model with other inputs",
    npy,
    7,
    new ShapeError("each point has 3 values, but the model has 7 inputs: expected 7 values, or 8 with a label"),
  ],
  [
    "images with other inputs",
    writeIdx({ shape: [1, 3, 2], data: new Uint8Array(6) }),
    5,
    new ShapeError("each point has 3 x 2 values, but the model has 5 inputs: expected 5 values"),
  ],
  [
    "an array without axes",
    writeNpy({ shape: [], data: Uint8Array.of(1) }),
    undefined,
    new ShapeError("it holds a single number: expected one point in each row"),
  ],
  [
    "no points",
    writeNpy({ shape: [0, 5], data: new Uint8Array(0) }),
    undefined,
    new ShapeError("it holds no points: expected one point in each row"),
  ],
  [
    "points without values",
    writeNpy({ shape: [2 ** 50, 0], data: new Uint8Array(0) }),
    undefined,
    new ShapeError("it holds no points: expected one point in each row"),
  ],
  [
    "NaN",
    writeNpy({ shape: [2, 2], data: Float32Array.of(1, 2, Number.NaN, 4) }),
    undefined,
    new FormatError("row 2, column 1 is NaN: every value must be a finite number"),
  ],
  [
    "an infinite label",
    writeNpy({ shape: [2, 2], data: Float32Array.of(1, 2, 3, -Infinity) }),
    1,
    new FormatError("row 2, column 2 is -Infinity: every value must be a finite number"),
  ],
])("parseDataSet refuses %s", async (_, bytes, inputs, error) => {
  await expect(parseDataSet(bytes, { inputs })).rejects.toThrow(error);
});

it("parseDataSet refuses numbers of points that make no sense or take too much memory", async () => {
  await expect(parseDataSet(npy, { points: 0 })).rejects.toThrow(
    new DomainError("the number of points is a whole number from 1, got 0"),
  );
  const wide = writeIdx({ shape: [2 ** 27 / 2, 1], data: new Uint8Array(2 ** 26) });
  const more = new Uint8Array(wide.length + 1);
  more.set(wide);
  more[7] = 1;
  await expect(parseDataSet(more)).rejects.toThrow(
    new ConfigError("67108865 points of 1 values take 512.0 MiB, more than the 512.0 MiB that are kept: ask for fewer points"),
  );
  await expect(parseDataSet(more, { points: 2 ** 24 })).rejects.toThrow(
    new ConfigError("cannot choose 16777216 points at random: ask for at most 1048576, or for all 67108865"),
  );
});

it("parseDataSet answers any bytes with points or a FormatError or ShapeError", async () => {
  const csv = bytesOf('"a","b"\n1.5,2\n-3e4,".5"\r\n# c\n5,6');
  const files = [npy, writeIdx({ shape: [4, 2, 2], data: Uint8Array.from({ length: 16 }, (_, i) => i) }), csv];
  const packed = files.map((file) => new Uint8Array(gzipSync(file)));
  const fuzz = fc.oneof(fc.uint8Array({ maxLength: 200 }), ...[...files, ...packed].map(damaged));
  await fc.assert(
    fc.asyncProperty(fuzz, fc.option(fc.nat({ max: 4 }), { nil: undefined }), async (bytes, inputs) => {
      try {
        const { points } = await parseDataSet(bytes, { inputs, points: 3 });
        expect(points.data.every(Number.isFinite)).toBe(true);
        expect(points.data).toHaveLength(points.rows * points.cols);
      } catch (error) {
        expect([FormatError, ShapeError]).toContain((error as Error).constructor);
        expect((error as Error).message).toMatch(/^[^\n]{1,400}$/);
      }
    }),
    { numRuns: 3000 },
  );
});

describe("parseDataSet takes the label from the column that is named", () => {
  const text = "x,price,y\n1,10,2\n3,30,4";
  it("by the header or by its number", async () => {
    for (const label of ["price", "2"]) {
      const { points, labels } = await parseDataSet(bytesOf(text), { inputs: 2, label });
      expect([[...points.data], [...(labels ?? [])]]).toEqual([
        [1, 2, 3, 4],
        [10, 30],
      ]);
    }
  });
  it("and says what it has instead", async () => {
    const read = (label: string, inputs = 2) => parseDataSet(bytesOf(text), { inputs, label });
    await expect(read("prise")).rejects.toThrow('it has no column "prise": did you mean "price"?');
    await expect(read("4")).rejects.toThrow('the header names "x", "price", "y"');
    await expect(read("price", 3)).rejects.toThrow('each row has 2 values beside the column "price", but the model has 3 inputs');
    await expect(parseDataSet(bytesOf("1,2\n3,4"), { inputs: 1, label: "z" })).rejects.toThrow("there are 2, by their numbers");
  });
});
