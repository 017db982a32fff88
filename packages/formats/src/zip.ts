import { FormatError, quote } from "@sonde/core";
import { type ByteSource, bytesSource } from "./byte-source.js";
import { decompress } from "./decompress.js";
import { byteCount, maxBytesHeld, maxDirectoryBytes, maxZipEntries } from "./limits.js";

/** One file of a zip archive, unpacked. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the central directory says of a file. */
interface Listed {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly header: number;
}

const signatures = { local: 0x04034b50, listed: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };

/** Whether the bytes begin like a zip archive; one without files begins with its end. */
export function looksLikeZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/** One file of a zip archive, where it lies. */
export interface ZipMember {
  readonly name: string;
  /** Bytes once unpacked. */
  readonly size: number;
  /** Where its bytes lie as they are; `undefined` where they are packed. */
  readonly stored?: number;
  /** Its bytes, unpacked. Throws `FormatError` where they are not what the archive promises. */
  readonly read: () => Promise<Uint8Array>;
}

/**
 * The files of a zip archive, stored or deflated, in the order of its central directory, without reading them; folders are left out. Zip64 is read. There may be 10 000 of them, and no two may share bytes.
 *
 * Throws `FormatError` for bytes that are no such archive, encrypted or packed in another way.
 *
 * Source: PKWARE APPNOTE 6.3.10.
 */
export function zipMembers(source: ByteSource): ZipMember[] {
  const listed = centralDirectory(source).filter(({ name }) => !name.endsWith("/"));
  const places = listed.map((entry) => placeOf(source, entry));
  checkApart(listed, places);
  return listed.map((entry, k) => ({
    name: entry.name,
    size: entry.unpacked,
    ...(entry.method === 0 && { stored: places[k].start }),
    read: async () => {
      const content = await unpack(source.read(places[k].start, places[k].end - places[k].start), entry);
      if (crc32(content) !== entry.crc)
        throw new FormatError(`${quote(entry.name)} in the archive is damaged: its checksum differs`);
      return content;
    },
  }));
}

/**
 * The files of a zip archive in memory, one after the other. All together may unpack to 256 MiB, and each to exactly what its entry promises.
 */
export async function* unzip(bytes: Uint8Array): AsyncGenerator<ZipEntry, void> {
  const members = zipMembers(bytesSource(bytes));
  const total = members.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytesHeld)
    throw new FormatError(
      `the archive unpacks to ${byteCount(total)}, more than the ${byteCount(maxBytesHeld)} that are kept in memory: save fewer arrays, or float32`,
    );
  for (const { name, read } of members) yield { name, bytes: await read() };
}

/** Where an entry lies: from its header at `first` on, its packed bytes from `start` to `end`. */
interface Place {
  readonly first: number;
  readonly start: number;
  readonly end: number;
}

function placeOf(source: ByteSource, { name, flags, method, packed, unpacked, header }: Listed): Place {
  if (flags & 1) throw new FormatError(`${quote(name)} in the archive is encrypted: save it without a password`);
  if (method !== 0 && method !== 8)
    throw new FormatError(`${quote(name)} in the archive is packed by method ${method}: expected stored (0) or deflated (8)`);
  const view = header + 30 > source.size ? undefined : viewOf(source, header, 30);
  if (view?.getUint32(0, true) !== signatures.local) throw damaged(`no file at ${quote(name)}`);
  const start = header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + packed > source.size) throw damaged(`${quote(name)} is truncated`);
  if (method === 0 && packed !== unpacked) throw damaged(`${quote(name)} does not hold the ${unpacked} bytes that it promises`);
  return { first: header, start, end: start + packed };
}

/** Entries that share bytes let a small archive unpack to anything. */
function checkApart(listed: readonly Listed[], places: readonly Place[]): void {
  const order = places.map((_, k) => k).sort((a, b) => places[a].first - places[b].first);
  const shared = order.findIndex((k, i) => i > 0 && places[k].first < places[order[i - 1]].end);
  if (shared > 0) throw damaged(`${quote(listed[order[shared - 1]].name)} and ${quote(listed[order[shared]].name)} share bytes`);
}

async function unpack(packed: Uint8Array, { name, method, unpacked }: Listed): Promise<Uint8Array> {
  const lies = () => damaged(`${quote(name)} does not hold the ${unpacked} bytes that it promises`);
  const content =
    method === 0
      ? packed
      : await decompress("deflate-raw", packed, { limit: unpacked }).catch(() => {
          throw lies();
        });
  if (content.length !== unpacked) throw lies();
  return content;
}

function viewOf(source: ByteSource, offset: number, length: number): DataView {
  const bytes = source.read(offset, length);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** The entries of the central directory, which the end of the archive points to. */
function centralDirectory(source: ByteSource): Listed[] {
  const { count, offset } = endOfDirectory(source);
  if (count > maxZipEntries)
    throw new FormatError(`the archive holds ${count} files, more than the ${maxZipEntries} that are read: save fewer arrays`);
  const listed: Listed[] = [];
  if (offset > source.size) throw damaged("no directory where its end says");
  // It is the last thing in the archive.
  const view = viewOf(source, offset, Math.min(source.size - offset, maxDirectoryBytes));
  let at = 0;
  for (let k = 0; k < count; k++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== signatures.listed)
      throw damaged(`no entry ${k + 1} of ${count}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > view.byteLength) throw damaged("the directory is truncated");
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    const long = longSizes(view, at + 46 + nameLength, extraLength);
    const size = (field: number) => {
      const value = view.getUint32(at + field, true);
      return value === 0xffffffff ? (long.shift() ?? value) : value;
    };
    // In the order in which the extra field holds those that do not fit.
    const [unpacked, packed, header] = [size(24), size(20), size(42)];
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    listed.push({ name, flags, method, crc: view.getUint32(at + 16, true), packed, unpacked, header });
    at = next;
  }
  return listed;
}

/** Where the central directory is, and how many entries it has. */
function endOfDirectory(source: ByteSource): { count: number; offset: number } {
  const tail = Math.min(source.size, 22 + 0xffff);
  const view = viewOf(source, source.size - tail, tail);
  for (let at = tail - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== signatures.end || at + 22 + view.getUint16(at + 20, true) !== tail) continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    if (count !== 0xffff && offset !== 0xffffffff) return { count, offset };
    return endOfDirectory64(source, source.size - tail + at - 20) ?? { count, offset };
  }
  throw new FormatError("not a complete zip archive: its central directory is missing, so it is truncated or something else");
}

function endOfDirectory64(source: ByteSource, place: number): { count: number; offset: number } | undefined {
  const locator = place < 0 ? undefined : viewOf(source, place, 20);
  if (locator?.getUint32(0, true) !== signatures.locator64) return undefined;
  const at = long(locator, 8);
  const end = at + 56 > source.size ? undefined : viewOf(source, at, 56);
  if (end?.getUint32(0, true) !== signatures.end64) throw damaged("its zip64 end is missing");
  return { count: long(end, 32), offset: long(end, 48) };
}

/** The 64-bit numbers of the zip64 field (id 1) among the extra fields. */
function longSizes(view: DataView, start: number, length: number): number[] {
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) !== 1 || at + 4 + size > start + length) continue;
    return Array.from({ length: Math.floor(size / 8) }, (_, k) => long(view, at + 4 + 8 * k));
  }
  return [];
}

function long(view: DataView, at: number): number {
  return view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
}

function damaged(how: string): FormatError {
  return new FormatError(`the zip archive is damaged (${how}): save it again`);
}

/** The remainders of CRC-32 (ISO 3309) for every byte. */
const remainders = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 (ISO 3309), as zip stores it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = remainders[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
