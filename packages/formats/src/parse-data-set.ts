import { bytesSource } from "./byte-source.js";
import type { DataSet, DataSetOptions } from "./data-set.js";
import { readPoints } from "./read-points.js";

/**
 * The data set in the bytes of a file: IDX, npy or CSV, told apart by content, each packed by gzip or not. Works in the browser.
 *
 * `bytes -> points [points, features]`. Throws `FormatError` for bytes that are none of these or hold a value that is not finite, `ShapeError` if
 * the points do not fit the model, `ConfigError` if the points would take more than 512 MiB.
 *
 * @example
 * const { points } = await parseDataSet(new TextEncoder().encode("1,2\n3,4"));
 * points.data[3] // 4
 */
export async function parseDataSet(
  bytes: Uint8Array,
  options: DataSetOptions & { readonly name?: string } = {},
): Promise<DataSet> {
  const name = options.name ?? "data";
  return { name, ...(await readPoints(bytesSource(bytes), options)), source: name };
}
