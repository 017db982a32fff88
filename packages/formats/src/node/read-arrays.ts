import { basename } from "node:path";
import { type ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { elementCount } from "../array-file.js";
import { maxArrayValues, maxBytesHeld } from "../limits.js";
import { looksLikeNpy, npyLayout, parseNpy } from "../npy.js";
import { type NamedArray, parseNpz } from "../npz.js";
import { looksLikeZip } from "../zip.js";
import { readFileBytes } from "./file-source.js";

/**
 * The arrays in an npz file, or the one in an npy file under the file's name, told apart by content.
 *
 * `path -> arrays`, from files of at most 256 MiB. Throws `ConfigError` if there is no such file, `FormatError` for bytes in another format.
 */
export async function readArrays(path: string): Promise<NamedArray[]> {
  try {
    const bytes = await readFileBytes(path, { expected: "the path of an npz or npy file", most: maxBytesHeld });
    if (looksLikeZip(bytes)) return await parseNpz(bytes);
    if (looksLikeNpy(bytes)) return [oneArray(path, bytes)];
    throw new FormatError("it is neither an npz nor an npy file, as numpy.savez and numpy.save write them");
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`${quote(path)}: ${error.message}`, { cause: error });
  }
}

function oneArray(path: string, bytes: Uint8Array): NamedArray {
  const values = elementCount(npyLayout(bytes).shape);
  if (values > maxArrayValues)
    throw new FormatError(
      `it holds ${values} values, more than the ${maxArrayValues} that are kept in memory: save fewer points`,
    );
  return { name: basename(path).replace(/\.npy$/, ""), ...parseNpy(bytes) };
}
