import { crc32 } from "node:zlib";
import { type NumericArray, writeNpy } from "@sonde/formats";

/** An npz file as `numpy.savez` writes it: a zip archive, not compressed. */
export function npz(
  arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: NumericArray }>>,
): Uint8Array {
  const [files, directory]: Buffer[][] = [[], []];
  let at = 0;
  for (const [key, array] of Object.entries(arrays)) {
    const [name, content] = [Buffer.from(`${key}.npy`), writeNpy(array)];
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const [offset, version] = [Buffer.alloc(14), Buffer.from([20, 0])];
    offset.writeUInt32LE(at, 10);
    files.push(Buffer.from("PK\x03\x04", "latin1"), fields, name, Buffer.from(content));
    directory.push(Buffer.from("PK\x01\x02", "latin1"), version, fields, offset, name);
    at += 30 + name.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  const count = Object.keys(arrays).length;
  const bytes = Buffer.concat(directory);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(bytes.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, bytes, end]);
}
