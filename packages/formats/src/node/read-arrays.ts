import { basename } from "node:path";
import { type ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { byteCount, maxBytesHeld } from "../limits.js";
import { looksLikeNpy, parseNpy } from "../npy.js";
import { type NamedArray, parseNpz } from "../npz.js";
import { looksLikeZip } from "../zip.js";
import { withFile } from "./file-source.js";

/**
 * The arrays in an npz file, or the one in an npy file under the file's name, told apart by content.
 *
 * `path -> arrays`, from files of at most 256 MiB. Throws `ConfigError` if there is no such file, `FormatError` for bytes in another format.
 */
export async function readArrays(path: string): Promise<NamedArray[]> {
  try {
    return await withFile(
      path,
      async ({ size, read }) => {
        if (size > maxBytesHeld)
          throw new FormatError(
            `it has ${byteCount(size)}, more than the ${byteCount(maxBytesHeld)} that are read: save fewer points`,
          );
        const bytes = read(0, size);
        if (looksLikeZip(bytes)) return await parseNpz(bytes);
        if (looksLikeNpy(bytes)) return [{ name: basename(path).replace(/\.npy$/, ""), ...parseNpy(bytes) }];
        throw new FormatError("it is neither an npz nor an npy file, as numpy.savez and numpy.save write them");
      },
      "the path of an npz or npy file",
    );
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`${quote(path)}: ${error.message}`, { cause: error });
  }
}
