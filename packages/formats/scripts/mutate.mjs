import { crc32 } from "node:zlib";

/** Whole numbers of 32 bits, the same for every run of a seed (xorshift). */
export function generator(seed) {
  let state = (seed + 1) * 2654435761;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const edges = [0, 1, 0x7f, 0x80, 0xff];
const digits = [
  "0",
  "-1",
  "1e999",
  "4294967296",
  "9007199254740993",
  "65536",
  "18446744073709551615",
  "NaN",
  "null",
  '"x"',
  "[]",
  "{}",
];

/** A change, or up to eight, of bytes: flips, edges, runs, cuts, copies, and other numbers in text. */
export function mutated(bytes, random) {
  let result = Uint8Array.from(bytes);
  for (let k = random(2) === 0 ? 0 : random(8); k >= 0; k--) {
    if (result.length === 0) return result;
    // Headers lie at the ends of most formats.
    const at = [
      random(result.length),
      random(Math.min(result.length, 256)),
      result.length - 1 - random(Math.min(result.length, 256)),
    ][random(3)];
    const how = random(9);
    if (how === 0) result[at] ^= 1 << random(8);
    else if (how === 1) result[at] = edges[random(edges.length)];
    else if (how === 2) result[at] = random(256);
    else if (how === 3) result.fill(edges[random(edges.length)], at, at + 1 + random(10));
    else if (how === 4) result = result.slice(0, at);
    else if (how === 5) result.copyWithin(random(result.length), at, at + random(200));
    else if (how === 6) result = joined(result.slice(0, at), result.slice(at + random(64)));
    else if (how === 7) result = joined(result.slice(0, at), result.slice(at, at + random(64)), result.slice(at));
    else result = otherNumber(result, at, random);
  }
  return result;
}

/** The next number in text from a place on becomes another. */
function otherNumber(bytes, at, random) {
  const isDigit = (byte) => byte >= 48 && byte <= 57;
  let start = at;
  while (start < bytes.length && !isDigit(bytes[start])) start++;
  let end = start;
  while (end < bytes.length && isDigit(bytes[end])) end++;
  return joined(bytes.slice(0, start), new TextEncoder().encode(digits[random(digits.length)]), bytes.slice(end));
}

function joined(...parts) {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** The files of a stored zip archive, by its central directory. */
export function entriesOf(archive) {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  let end = archive.length - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end--;
  const entries = [];
  for (let at = view.getUint32(end + 16, true), k = view.getUint16(end + 10, true); k > 0; k--) {
    const [size, name, extra, comment] = [
      view.getUint32(at + 20, true),
      ...[28, 30, 32].map((field) => view.getUint16(at + field, true)),
    ];
    const header = view.getUint32(at + 42, true);
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    entries.push({
      name: Buffer.from(archive.subarray(at + 46, at + 46 + name)).toString(),
      bytes: archive.subarray(start, start + size),
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** A zip archive of files, stored, with their checksums: so that damage inside is not seen before it is read. */
export function stored(entries) {
  const [files, directory] = [[], []];
  let at = 0;
  for (const { name, bytes } of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    files.push(Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name), bytes);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, place, Buffer.from(name));
    at += 30 + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...files, ...directory, end]));
}

/** A mutated file of the seed, its archive's contents mutated half the time. */
export function mutatedFile(bytes, random) {
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!zip || random(2) === 0) return mutated(bytes, random);
  const entries = entriesOf(bytes);
  const chosen = random(entries.length);
  return stored(entries.map((entry, k) => (k === chosen ? { ...entry, bytes: mutated(entry.bytes, random) } : entry)));
}
