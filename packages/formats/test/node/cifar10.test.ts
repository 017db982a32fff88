import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, FormatError, row, ShapeError, stream } from "@sonde/core";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { bytesSource } from "../../src/byte-source.js";
import { cifar10Images } from "../../src/cifar10.js";
import { readDataSet } from "../../src/node/index.js";

const folder = mkdtempSync(join(tmpdir(), "sonde-cifar10-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A pixel as the made files hold it: tells image, row, column and colour. */
const pixel = (image: number, i: number, j: number, c: number) => (7 * image + 5 * i + 3 * j + 11 * c) % 256;

/** A record as the format says: the label, then the planes of red, green and blue, each row after row. */
function record(image: number): Uint8Array {
  const bytes = new Uint8Array(3073);
  bytes[0] = image % 10;
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < 32; i++) for (let j = 0; j < 32; j++) bytes[1 + 1024 * c + 32 * i + j] = pixel(image, i, j, c);
  return bytes;
}

/** A folder of five files, of so many images each. */
function made(name: string, counts: readonly number[], files = ["1", "2", "3", "4", "5"]): string {
  const home = join(folder, name);
  mkdirSync(home);
  let image = 0;
  for (const [k, count] of counts.entries()) {
    const records = Array.from({ length: count }, () => record(image++));
    writeFileSync(join(home, `data_batch_${files[k]}.bin`), Buffer.concat(records));
  }
  return home;
}

const refusal = (spec: string, options = {}) => readDataSet(spec, options).catch((error: Error) => error);

it("readDataSet reads CIFAR-10's binary files, the colours of a pixel together", async () => {
  const home = made("whole", [2, 1, 3, 1, 2]);
  writeFileSync(
    join(home, "batches.meta.txt"),
    `${"airplane automobile bird cat deer dog frog horse ship truck".replaceAll(" ", "\n")}\n`,
  );
  const { points, pointShape, labels, labelNames, available, name } = await readDataSet(`cifar10:${home}`, { inputs: 3072 });
  expect([points.rows, points.cols, available, name]).toEqual([9, 3072, 9, "cifar10"]);
  expect(pointShape).toEqual([32, 32, 3]);
  expect(Array.from(labels ?? [])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(labelNames?.[9]).toBe("truck");
  for (let image = 0; image < 9; image++)
    for (const [i, j, c] of [
      [0, 0, 0],
      [0, 0, 2],
      [0, 31, 1],
      [17, 4, 2],
      [31, 31, 2],
    ])
      expect(row(points, image)[(32 * i + j) * 3 + c]).toBe(pixel(image, i, j, c));
});

it("readDataSet chooses images of CIFAR-10 by the stream, each with its label", async () => {
  const home = made("choice", [3, 3, 3, 3, 3]);
  const some = await readDataSet(`cifar10:${home}`, { points: 4, random: stream(1) });
  const again = await readDataSet(`cifar10:${home}`, { points: 4, random: stream(1) });
  expect(some.points.data).toEqual(again.points.data);
  // The first pixel of an image tells which it is, below 36 images.
  for (let k = 0; k < 4; k++) expect((row(some.points, k)[0] / 7) % 10).toBe(some.labels?.[k]);
});

it("readDataSet refuses what is not CIFAR-10 in one sentence", async () => {
  expect(await refusal("cifar10:/nowhere")).toBeInstanceOf(ConfigError);
  expect(String(await refusal(`cifar10:${made("four", [1, 1, 1, 1])}`))).toContain("has no data_batch_5.bin: name the folder");
  expect(await refusal(`cifar10:${join(folder, "whole")}`, { inputs: 784 })).toBeInstanceOf(ShapeError);
  expect(await refusal(`cifar10:${join(folder, "whole")}`, { labels: "x.csv" })).toBeInstanceOf(ConfigError);
  const cut = made("cut", [1, 1, 1, 1, 1]);
  writeFileSync(join(cut, "data_batch_3.bin"), record(0).subarray(0, 3000));
  expect(String(await refusal(`cifar10:${cut}`))).toMatch(/file number 3 .* no whole number of records of 3073 bytes/);
  const wrong = record(0);
  wrong[0] = 10;
  writeFileSync(join(cut, "data_batch_3.bin"), wrong);
  expect(String(await refusal(`cifar10:${cut}`))).toContain("image 3 has the label 10");
});

it("cifar10Images takes any bytes without anything but FormatError", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 4000 }), { maxLength: 5 }), (files) => {
      try {
        const { rows, read } = cifar10Images(files.map(bytesSource));
        expect(read({}).values.length).toBe(3072 * rows);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }),
    { numRuns: 50, seed: 1 },
  );
});
