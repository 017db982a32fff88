import { basename } from "node:path";
import { type ConfigError, quote, SondeError } from "@sonde/core";
import { maxBytesHeld } from "../limits.js";
import type { NamedArray } from "../npz.js";
import { parseArrays } from "../parse-arrays.js";
import { readFileBytes } from "./file-source.js";

/**
 * The arrays in an npz or safetensors file, or the one in an npy file under the file's name, told apart by content; those of a safetensors file in the order that `recordedOrder` says.
 *
 * `path -> arrays`, from files of at most 256 MiB. Throws `ConfigError` if there is no such file, `FormatError` for bytes in another format.
 */
export async function readArrays(path: string): Promise<NamedArray[]> {
  try {
    const bytes = await readFileBytes(path, { expected: "the path of an npz, npy or safetensors file", most: maxBytesHeld });
    return await parseArrays(bytes, basename(path));
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`${quote(path)}: ${error.message}`, { cause: error });
  }
}
