import { ConfigError, FormatError, matrix, nearest, quote, ShapeError, stream } from "@sonde/core";
import { elementCount } from "./array-file.js";
import { arrayPoints } from "./array-points.js";
import { type ByteSource, bytesSource, pieces } from "./byte-source.js";
import { chooseRows } from "./choose-rows.js";
import { csvPoints } from "./csv-points.js";
import type { DataSet, DataSetOptions } from "./data-set.js";
import { gunzip } from "./gunzip.js";
import { byteCount, headBytes, maxBytesHeld, maxPointBytes } from "./limits.js";
import type { PointTable } from "./point-table.js";
import { recognise } from "./recognise.js";

/** The chosen points of a source in any format; `labelSource` holds labels that come in a file of their own. */
export async function readPoints(
  source: ByteSource,
  options: DataSetOptions = {},
  labelSource?: ByteSource,
): Promise<Omit<DataSet, "name" | "source">> {
  const points = pointsOf(await pointTable(source), options);
  if (!labelSource) return points.data;
  return { ...points.data, labels: await readLabels(labelSource, points.data.available, points.rows) };
}

/** The chosen points of a table, and which rows they are; all in order where that is undefined. */
export function pointsOf(
  table: PointTable,
  options: DataSetOptions = {},
): { readonly data: Omit<DataSet, "name" | "source">; readonly rows?: Uint32Array } {
  const columns = elementCount(table.pointShape);
  if (table.rows === 0 || columns === 0) throw new ShapeError("it holds no points: expected one point in each row");
  const label = options.label === undefined ? labelColumn(table, columns, options.inputs) : namedColumn(table, columns, options);
  const features = columns - (label === undefined ? 0 : 1);
  const rows = chooseRows(table.rows, options.points, options.random ?? stream(0));
  const count = rows?.length ?? table.rows;
  const bytes = count * columns * Float64Array.BYTES_PER_ELEMENT;
  if (bytes > maxPointBytes)
    throw new ConfigError(
      `${count} points of ${columns} values take ${byteCount(bytes)}, more than the ${byteCount(maxPointBytes)} that are kept: ask for fewer points`,
    );
  const { values, ...labels } = table.read({ rows, label });
  const pointShape = label === undefined ? table.pointShape : [features];
  return { data: { points: matrix(count, features, values), pointShape, ...labels, available: table.rows }, rows };
}

/** The points in a source of any format, packed by gzip or not. */
async function pointTable(source: ByteSource, packed = false): Promise<PointTable> {
  const found = recognise(source.read(0, Math.min(source.size, headBytes)));
  if (found.kind === "array") return arrayPoints(source, found.layout);
  if (found.kind === "csv") {
    if (source.size > maxBytesHeld)
      throw new FormatError(
        `it is text of ${byteCount(source.size)}, more than the ${byteCount(maxBytesHeld)} that are kept: save it as npy`,
      );
    return csvPoints(source.read(0, source.size));
  }
  if (packed) throw new FormatError("it is packed by gzip twice: unpack it");
  if (source.size > maxBytesHeld)
    throw new FormatError(
      `it is ${byteCount(source.size)} of gzip data, more than the ${byteCount(maxBytesHeld)} that are kept: unpack it, and save text as npy`,
    );
  const promised = (head: Uint8Array) => {
    const inner = recognise(head);
    return inner.kind === "array" ? inner.layout.size : undefined;
  };
  return pointTable(bytesSource(await gunzip(pieces(source), { promised })), true);
}

/** The column of the label, from 0: there is one if rows have one value more than the model has inputs. */
function labelColumn(table: PointTable, columns: number, inputs = columns): number | undefined {
  if (columns === inputs) return undefined;
  const flat = table.pointShape.length === 1;
  if (flat && columns === inputs + 1) {
    const named = table.header?.findIndex((name) => /^(?:label|class|target|y)$/i.test(name)) ?? -1;
    return named >= 0 ? named : columns - 1;
  }
  const expected = flat ? `${inputs} values, or ${inputs + 1} with a label` : `${inputs} values`;
  throw new ShapeError(
    `each point has ${table.pointShape.join(" x ")} values, but the model has ${inputs} inputs: expected ${expected}`,
  );
}

/** The column, from 0, that the options name. */
function namedColumn(table: PointTable, columns: number, { label = "", inputs = columns - 1 }: DataSetOptions): number {
  const { header } = table;
  const named = header?.indexOf(label) ?? -1;
  const column = named >= 0 ? named : /^\d+$/.test(label) ? Number(label) - 1 : -1;
  if (!(column >= 0 && column < columns)) {
    const near = header && !/^\d+$/.test(label) && nearest(label, header);
    const known = header
      ? `the header names ${header.slice(0, 8).map(quote).join(", ")}`
      : `there are ${columns}, by their numbers from 1`;
    throw new ConfigError(`it has no column ${quote(label)}: ${near ? `did you mean ${quote(near)}?` : known}`);
  }
  if (inputs !== columns - 1)
    throw new ShapeError(
      `each row has ${columns - 1} values beside the column ${quote(label)}, but the model has ${inputs} inputs: give it ${columns - 1}`,
    );
  return column;
}

async function readLabels(source: ByteSource, rows: number, chosen: ArrayLike<number> | undefined): Promise<Float64Array> {
  const table = await pointTable(source);
  const labels = table.rows * elementCount(table.pointShape);
  if (labels !== rows) throw new ShapeError(`there are ${rows} points, but ${labels} labels`);
  return table.read({ rows: chosen }).values;
}
