import { basename } from "node:path";
import { type ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import { elementCount } from "../array-file.js";
import { bytesSource } from "../byte-source.js";
import type { ElementType } from "../element-type.js";
import { maxArrayValues, maxBytesHeld } from "../limits.js";
import { holdsRecording, recordedOrder } from "../model/recorded-tensors.js";
import { looksLikeSafetensors, readSafetensors } from "../model/safetensors.js";
import { looksLikeNpy, npyLayout, parseNpy } from "../npy.js";
import { type NamedArray, parseNpz } from "../npz.js";
import { looksLikeZip } from "../zip.js";
import { readFileBytes } from "./file-source.js";

/**
 * The arrays in an npz or safetensors file, or the one in an npy file under the file's name, told apart by content; those of a safetensors file in the order that `recordedOrder` says.
 *
 * `path -> arrays`, from files of at most 256 MiB. Throws `ConfigError` if there is no such file, `FormatError` for bytes in another format.
 */
export async function readArrays(path: string): Promise<NamedArray[]> {
  try {
    const bytes = await readFileBytes(path, { expected: "the path of an npz, npy or safetensors file", most: maxBytesHeld });
    if (looksLikeZip(bytes)) return await parseNpz(bytes);
    if (looksLikeNpy(bytes)) return [oneArray(path, bytes)];
    if (looksLikeSafetensors(bytes)) return tensorArrays(bytes);
    throw new FormatError(
      "it is neither an npz nor an npy file, as numpy.savez and numpy.save write them, nor a safetensors file",
    );
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`${quote(path)}: ${error.message}`, { cause: error });
  }
}

function tensorArrays(bytes: Uint8Array): NamedArray[] {
  const model = readSafetensors(bytesSource(bytes));
  if (!holdsRecording(model))
    throw new FormatError(
      "its tensors are no recorded activations: they have names of weights, or differ in the number of points on their first axis",
    );
  const { tensors } = model;
  const values = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (values > maxArrayValues) throw tooMany(values);
  const named = new Map(
    tensors.map(({ name, shape, type, values }) => [name, { name, shape, data: values(), type: type as ElementType }]),
  );
  return recordedOrder([...named.keys()], model.metadata).flatMap((name) => named.get(name) ?? []);
}

function tooMany(values: number): FormatError {
  return new FormatError(`it holds ${values} values, more than the ${maxArrayValues} that are kept in memory: save fewer points`);
}

function oneArray(path: string, bytes: Uint8Array): NamedArray {
  const values = elementCount(npyLayout(bytes).shape);
  if (values > maxArrayValues) throw tooMany(values);
  return { name: basename(path).replace(/\.npy$/, ""), ...parseNpy(bytes) };
}
