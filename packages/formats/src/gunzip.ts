import { type DecompressOptions, decompress } from "./decompress.js";

export type GunzipOptions = DecompressOptions;

/**
 * The bytes that gzip packed, with a bound on memory: unpacking stops as soon as more comes out than the limit, or than the data's own header
 * promises, so a small file that would unpack to terabytes costs no more than an honest one.
 *
 * `bytes`, or pieces of them in order `-> bytes`. Throws `FormatError` for data that is damaged, truncated or too large.
 *
 * Source: RFC 1952; unpacked by zlib in Node, by `DecompressionStream` elsewhere.
 *
 * @example
 * const packed = new Blob(["sonde"]).stream().pipeThrough(new CompressionStream("gzip"));
 * const bytes = await gunzip(new Uint8Array(await new Response(packed).arrayBuffer()));
 * new TextDecoder().decode(bytes) // "sonde"
 */
export function gunzip(bytes: Uint8Array | Iterable<Uint8Array>, options: GunzipOptions = {}): Promise<Uint8Array> {
  return decompress("gzip", bytes, options);
}
