import { parseDataSet } from "@sonde/formats";
import type { OwnData } from "../engine/protocol.js";

/** Bytes of a file that a page takes. */
const most = 64 * 2 ** 20;

/** A visitor's file as data for the engine: every column an input, unless the header names one label, class, target or y. */
export async function readOwnData(file: Pick<File, "name" | "size" | "arrayBuffer">): Promise<OwnData> {
  if (file.size > most)
    throw new RangeError(
      `${file.name} has ${Math.round(file.size / 2 ** 20)} MiB, more than the 64 that this page takes: use sonde check --data`,
    );
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { points } = await parseDataSet(bytes, { name: file.name, points: 4 });
  const labelled = /^[^\n]*\b(label|class|target|y)\b/i.test(new TextDecoder().decode(bytes.subarray(0, 4096)).split("\n")[0]);
  return { name: file.name, bytes, columns: points.cols - (labelled && points.cols > 1 ? 1 : 0) };
}
