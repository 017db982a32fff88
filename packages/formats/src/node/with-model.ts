import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { type ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import type { ByteSource } from "../byte-source.js";
import { modelLimits } from "../model/limits.js";
import type { ModelFile } from "../model/model-file.js";
import { parseModel } from "../model/parse-model.js";
import { withFile } from "./file-source.js";

/**
 * Calls `use` with what a model file holds, and closes the file afterwards: values of tensors are read when they are asked for, so only until then. Files beside it (shards, external data) are opened if they lie in its folder, links followed, and nothing else is.
 *
 * Throws `ConfigError` if there is no such file, `FormatError` with one sentence for bytes that are no model.
 */
export async function withModel<Result>(path: string, use: (model: ModelFile) => Result | Promise<Result>): Promise<Result> {
  const opened: number[] = [];
  try {
    return await withFile(
      path,
      async (source) => use(await parseModel(source, { files: (name) => beside(path, name, opened) })),
      "a model file (.onnx, .safetensors, .pt, .keras, .h5 or model.json)",
    );
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`${quote(path)}: ${error.message}`, { cause: error });
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** A file in the model's folder. */
function beside(model: string, name: string, opened: number[]): ByteSource {
  const outside = () =>
    new FormatError(`it names the file ${quote(name)}, which is not in the model's folder, so it is not opened`);
  if (name === "" || name.includes("\0") || /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes(".."))
    throw outside();
  if (opened.length >= modelLimits.shards) throw new FormatError(`it is spread over more than ${modelLimits.shards} files`);
  const folder = realpathSync(dirname(model));
  let path: string;
  try {
    path = realpathSync(join(folder, name));
  } catch {
    throw new FormatError(`the file ${quote(name)} beside the model is missing: put it into the same folder`);
  }
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw outside();
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
  opened.push(descriptor);
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) throw new FormatError(`${quote(name)} beside the model is not a file`);
  return {
    size: stats.size,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const got = readSync(descriptor, bytes, done, length - done, offset + done);
        if (got === 0) throw new FormatError(`${quote(name)} beside the model is truncated`);
        done += got;
      }
      return bytes;
    },
  };
}
