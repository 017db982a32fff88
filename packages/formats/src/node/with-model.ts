import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { type ConfigError, FormatError, quote, SondeError } from "@sonde/core";
import type { ByteSource } from "../byte-source.js";
import { modelLimits } from "../model/limits.js";
import type { ModelFile } from "../model/model-file.js";
import { externalFiles } from "../model/onnx/external-files.js";
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
    return await named(path, () =>
      withFile(
        path,
        async (source) => use(await parseModel(source, { files: (name) => beside(path, name, opened) })),
        "a model file (.onnx, .safetensors, .pt, .keras, .h5 or model.json)",
      ),
    );
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/**
 * An ONNX file and those beside it that it names, as a program that opens them itself must be told of them: links followed, and all in the model's folder.
 *
 * Throws `ConfigError` or `FormatError` with one sentence where one of them is not there, is elsewhere or is no file.
 */
export function onnxFiles(path: string): Promise<{
  readonly path: string;
  readonly beside: readonly { readonly name: string; readonly path: string }[];
}> {
  return named(path, () =>
    withFile(
      path,
      (source) => ({
        path: realpathSync(path),
        beside: externalFiles(source).map((name) => {
          const opened: number[] = [];
          try {
            beside(path, name, opened);
            return { name, path: besidePath(path, name) };
          } finally {
            for (const descriptor of opened) closeSync(descriptor);
          }
        }),
      }),
      "an ONNX file",
    ),
  );
}

/** What is wrong is said with the name of the file. */
async function named<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SondeError)) throw error;
    const SameError = error.constructor as typeof ConfigError;
    throw new SameError(`${quote(path)}: ${error.message}`, { cause: error });
  }
}

/** Where a file in the model's folder is, links followed. Throws `FormatError` where it is elsewhere, or is not there. */
function besidePath(model: string, name: string): string {
  const outside = () =>
    new FormatError(`it names the file ${quote(name)}, which is not in the model's folder, so it is not opened`);
  if (name === "" || name.includes("\0") || /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes(".."))
    throw outside();
  const folder = realpathSync(dirname(model));
  let path: string;
  try {
    path = realpathSync(join(folder, name));
  } catch {
    throw new FormatError(`the file ${quote(name)} beside the model is missing: put it into the same folder`);
  }
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw outside();
  return path;
}

/** A file in the model's folder. */
function beside(model: string, name: string, opened: number[]): ByteSource {
  const path = besidePath(model, name);
  if (opened.length >= modelLimits.shards) throw new FormatError(`it is spread over more than ${modelLimits.shards} files`);
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
