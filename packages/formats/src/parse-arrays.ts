import { FormatError } from "@sonde/core";
import { elementCount } from "./array-file.js";
import { bytesSource } from "./byte-source.js";
import type { ElementType } from "./element-type.js";
import { maxArrayValues } from "./limits.js";
import { holdsRecording, recordedOrder } from "./model/recorded-tensors.js";
import { looksLikeSafetensors, readSafetensors } from "./model/safetensors.js";
import { looksLikeNpy, npyLayout, parseNpy } from "./npy.js";
import { type NamedArray, parseNpz } from "./npz.js";
import { looksLikeZip } from "./zip.js";

/**
 * The arrays in the bytes of an npz or safetensors file, or the one of an npy file under the file's `name`, told apart by content; those of a safetensors file in the order that `recordedOrder` says. Works in the browser.
 *
 * Throws `FormatError` for bytes in another format, and for a safetensors file of weights.
 *
 * @example
 * const [{ shape }] = await parseArrays(writeNpy({ shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }), "fc1.npy");
 * shape // [2, 2]
 */
export async function parseArrays(bytes: Uint8Array, name: string): Promise<NamedArray[]> {
  if (looksLikeZip(bytes)) return await parseNpz(bytes);
  if (looksLikeNpy(bytes)) return [oneArray(name, bytes)];
  if (looksLikeSafetensors(bytes)) return tensorArrays(bytes);
  throw new FormatError("it is neither an npz nor an npy file, as numpy.savez and numpy.save write them, nor a safetensors file");
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

function oneArray(name: string, bytes: Uint8Array): NamedArray {
  const values = elementCount(npyLayout(bytes).shape);
  if (values > maxArrayValues) throw tooMany(values);
  return { name: name.replace(/\.npy$/, ""), ...parseNpy(bytes) };
}
