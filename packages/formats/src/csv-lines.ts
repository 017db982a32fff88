import { FormatError } from "@sonde/core";
import { byteCount, maxLineBytes } from "./limits.js";

/** A line that is neither empty nor a comment: its number in the file, from 1, and its text. */
export interface CsvLine {
  readonly number: number;
  readonly text: () => string;
}

const [tab, lineFeed, carriageReturn, blank, hash] = [9, 10, 13, 32, 35];

/** The lines of UTF-8 text that are neither empty nor a comment. Lines end with LF, CRLF or CR; a byte order mark is skipped. */
export function* csvLines(bytes: Uint8Array): Generator<CsvLine> {
  const decoder = new TextDecoder();
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let number = 1; at < bytes.length; number++) {
    while (bytes[at] === blank || bytes[at] === tab) at++;
    const start = at;
    while (at < bytes.length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++;
    const end = at;
    if (end > start && bytes[start] !== hash) {
      if (end - start > maxLineBytes)
        throw new FormatError(`line ${number} is longer than ${byteCount(maxLineBytes)}: expected one point in each line`);
      yield { number, text: () => decoder.decode(bytes.subarray(start, end)) };
    }
    at += bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? 2 : 1;
  }
}
