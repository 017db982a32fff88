import { FormatError, quote, SondeError } from "@sonde/core";
import { elementCount, type NdArray } from "./array-file.js";
import { maxArrayValues } from "./limits.js";
import { npyLayout, parseNpy } from "./npy.js";
import { unzip } from "./zip.js";

/** An array under the name that it has in its file. */
export interface NamedArray extends NdArray {
  readonly name: string;
}

/**
 * The arrays in an npz file, in its order, as `numpy.savez` and `numpy.savez_compressed` write them: a zip archive of npy files, whose names lose the ending `.npy`.
 *
 * `bytes -> arrays`, 256 MiB and 2^26 values of them at most, in 10 000 arrays. Throws `FormatError` for bytes that are no such archive, are damaged, or hold anything but arrays of numbers (see `parseNpy`).
 *
 * Source: NumPy reference, `numpy.savez`.
 */
export async function parseNpz(bytes: Uint8Array): Promise<NamedArray[]> {
  const arrays = new Map<string, NamedArray>();
  let room = maxArrayValues;
  for await (const entry of unzip(bytes)) {
    if (!entry.name.endsWith(".npy"))
      throw new FormatError(`the archive holds ${quote(entry.name)}, and an npz file only arrays NAME.npy`);
    const name = entry.name.slice(0, -4);
    if (arrays.has(name)) throw new FormatError(`the archive holds ${quote(name)} twice: save it again`);
    arrays.set(name, withName(name, entry.bytes, room));
    room -= arrays.get(name)?.data.length ?? 0;
  }
  return [...arrays.values()];
}

function withName(name: string, bytes: Uint8Array, room: number): NamedArray {
  try {
    if (elementCount(npyLayout(bytes).shape) > room)
      throw new FormatError(
        `the arrays up to this one hold more than ${maxArrayValues} values, the most that are kept in memory: save fewer points`,
      );
    return { name, ...parseNpy(bytes) };
  } catch (error) {
    throw error instanceof SondeError ? new FormatError(`${quote(name)}: ${error.message}`, { cause: error }) : error;
  }
}
