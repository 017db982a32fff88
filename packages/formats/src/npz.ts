import { FormatError, quote, SondeError } from "@sonde/core";
import type { NdArray } from "./array-file.js";
import { parseNpy } from "./npy.js";
import { unzip } from "./zip.js";

/** An array under the name that it has in its file. */
export interface NamedArray extends NdArray {
  readonly name: string;
}

/**
 * The arrays in an npz file, in its order, as `numpy.savez` and `numpy.savez_compressed` write them: a zip archive of npy files, whose names lose the ending `.npy`.
 *
 * `bytes -> arrays`, 256 MiB of them at most. Throws `FormatError` for bytes that are no such archive, are damaged, or hold anything but arrays of numbers (see `parseNpy`).
 *
 * Source: NumPy reference, `numpy.savez`.
 */
export async function parseNpz(bytes: Uint8Array): Promise<NamedArray[]> {
  const names = new Set<string>();
  return (await unzip(bytes)).map((entry) => {
    if (!entry.name.endsWith(".npy"))
      throw new FormatError(`the archive holds ${quote(entry.name)}, and an npz file only arrays NAME.npy`);
    const name = entry.name.slice(0, -4);
    if (names.has(name)) throw new FormatError(`the archive holds ${quote(name)} twice: save it again`);
    names.add(name);
    try {
      return { name, ...parseNpy(entry.bytes) };
    } catch (error) {
      throw error instanceof SondeError ? new FormatError(`${quote(name)}: ${error.message}`, { cause: error }) : error;
    }
  });
}
