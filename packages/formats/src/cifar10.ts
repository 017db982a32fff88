import { FormatError } from "@sonde/core";
import type { ByteSource } from "./byte-source.js";
import { byteCount } from "./limits.js";
import type { Points, PointTable, Selection } from "./point-table.js";

/** Pixels along each side, colours, and the bytes of one record: the label, then the planes of red, green and blue. */
const side = 32;
const channels = 3;
const plane = side * side;
const recordBytes = 1 + channels * plane;

/** The ten classes are numbered from 0. */
const classes = 10;

/**
 * The images of CIFAR-10's binary files, one after the other, with their labels: pixels 0 to 255, `[32, 32, 3]`, rows from top to bottom, the colours of a pixel together, as the layers of an architecture take them (the files keep
 * colour after colour).
 *
 * Throws `FormatError` for a file that is no whole number of records of 3073 bytes, and for a label beyond 9.
 *
 * @see A. Krizhevsky, *Learning multiple layers of features from tiny images*, 2009; "The CIFAR-10 dataset", section "Binary version"
 */
export function cifar10Images(sources: readonly ByteSource[]): PointTable {
  const starts = [0];
  for (const [k, { size }] of sources.entries()) {
    if (size === 0 || size % recordBytes !== 0)
      throw new FormatError(
        `its file number ${k + 1} has ${byteCount(size)}, which is no whole number of records of ${recordBytes} bytes (a label and ${side} x ${side} x ${channels} pixels): it is not whole, or not the binary version of CIFAR-10`,
      );
    starts.push(starts[k] + size / recordBytes);
  }
  const rows = starts[sources.length];
  const record = (row: number): Uint8Array => {
    const file = starts.findIndex((_, k) => row < starts[k + 1]);
    return sources[file].read((row - starts[file]) * recordBytes, recordBytes);
  };
  return { rows, pointShape: [side, side, channels], read: (selection) => readRecords(record, rows, selection) };
}

function readRecords(record: (row: number) => Uint8Array, all: number, { rows }: Selection): Points {
  const count = rows?.length ?? all;
  const values = new Float64Array(count * channels * plane);
  const labels = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = rows?.[i] ?? i;
    const bytes = record(row);
    if (bytes[0] >= classes)
      throw new FormatError(`image ${row + 1} has the label ${bytes[0]}: those of CIFAR-10 are 0 to ${classes - 1}`);
    labels[i] = bytes[0];
    const at = i * channels * plane;
    for (let c = 0; c < channels; c++) for (let p = 0; p < plane; p++) values[at + channels * p + c] = bytes[1 + c * plane + p];
  }
  return { values, labels };
}
