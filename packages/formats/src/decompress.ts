import { FormatError, SondeError } from "@sonde/core";
import { bytesSource, pieces } from "./byte-source.js";
import { byteCount, headBytes, maxBytesHeld } from "./limits.js";
import { unpacked } from "./unpacked.js";

export interface DecompressOptions {
  /** The most bytes to unpack: at least 0, default 2^28 (256 MiB). */
  readonly limit?: number;
  /** Asked once the first 128 KiB are there: how many bytes they promise in all, if they do; unpacking stops beyond them. It may throw. */
  readonly promised?: (head: Uint8Array) => number | undefined;
}

/**
 * The bytes that were packed, with a bound on memory: unpacking stops as soon as more comes out than the limit, or than the data's own header
 * promises.
 *
 * Throws `FormatError` for data that is damaged, truncated or too large.
 */
export async function decompress(
  format: "gzip" | "deflate-raw",
  bytes: Uint8Array | Iterable<Uint8Array>,
  options: DecompressOptions = {},
): Promise<Uint8Array> {
  const limit = options.limit ?? maxBytesHeld;
  const name = format === "gzip" ? "gzip" : "deflated";
  const source = bytes instanceof Uint8Array ? pieces(bytesSource(bytes)) : bytes;
  let promised: number | undefined;
  let bound = limit;
  let held = new Uint8Array(Math.min(headBytes, limit));
  let length = 0;
  try {
    for await (const chunk of unpacked(format, source)) {
      for (let rest = chunk; rest.length > 0; ) {
        if (length >= bound) throw new FormatError(tooMuch(limit, promised));
        if (length === held.length) held = resized(held, promised ?? Math.min(2 * length, limit));
        const piece = rest.subarray(0, held.length - length);
        held.set(piece, length);
        length += piece.length;
        rest = rest.subarray(piece.length);
        if (length === headBytes) {
          promised = options.promised?.(held);
          bound = promised ?? limit;
          if (bound > limit) throw new FormatError(tooMuch(limit));
        }
      }
    }
  } catch (error) {
    if (error instanceof SondeError) throw error;
    throw new FormatError(`the ${name} data is damaged or truncated (${error instanceof Error ? error.message : String(error)})`);
  }
  return held.subarray(0, length);
}

function tooMuch(limit: number, promised?: number): string {
  return promised === undefined
    ? `there are more than ${byteCount(limit)} once unpacked, the most that is kept in memory: unpack the file, and save text as npy`
    : `there are more bytes than the ${promised} that the header inside the gzip data promises`;
}

/** A longer buffer that begins with the bytes of the old one. */
function resized(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(size);
  result.set(bytes);
  return result;
}
