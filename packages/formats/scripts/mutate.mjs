import { crc32 } from "node:zlib";

/** Whole numbers of 32 bits, the same for every run of a seed (xorshift); seeds up to 2^53 are told apart. */
export function generator(seed) {
  let state = Math.imul((seed % 2 ** 32) + 1, 2654435761) ^ Math.imul(Math.floor(seed / 2 ** 32) + 1, 1597334677) || 1;
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

/** Places that no model has any business in, and links beside it that lead there. */
const elsewhere = [
  "/etc/hostname",
  "../secret",
  "a/../../secret",
  "link",
  "./link",
  "folder/secret",
  "/dev/zero",
  "pipe",
  "C:\\secret",
  "",
  ".",
];

/** The bytes with the names of files beside it, where they are in it, as places elsewhere: mostly of the same length, since formats count letters. */
export function pointedElsewhere(bytes, names, random) {
  let text = Buffer.from(bytes).toString("latin1");
  for (const name of names) {
    const place = elsewhere[random(elsewhere.length)];
    const missing = name.length - place.length;
    // Slashes that follow one another are one.
    const padded =
      missing < 2
        ? place
        : place.includes("/")
          ? place.replace("/", () => "/".repeat(missing + 1))
          : `.${"/".repeat(missing - 1)}${place}`;
    text = text.replaceAll(name, () => (random(4) > 0 ? padded : place));
  }
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** A mutated file of the seed: its bytes, or half the time what it is made of, put together again so that the change is met deep inside. */
export function mutatedFile(bytes, random) {
  if (random(2) === 0) return mutated(bytes, random);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const entries = entriesOf(bytes);
    const chosen = random(entries.length);
    return stored(entries.map((entry, k) => (k === chosen ? { ...entry, bytes: changedInside(entry.bytes, random) } : entry)));
  }
  return changedInside(bytes, random);
}

/** Bytes with one to four changes by their structure where they have one that is known: JSON, safetensors, Protocol Buffers; else where they lie. */
function changedInside(bytes, random) {
  let result = Uint8Array.from(bytes);
  for (let k = random(2) === 0 ? 0 : random(4); k >= 0; k--)
    result =
      changedJson(result, random) ??
      changedSafetensors(result, random) ??
      changedFields(result, random) ??
      changedInPlace(result, random);
  return result;
}

/** As many bytes as before. */
function changedInPlace(bytes, random) {
  if (bytes.length === 0) return bytes;
  const at = random(2) === 0 ? random(bytes.length) : random(Math.min(bytes.length, 4096));
  const how = random(4);
  if (how === 0) bytes[at] ^= 1 << random(8);
  else if (how === 1) bytes[at] = edges[random(edges.length)];
  else if (how === 2) bytes.fill(edges[random(edges.length)], at, at + 1 + random(8));
  else bytes.copyWithin(random(bytes.length), at, at + random(16));
  return bytes;
}

const values = [
  0,
  1,
  -1,
  0.5,
  2,
  3,
  1e9,
  2 ** 31,
  2 ** 53,
  -1e300,
  null,
  true,
  "",
  "relu",
  "input",
  [],
  {},
  [1, [2]],
  [1e6, 1e6],
];

/** JSON with a value that is another, is missing, or is there twice. */
function changedJson(bytes, random) {
  if (bytes[0] !== 0x7b && bytes[0] !== 0x5b) return undefined;
  let root;
  try {
    root = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const places = [];
  const visit = (holder) => {
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      if (holder[key] !== null && typeof holder[key] === "object") visit(holder[key]);
    }
  };
  visit(root);
  if (places.length === 0) return undefined;
  const [holder, key] = places[random(places.length)];
  const [other, otherKey] = places[random(places.length)];
  const how = random(5);
  if (how === 0) holder[key] = values[random(values.length)];
  else if (how === 1) holder[key] = structuredClone(other[otherKey]);
  else if (how === 2 && Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(holder[key]));
  else if (how === 2) holder[`${key}${random(3)}`] = holder[key];
  else if (how === 3 && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (how === 3) delete holder[key];
  else if (typeof holder[key] === "number")
    holder[key] = [holder[key] + 1, -holder[key], 2 * holder[key], 1e6 * holder[key]][random(4)];
  else holder[key] = [holder[key]];
  return new TextEncoder().encode(JSON.stringify(root));
}

/** Safetensors with another header. */
function changedSafetensors(bytes, random) {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return undefined;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = length <= bytes.length - 8 ? changedJson(bytes.slice(8, 8 + length), random) : undefined;
  if (!header) return undefined;
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(header.length), true);
  return joined(size, header, bytes.slice(8 + length));
}

/** The fields of a message of Protocol Buffers, or nothing where the bytes are none. */
function fieldsOf(bytes) {
  const fields = [];
  let at = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (let k = 0; k < 10 && at < bytes.length; k++) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const start = at;
    const key = varint();
    if (!(key >= 8 && key < 2 ** 16)) return undefined;
    const type = key % 8;
    if (type === 2) {
      const length = varint();
      if (!(length <= bytes.length - at)) return undefined;
      fields.push({ key, content: bytes.subarray(at, at + length) });
      at += length;
      continue;
    }
    if (type === 0 && Number.isNaN(varint())) return undefined;
    if (type === 5) at += 4;
    else if (type === 1) at += 8;
    else if (type !== 0) return undefined;
    if (at > bytes.length) return undefined;
    fields.push({ key, raw: bytes.subarray(start, at) });
  }
  return fields;
}

function varintOf(value) {
  const bytes = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return Uint8Array.of(...bytes, left);
}

function messageOf(fields) {
  return joined(...fields.flatMap(({ key, raw, content }) => (raw ? [raw] : [varintOf(key), varintOf(content.length), content])));
}

/** A message of Protocol Buffers with a field, at any depth, that is another, is missing, is there twice or has changed places; lengths are right. */
function changedFields(bytes, random) {
  const fields = bytes.length > 0 ? fieldsOf(bytes) : undefined;
  if (!fields || fields.length === 0) return undefined;
  const k = random(fields.length);
  const field = fields[k];
  const deeper = field.content && random(8) > 0 ? changedFields(field.content, random) : undefined;
  const how = random(6);
  if (deeper) fields[k] = { ...field, content: deeper };
  else if (how === 0) fields.splice(k, 1);
  else if (how === 1) fields.splice(random(fields.length), 0, field);
  else if (how === 2) fields.push(...fields.splice(k, 1));
  else if (how === 3)
    fields[k] = {
      ...field,
      key: (random(32) + 1) * 8 + (field.key % 8),
      ...(field.raw && { raw: changedInPlace(field.raw.slice(), random) }),
    };
  else if (field.raw)
    fields[k] =
      field.key % 8 === 0
        ? { raw: joined(varintOf(field.key), varintOf([0, 1, 2, 7, 64, 65536, 2 ** 31, 2 ** 40, 2 ** 52][random(9)])) }
        : { raw: changedInPlace(field.raw.slice(), random) };
  else fields[k] = { ...field, content: mutated(field.content, random) };
  return messageOf(fields);
}
