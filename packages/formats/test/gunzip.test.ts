import { gzipSync } from "node:zlib";
import { FormatError } from "@sonde/core";
import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { gunzip } from "../src/index.js";
import { sameNumbers } from "./arrays.js";

const { getBuiltinModule } = process;
afterEach(() => Object.assign(process, { getBuiltinModule }));

it.each([true, false])("gunzip undoes gzip, in one piece or many (by zlib: %s)", async (byZlib) => {
  if (!byZlib) Object.assign(process, { getBuiltinModule: undefined });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 1, max: 50 }), async (bytes, step) => {
      const packed = new Uint8Array(gzipSync(bytes));
      const pieces = Array.from({ length: Math.ceil(packed.length / step) }, (_, i) => packed.subarray(i * step, (i + 1) * step));
      expect(await gunzip(packed)).toEqual(bytes);
      expect(await gunzip(pieces)).toEqual(bytes);
    }),
    { numRuns: 30 },
  );
});

it("gunzip grows with the data", async () => {
  const bytes = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * i) >> 7);
  expect(sameNumbers(await gunzip(gzipSync(bytes)), bytes)).toBe(true);
});

it("gunzip stops at its limit", async () => {
  const packed = gzipSync(new Uint8Array(1000));
  expect(await gunzip(packed, { limit: 1000 })).toHaveLength(1000);
  await expect(gunzip(packed, { limit: 999 })).rejects.toThrow(
    new FormatError(
      "there are more than 999 bytes once unpacked, the most that is kept in memory: unpack the file, and save text as npy",
    ),
  );
});

it("gunzip stops where the data's own header says it ends", async () => {
  // 64 members of 8 MiB: half a gigabyte from 0.5 MB
  const bomb = Buffer.concat(new Array(64).fill(gzipSync(new Uint8Array(2 ** 23))));
  let read = 0;
  function* pieces() {
    for (let at = 0; at < bomb.length; at += 4096) {
      read = at;
      yield bomb.subarray(at, at + 4096);
    }
  }
  await expect(gunzip(pieces(), { promised: () => 2 ** 20 })).rejects.toThrow(
    new FormatError("there are more bytes than the 1048576 that the header inside the gzip data promises"),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(read).toBeLessThan(bomb.length / 10);
  await expect(gunzip(bomb, { promised: () => 2 ** 40 })).rejects.toThrow("there are more than 256.0 MiB once unpacked");
});

it("gunzip refuses damaged and truncated data", async () => {
  const packed = gzipSync(Uint8Array.from({ length: 500 }, (_, i) => i * i));
  for (const bytes of [
    new Uint8Array(0),
    packed.subarray(0, 5),
    packed.subarray(0, -4),
    packed.map((b, i) => (i > 20 ? b ^ 85 : b)),
  ])
    await expect(gunzip(bytes)).rejects.toThrow(/^the gzip data is damaged or truncated \(/);
});

it("gunzip passes on the error of a source that fails", async () => {
  const packed = gzipSync(new Uint8Array(10));
  function* pieces() {
    yield packed.subarray(0, 5);
    throw new FormatError("the file ended early");
  }
  await expect(gunzip(pieces())).rejects.toThrow(new FormatError("the file ended early"));
});
