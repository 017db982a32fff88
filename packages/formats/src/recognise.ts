import { FormatError } from "@sonde/core";
import type { ArrayLayout } from "./array-file.js";
import { idxLayout, looksLikeIdx } from "./idx.js";
import { looksLikeNpy, npyLayout } from "./npy.js";

/** What a file holds: an array whose header has been read, text, or either of them packed. */
export type Recognised =
  | { readonly kind: "array"; readonly layout: ArrayLayout }
  | { readonly kind: "csv" }
  | { readonly kind: "gzip" };

/**
 * The format of a file by its first bytes, never by its name: the one place where formats are told apart. 128 KiB are enough, fewer only where the
 * file is shorter. Throws `FormatError` for anything else.
 */
export function recognise(head: Uint8Array): Recognised {
  if (head.length === 0) throw new FormatError("it is empty: expected points as IDX, npy or CSV");
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: "gzip" };
  if (looksLikeNpy(head)) return { kind: "array", layout: npyLayout(head) };
  if (looksLikeIdx(head)) return { kind: "array", layout: idxLayout(head) };
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new FormatError("it is UTF-16 text: save it as UTF-8");
  if (head.some(isControl)) {
    const start = Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new FormatError(`it begins with the bytes ${start} and is none of IDX, npy and CSV (each may be packed by gzip)`);
  }
  return { kind: "csv" };
}

/** Control characters that no text holds: all but tab, line feed, form feed and carriage return. */
function isControl(byte: number): boolean {
  return byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13;
}
