import { crc32, deflateRawSync } from "node:zlib";
import { FormatError } from "@sonde/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNpz, writeNpy } from "../src/index.js";
import { damaged } from "./arrays.js";
import { fixture } from "./fixture.js";

const numpy = fixture<{
  readonly arrays: { name: string; shape: number[]; type: string; values: number[] }[];
  readonly [archive: string]: unknown;
}>("npz.json");
const bytesOf = (name: string) => new Uint8Array(Buffer.from(numpy[name] as string, "base64"));

/** A zip archive of one content under many names; `shared` by all of them, or once for each. */
function zip(names: readonly string[], content: Uint8Array, { shared = false } = {}): Uint8Array {
  const packed = deflateRawSync(content, { level: 1 });
  const fields = (header: Buffer, at: number, name: string) => {
    header.writeUInt16LE(8, at + 4);
    header.writeUInt32LE(crc32(content), at + 10);
    header.writeUInt32LE(packed.length, at + 14);
    header.writeUInt32LE(content.length, at + 18);
    header.writeUInt16LE(Buffer.byteLength(name), at + 22);
  };
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    fields(local, 4, name);
    const listed = Buffer.alloc(46);
    listed.writeUInt32LE(0x02014b50);
    fields(listed, 6, name);
    listed.writeUInt32LE(shared ? 0 : at, 42);
    directory.push(listed, Buffer.from(name));
    if (shared && files.length > 0) continue;
    files.push(local, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...files, ...directory, end]));
}

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

  it("refuses archives whose entries share bytes, and too many entries", async () => {
    const content = writeNpy({ shape: [1], data: Float64Array.of(7) });
    const apart = zip(["a.npy", "b.npy"], content);
    expect((await parseNpz(apart)).map(({ name }) => name)).toEqual(["a", "b"]);
    await expect(parseNpz(zip(["a.npy", "b.npy"], content, { shared: true }))).rejects.toThrow(
      'the zip archive is damaged ("a.npy" and "b.npy" share bytes): save it again',
    );
    const many = Array.from({ length: 10_001 }, (_, k) => `${k}.npy`);
    await expect(parseNpz(zip(many, content, { shared: true }))).rejects.toThrow(
      "the archive holds 10001 files, more than the 10000 that are read: save fewer arrays",
    );
  });

  it("refuses more values than fit before it unfolds them", async () => {
    const zeros = { shape: [2 ** 25], data: new Uint8Array(2 ** 25) };
    const content = writeNpy(zeros);
    await expect(parseNpz(zip(["a.npy", "b.npy", "c.npy"], content))).rejects.toThrow(
      '"c": the arrays up to this one hold more than 67108864 values, the most that are kept in memory: save fewer points',
    );
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
