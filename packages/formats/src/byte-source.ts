/** Bytes that can be read anywhere: in memory, or an open file of which only the wanted parts are read. */
export interface ByteSource {
  readonly size: number;
  /** `length` bytes from `offset`; the caller stays within `size`. */
  readonly read: (offset: number, length: number) => Uint8Array;
}

/** Bytes in memory as a source; views, not copies. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** The source in pieces of 64 KiB, in order: small, since a decompressor may hold all that one piece unpacks to, a thousand times as much. */
export function* pieces(source: ByteSource): Generator<Uint8Array> {
  const step = 2 ** 16;
  for (let at = 0; at < source.size; at += step) yield source.read(at, Math.min(step, source.size - at));
}
