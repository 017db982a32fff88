import { FormatError } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNpz } from "../src/index.js";
import { damaged } from "./arrays.js";
import { fixture } from "./fixture.js";

const numpy = fixture<{
  readonly arrays: { name: string; shape: number[]; type: string; values: number[] }[];
  readonly [archive: string]: unknown;
}>("npz.json");
const bytesOf = (name: string) => new Uint8Array(Buffer.from(numpy[name] as string, "base64"));

describe("parseNpz", () => {
  it.each(["stored", "deflated"])("reads what NumPy saved: %s", async (archive) => {
    const arrays = await parseNpz(bytesOf(archive));
    expect(arrays.map(({ name, shape, type, data }) => ({ name, shape, type, values: Array.from(data, Number) }))).toEqual(
      numpy.arrays,
    );
  });

  it("reads sizes of 64 bits, archives without arrays, and bytes in the midst of a larger buffer", async () => {
    expect(await parseNpz(bytesOf("zip64"))).toMatchObject([{ name: "wide", data: Float64Array.of(0, 1, 2) }]);
    expect(await parseNpz(bytesOf("empty"))).toEqual([]);
    const stored = bytesOf("stored");
    const larger = new Uint8Array(stored.length + 13);
    larger.set(stored, 13);
    expect(await parseNpz(larger.subarray(13))).toEqual(await parseNpz(stored));
  });

  it.each([
    ["notes", 'the archive holds "notes.txt", and an npz file only arrays NAME.npy'],
    ["twice", 'the archive holds "a" twice: save it again'],
    ["lzma", '"a.npy" in the archive is packed by method 14: expected stored (0) or deflated (8)'],
    ["objects", /^"a": npy elements of type "\|O" are not numbers/],
  ])("refuses %s", async (archive, message) => {
    await expect(parseNpz(bytesOf(archive))).rejects.toThrow(FormatError);
    await expect(parseNpz(bytesOf(archive))).rejects.toThrow(message);
  });

  it("refuses other bytes, damage and promises that are not kept", async () => {
    await expect(parseNpz(new Uint8Array(0))).rejects.toThrow("not a complete zip archive");
    await expect(parseNpz(bytesOf("stored").subarray(0, -1))).rejects.toThrow("not a complete zip archive");
    const flipped = bytesOf("stored");
    flipped[250] ^= 1;
    await expect(parseNpz(flipped)).rejects.toThrow('"layer1.npy" in the archive is damaged: its checksum differs');
    const liar = bytesOf("deflated");
    const view = new DataView(liar.buffer);
    let entry = 0;
    while (view.getUint32(entry, true) !== 0x02014b50) entry++;
    view.setUint32(entry + 24, 2 ** 31, true);
    await expect(parseNpz(liar)).rejects.toThrow("the archive unpacks to 2.0 GiB, more than the 256.0 MiB");
    view.setUint32(entry + 24, 5, true);
    await expect(parseNpz(liar)).rejects.toThrow('"layer1.npy" does not hold the 5 bytes that it promises');
  });

  it("answers any bytes with arrays or a FormatError", async () => {
    for (const archive of ["stored", "deflated", "zip64"]) {
      const bytes = bytesOf(archive);
      const anywhere = fc
        .array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 })
        .map((changes) => {
          const copy = bytes.slice();
          for (const [at, byte] of changes) copy[at] = byte;
          return copy;
        });
      await fc.assert(
        fc.asyncProperty(fc.oneof(damaged(bytes), anywhere, fc.uint8Array({ maxLength: 200 })), async (file) => {
          await parseNpz(file).catch((error) => expect(error).toBeInstanceOf(FormatError));
        }),
        { numRuns: 200 },
      );
    }
  });
});
