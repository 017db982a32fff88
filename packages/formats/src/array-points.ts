import { FormatError, ShapeError } from "@sonde/core";
import { type ArrayLayout, checkSize, elementCount, toRowMajor } from "./array-file.js";
import { type ByteSource, bytesSource } from "./byte-source.js";
import { decodeElements, elementBytes } from "./element-type.js";
import { byteCount, maxFortranBytes } from "./limits.js";
import type { Points, PointTable, Selection } from "./point-table.js";

/** The points in an array file: the first axis counts them. Only the wanted rows are read from the source. */
export function arrayPoints(source: ByteSource, layout: ArrayLayout): PointTable {
  checkSize(layout, source.size);
  const [rows, ...rest] = layout.shape;
  if (rows === undefined) throw new ShapeError("it holds a single number: expected one point in each row");
  const pointShape = rest.length === 0 ? [1] : rest;
  const elements = layout.rowMajor ? source : rowMajorSource(source, layout);
  const offset = layout.rowMajor ? layout.offset : 0;
  return { rows, pointShape, read: (selection) => readRows(elements, offset, layout, elementCount(pointShape), selection) };
}

/** The elements of an array in Fortran order, put in row-major order. Their rows lie scattered, so the array is held whole. */
function rowMajorSource(source: ByteSource, layout: ArrayLayout): ByteSource {
  if (source.size > maxFortranBytes)
    throw new FormatError(
      `it holds ${byteCount(source.size)} in Fortran order, more than the ${byteCount(maxFortranBytes)} that are kept: save it in C order`,
    );
  const elements = source.read(layout.offset, source.size - layout.offset);
  return bytesSource(toRowMajor(elements, layout.shape, elementBytes(layout.type)));
}

function readRows(source: ByteSource, offset: number, layout: ArrayLayout, columns: number, { rows, label }: Selection): Points {
  const rowBytes = columns * elementBytes(layout.type);
  const count = rows?.length ?? layout.shape[0];
  const rowAt = (i: number) => rows?.[i] ?? i;
  const values = new Float64Array(count * (columns - (label === undefined ? 0 : 1)));
  const labels = new Float64Array(label === undefined ? 0 : count);
  // Neighbouring rows are read together, up to 1 MiB
  const most = Math.max(1, Math.floor(2 ** 20 / rowBytes));
  let to = 0;
  for (let i = 0; i < count; ) {
    const first = rowAt(i);
    let run = 1;
    while (run < most && i + run < count && rowAt(i + run) === first + run) run++;
    const elements = decodeElements(source.read(offset + first * rowBytes, run * rowBytes), layout.type, layout.littleEndian);
    for (let k = 0; k < elements.length; k++) {
      const value = Number(elements[k]);
      const column = k % columns;
      if (!Number.isFinite(value)) {
        const row = first + (k - column) / columns;
        throw new FormatError(`row ${row + 1}, column ${column + 1} is ${value}: every value must be a finite number`);
      }
      if (column === label) labels[i + (k - column) / columns] = value;
      else values[to++] = value;
    }
    i += run;
  }
  return label === undefined ? { values } : { values, labels };
}
